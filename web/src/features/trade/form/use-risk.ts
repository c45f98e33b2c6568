import { usePaintedFigure } from '@/data/painted';
import type { Decimal, Market } from '@/data/types';
import { compare } from '@/lib/decimal';
import { grouped, readTyped } from '@/lib/numbers';
import { useDraft } from '../draft-store';
import { type MarketRoom, useRoom } from '../market-context';
import { useTicker } from '../use-markets';
import type { Draft } from './draft';
import { awayFrom, isFar, SLIPPAGE_PERCENT, sweep } from './far';

export interface Risk {
  /** The last price, at the pace of the ticker: the form does not follow every trade. */
  readonly lastPrice: Decimal | null;
  /** Words about a price far from the market; null where it is near. */
  readonly farText: string | null;
  /** Read now, at the moment of the click, whatever deserves a second look. */
  readonly read: () => string | null;
}

/** Return what deserves a second look in the order that is being written. */
export function useRisk(): Risk {
  const room = useRoom();
  const draft = useDraft(room.market);
  const ticker = useTicker(room.market.symbol);
  const isStale = usePaintedFigure(room.link, (link) => link.state !== 'live');
  const lastPrice = ticker?.last ?? null;
  const farText = farTextOf(draft, lastPrice);
  return {
    lastPrice,
    farText,
    read: () => {
      if (isStale) return 'Prices may be old: the connection is lost.';
      return farText ?? slippageText(draft, room);
    },
  };
}

function farTextOf(draft: Draft, last: Decimal | null): string | null {
  const price = draft.type === 'limit' ? readTyped(draft.price) : null;
  if (price === null || /^0*(\.0*)?$/.test(price)) return null;
  const away = awayFrom(price, last);
  if (away === null || !isFar(away)) return null;
  const way = away.startsWith('-') ? 'below' : 'above';
  return `${away.replace('-', '')}% ${way} the last price.`;
}

function slippageText(draft: Draft, { book, market }: MarketRoom): string | null {
  const loadable = book.get();
  const size = readTyped(draft.basis === 'amount' ? draft.amount : draft.total);
  if (draft.type !== 'market' || loadable.state !== 'ready' || size === null) return null;
  const { side, basis } = draft;
  const met = sweep(loadable.value, { side, basis, size }, market);
  return met === null
    ? 'Nobody is on the other side now; it would end unfilled.'
    : slippageWords(met.slippage, met.average, market);
}

function slippageWords(slippage: Decimal | null, average: Decimal, market: Market): string | null {
  const distance = slippage?.replace('-', '') ?? '0';
  if (compare(distance, SLIPPAGE_PERCENT) <= 0) return null;
  return `It would fill at ${grouped(average)} ${market.quote} on average, ${distance}% from the best price.`;
}
