import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { AccountFeed, type AccountView } from '@/data/account-feed';
import { LOADING, type Loadable } from '@/data/loadable';
import { Painted, usePainted } from '@/data/painted';
import type { Balance } from '@/data/types';
import { useSession } from '@/data/use-session';
import { watchOrders } from './order-news';

const AccountContext = createContext<AccountFeed | null>(null);
const NOBODY = new Painted<Loadable<AccountView>>(() => LOADING, 0);

/** Keeps the private stream open while someone is logged in. */
export function AccountProvider({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  const account = session.state === 'in' ? session.accountId : null;
  const [feed, setFeed] = useState<AccountFeed | null>(null);

  useEffect(() => {
    if (account === null) return;
    const opened = new AccountFeed();
    const stopNews = watchOrders(opened);
    setFeed(opened);
    return () => {
      stopNews();
      opened.close();
      setFeed(null);
    };
  }, [account]);

  return <AccountContext value={feed}>{children}</AccountContext>;
}

export function useAccountFeed(): AccountFeed | null {
  return useContext(AccountContext);
}

/** Return the account as its stream tells it; loading while nobody is logged in. */
export function useAccount(): Loadable<AccountView> {
  return usePainted(useAccountFeed()?.view ?? NOBODY);
}

/** Return one asset's balance; an account that never had the asset has none of it. */
export function balanceOf(view: AccountView, asset: string): Balance {
  return view.balances.get(asset) ?? { asset, available: '0', hold: '0', total: '0' };
}
