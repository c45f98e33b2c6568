import { useQuery } from '@tanstack/react-query';
import * as api from '@/data/api';
import { fromQuery, type Loadable } from '@/data/loadable';
import type { Market, Ticker } from '@/data/types';

const TICKERS_MS = 5_000;
const MARKETS_MS = 30_000;

/** Return all markets; their status is asked for again now and then. */
export function useMarkets(): Loadable<readonly Market[]> {
  return fromQuery(
    useQuery({
      queryKey: ['markets'],
      queryFn: ({ signal }) => api.listMarkets(signal),
      refetchInterval: MARKETS_MS,
    }),
  );
}

export function useTickers(): Loadable<readonly Ticker[]> {
  return fromQuery(
    useQuery({
      queryKey: ['tickers'],
      queryFn: ({ signal }) => api.listTickers(signal),
      refetchInterval: TICKERS_MS,
    }),
  );
}

/** Return one market's ticker, or null while it is not known. */
export function useTicker(symbol: string): Ticker | null {
  const tickers = useTickers();
  if (tickers.state !== 'ready') return null;
  return tickers.value.find((ticker) => ticker.symbol === symbol) ?? null;
}
