import { Map as MapIcon } from 'lucide-react';
import { Link } from 'react-router';
import { Blank } from '@/ui/states';
import { TopBar } from './TopBar';

export function NotFound() {
  return (
    <>
      <TopBar />
      <main className="page">
        <Blank icon={MapIcon} title="There is no page at this address" text="It may have moved.">
          <Link className="btn" to="/trade">
            Go to the market
          </Link>
        </Blank>
      </main>
    </>
  );
}
