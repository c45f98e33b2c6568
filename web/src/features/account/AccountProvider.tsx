import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { AccountFeed, type AccountView } from '@/data/account-feed';
import { LOADING, type Loadable } from '@/data/loadable';
import { Painted, usePainted } from '@/data/painted';
import type { Balance, Market } from '@/data/types';
import { useSession } from '@/data/use-session';
import { watchOrders } from './order-news';

const AccountContext = createContext<AccountFeed | null>(null);
const NOBODY = new Painted<Loadable<AccountView>>(() => LOADING, 0);

/** Keeps the private stream open while someone is logged in. */
export function AccountProvider({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  const account = session.state === 'in' ? session.accountId : null;
  const [feed, setFeed] = useState<AccountFeed | null>(null);
  const queries = useQueryClient();

  useEffect(() => {
    if (account === null) return;
    const opened = new AccountFeed();
    const stopNews = watchOrders(opened, (symbol) =>
      pairOf(queries.getQueryData(['markets']), symbol),
    );
    setFeed(opened);
    return () => {
      stopNews();
      opened.close();
      setFeed(null);
    };
  }, [account, queries]);

  return <AccountContext value={feed}>{children}</AccountContext>;
}

function pairOf(markets: readonly Market[] | undefined, symbol: string): string {
  const market = markets?.find((each) => each.symbol === symbol);
  return market === undefined ? symbol : `${market.base}/${market.quote}`;
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
