/** How far an order's price is from the market, and what a market order would meet there. */
import type { BookView } from '@/data/book';
import type { Decimal, Market, Side } from '@/data/types';
import { compare, fromUnits, percentChange, toUnits } from '@/lib/decimal';

/** Beyond this, in percent, a price is questioned before the order is sent. */
export const FAR_PERCENT = '5';
/** Beyond this, in percent of the best price, a market order's average is questioned. */
export const SLIPPAGE_PERCENT = '1';

/** Return whether a limit order at `price` would match what stands on the other side now. */
export function wouldTake(side: Side, price: Decimal, best: Decimal | null): boolean {
  if (best === null) return false;
  return side === 'buy' ? compare(price, best) >= 0 : compare(price, best) <= 0;
}

/** Return how far `price` is from `last`, in percent with its sign, or null if nobody knows. */
export function awayFrom(price: Decimal, last: Decimal | null): Decimal | null {
  return last === null ? null : percentChange(price, last);
}

/** Return whether the price is worse than the market by more than `FAR_PERCENT`. */
export function isFar(away: Decimal | null): boolean {
  return away !== null && compare(away.replace('-', ''), FAR_PERCENT) > 0;
}

export interface Sweep {
  /** What would be got or given of the base. */
  readonly amount: Decimal;
  readonly total: Decimal;
  readonly average: Decimal;
  /** Distance of the average from the best price, in percent. */
  readonly slippage: Decimal | null;
  /** Whether the book that is known covers the whole order. */
  readonly isCovered: boolean;
}

export interface Wish {
  readonly side: Side;
  readonly basis: 'amount' | 'total';
  readonly size: Decimal;
}

/** Return what a market order would get from the book as it is now, or null if it is empty. */
export function sweep(book: BookView, wish: Wish, market: Market): Sweep | null {
  const levels = wish.side === 'buy' ? book.asks : book.bids;
  const best = levels[0];
  const { priceScale, quantityScale } = market;
  const scale = priceScale + quantityScale;
  const isByTotal = wish.basis === 'total';
  let rest = toUnits(wish.size, isByTotal ? Math.max(scale, market.quoteScale) : quantityScale);
  if (best === undefined || rest === null) return null;
  if (isByTotal) rest /= 10n ** BigInt(Math.max(0, market.quoteScale - scale));
  let [lots, money] = [0n, 0n];
  for (const { price, quantity } of levels) {
    if (rest <= 0n) break;
    const wanted: bigint = isByTotal ? rest / price : rest;
    const taken: bigint = wanted < quantity ? wanted : quantity;
    lots += taken;
    money += taken * price;
    rest = taken < quantity ? 0n : rest - (isByTotal ? taken * price : taken);
  }
  if (lots === 0n) return null;
  const average = fromUnits(money / lots, priceScale);
  const bestPrice = fromUnits(best.price, priceScale);
  return {
    amount: fromUnits(lots, quantityScale),
    total: fromUnits(money, scale),
    average,
    slippage: percentChange(average, bestPrice),
    isCovered: rest <= 0n,
  };
}
