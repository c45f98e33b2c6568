import { usePaintedFigure } from '@/data/painted';
import type { Decimal } from '@/data/types';
import { compare } from '@/lib/decimal';
import { useRoom } from './market-context';
import { useTicker } from './use-markets';

export interface LastPrice {
  readonly price: Decimal | null;
  /** Which way the last trade went, against the one before at another price. */
  readonly way: 'up' | 'down' | 'flat';
}

/** Return the last price: of the live tape, or of the ticker while there is no tape yet. */
export function useLastPrice(): LastPrice {
  const { market, tape } = useRoom();
  const ticker = useTicker(market.symbol);
  const live = usePaintedFigure(tape, (loadable) =>
    loadable.state === 'ready' ? (loadable.value[0]?.price ?? null) : null,
  );
  const way = usePaintedFigure(tape, (loadable) => {
    if (loadable.state !== 'ready') return 'flat';
    const last = loadable.value[0];
    const before = loadable.value.find((trade) => trade.price !== last?.price);
    if (last === undefined || before === undefined) return 'flat';
    return compare(last.price, before.price) > 0 ? 'up' : 'down';
  });
  return { price: live ?? ticker?.last ?? null, way };
}
