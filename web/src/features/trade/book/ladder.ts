/** Levels of a book put together in steps, with their running sum. Pure. */
import type { Level } from '@/data/book';
import { ceilTo, decimalsOf, floorTo, fromUnits } from '@/lib/decimal';

export type BookSide = 'bid' | 'ask';

export interface Rung {
  readonly price: bigint;
  readonly quantity: bigint;
  /** Of this level and all better ones. */
  readonly sum: bigint;
}

/** Return the step's price of a level: bids go down, asks up, so that no level looks better. */
export function groupedPrice(price: bigint, side: BookSide, step: bigint): bigint {
  return side === 'bid' ? floorTo(price, step) : ceilTo(price, step);
}

/** Return the best `count` steps of one side, best first. `levels` come best first too. */
export function ladder(
  levels: readonly Level[],
  side: BookSide,
  step: bigint,
  count: number,
): readonly Rung[] {
  const rungs: { price: bigint; quantity: bigint; sum: bigint }[] = [];
  let sum = 0n;
  for (const level of levels) {
    const price = groupedPrice(level.price, side, step);
    const last = rungs.at(-1);
    const isSame = last !== undefined && last.price === price;
    if (!isSame && rungs.length === count) break;
    sum += level.quantity;
    if (isSame) {
      last.quantity += level.quantity;
      last.sum = sum;
    } else {
      rungs.push({ price, quantity: level.quantity, sum });
    }
  }
  return rungs;
}

/** Return the grouping steps of a market, in units of its price scale: the tick × 1 to 1000. */
export function groupingSteps(tick: bigint): readonly bigint[] {
  return [1n, 10n, 100n, 1000n].map((factor) => tick * factor);
}

/** Return how many decimals prices of a step need. */
export function stepDecimals(step: bigint, priceScale: number): number {
  return decimalsOf(fromUnits(step, priceScale));
}

/** Return a rung's share of the deepest sum on screen, in percent with one decimal. */
export function barWidth(sum: bigint, deepest: bigint): string {
  if (deepest === 0n) return '0%';
  const tenths = (sum * 1000n) / deepest;
  return `${tenths / 10n}.${tenths % 10n}%`;
}
