import { LogOut, Moon, Sun } from 'lucide-react';
import { Link, NavLink, useLocation } from 'react-router';
import { endSession } from '@/data/session';
import { useSession } from '@/data/use-session';
import { AccountButton } from '@/features/account/AccountButton';
import { Mark, Wordmark } from '@/ui/Brand';
import { shownTheme, useLook } from '@/ui/look';
import { useMedia } from '@/ui/use-media';

export function TopBar() {
  return (
    <header className="top">
      <Link className="brand" to="/trade" aria-label="Bezant, to the market">
        <Mark size={22} />
        <span className="hide-m">
          <Wordmark />
        </span>
      </Link>
      <nav aria-label="Main">
        <NavLink to="/trade">Trade</NavLink>
        <a href="/docs">API</a>
      </nav>
      <span className="grow" />
      <ThemeButton />
      <Who />
    </header>
  );
}

/** Switches dark and light; back at what the system has, it follows the system again. */
function ThemeButton() {
  const theme = useLook((look) => look.theme);
  const systemIsLight = useMedia('(prefers-color-scheme: light)');
  const next = shownTheme(theme) === 'dark' ? 'light' : 'dark';
  const Icon = next === 'light' ? Sun : Moon;
  return (
    <button
      type="button"
      className="ib"
      aria-label={`Use the ${next} theme`}
      title={`Use the ${next} theme`}
      onClick={() =>
        useLook.setState({ theme: (next === 'light') === systemIsLight ? 'system' : next })
      }
    >
      <Icon className="i" />
    </button>
  );
}

function Who() {
  const session = useSession();
  const { pathname } = useLocation();
  if (session.state === 'out') {
    const from = pathname.startsWith('/trade/') ? { from: pathname } : null;
    return (
      <span className="g4">
        <Link className="btn quiet s" to="/login" state={from}>
          Log in
        </Link>
        <Link className="btn pri s" to="/register" state={from}>
          Open account
        </Link>
      </span>
    );
  }
  return (
    <span className="g4" style={{ alignItems: 'center' }}>
      <AccountButton email={session.email} />
      <button type="button" className="btn quiet s" onClick={() => endSession()}>
        <LogOut className="i i14" aria-hidden="true" />
        Log out
      </button>
    </span>
  );
}
