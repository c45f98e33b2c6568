import { useDeferredValue } from 'react';
import { useAccount } from '@/features/account/AccountProvider';

/** Return a number that grows when an order ended or filled: then history is read again. */
export function useHistoryVersion(): number {
  const account = useAccount();
  return useDeferredValue(account.state === 'ready' ? account.value.historyVersion : 0);
}
