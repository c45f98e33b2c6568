import { useQuery } from '@tanstack/react-query';
import * as api from '@/data/api';
import type { Decimal } from '@/data/types';
import { atLeast, shorten } from '@/lib/decimal';

/**
 * Return how amounts of an asset are shown: with its display decimals, and with more only where
 * they are not zero, for no part of a balance is ever hidden.
 */
export function useAmounts(): (asset: string) => (amount: Decimal) => Decimal {
  const { data } = useQuery({
    queryKey: ['assets'],
    queryFn: ({ signal }) => api.listAssets(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (asset) => {
    const decimals = data?.find(({ code }) => code === asset)?.displayScale ?? 2;
    return (amount) => atLeast(shorten(amount), decimals);
  };
}
