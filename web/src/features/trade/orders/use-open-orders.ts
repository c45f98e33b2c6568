import { useMemo } from 'react';
import type { Order } from '@/data/types';
import { useAccount } from '@/features/account/AccountProvider';
import { useRoom } from '../market-context';
import { usePrefs } from '../prefs';

/** Return the open orders that the panel shows, newest first. */
export function useOpenOrders(): readonly Order[] {
  const { market } = useRoom();
  const account = useAccount();
  const isFiltered = usePrefs((prefs) => prefs.thisMarketOnly);
  const orders = account.state === 'ready' ? account.value.openOrders : null;
  return useMemo(
    () => (orders ?? []).filter((order) => !isFiltered || order.symbol === market.symbol),
    [orders, isFiltered, market],
  );
}
