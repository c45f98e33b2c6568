import { TriangleAlert } from 'lucide-react';
import { usePainted } from '@/data/painted';
import { clock } from '@/lib/times';
import { useRoom } from './market-context';

/** Says that prices are old, since when, and that something is being done about it. */
export function LinkBanner() {
  const { link } = useRoom();
  const { state, tries, heardAt } = usePainted(link);
  // The first try that fails is worth a word; the one that is still under way is not.
  if (state === 'live' || (state === 'connecting' && tries === 0)) return null;
  const since = heardAt === 0 ? null : clock(heardAt);
  return (
    <div className="banner" role="status" data-testid="conn-banner">
      <TriangleAlert className="i" aria-hidden="true" />
      <span>
        <b className="b6">
          {since === null ? 'The exchange cannot be reached.' : `No data since ${since} UTC.`}
        </b>{' '}
        {since !== null && 'Prices below are from then. '}
        {state === 'reconnecting'
          ? `Reconnecting, try ${Math.max(1, tries)}.`
          : 'Waiting for the line.'}
      </span>
    </div>
  );
}
