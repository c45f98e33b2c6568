/** Candles of one market and interval, as they grow: history from REST, the last from the tape. */
import type { Candle, Trade } from '@/data/types';
import { compare, sum } from '@/lib/decimal';

/** Return the start of the interval in which `time` falls; days begin at 00:00 UTC. */
export function openTimeOf(time: number, intervalMs: number): number {
  return Math.floor(time / intervalMs) * intervalMs;
}

/** Return both lists as one, oldest first; of two candles of one time the fresh one stands. */
export function mergeCandles(
  known: readonly Candle[],
  fresh: readonly Candle[],
): readonly Candle[] {
  const byTime = new Map(known.map((candle) => [candle.openTime, candle]));
  for (const candle of fresh) byTime.set(candle.openTime, candle);
  return [...byTime.values()].sort((a, b) => a.openTime - b.openTime);
}

/** Return the candles with a live trade in its candle; older ones than the last are not touched. */
export function foldTrade(
  candles: readonly Candle[],
  trade: Trade,
  intervalMs: number,
): readonly Candle[] {
  const openTime = openTimeOf(trade.time, intervalMs);
  const last = candles.at(-1);
  if (last !== undefined && openTime < last.openTime) return candles;
  if (last === undefined || openTime > last.openTime) return [...candles, firstOf(trade, openTime)];
  const { price, quantity } = trade;
  const grown: Candle = {
    ...last,
    high: compare(price, last.high) > 0 ? price : last.high,
    low: compare(price, last.low) < 0 ? price : last.low,
    close: price,
    volume: sum(last.volume, quantity),
  };
  return [...candles.slice(0, -1), grown];
}

/** A silence of more intervals than this is drawn as a gap: nobody pans through it bar by bar. */
const FILLED_MAX = 1_000;

/** Return the candles with flat ones where nothing traded, so that time runs evenly. */
export function withoutGaps(candles: readonly Candle[], intervalMs: number): readonly Candle[] {
  return candles.flatMap((candle, index) => {
    const before = candles[index - 1];
    const missing = before && (candle.openTime - before.openTime) / intervalMs - 1;
    if (before === undefined || missing === undefined || missing < 1 || missing > FILLED_MAX) {
      return [candle];
    }
    const flat = Array.from({ length: missing }, (_, step) =>
      flatAfter(before, before.openTime + (step + 1) * intervalMs),
    );
    return [...flat, candle];
  });
}

/** Return whether two candles would be drawn alike. */
export function isSameCandle(a: Candle | undefined, b: Candle | undefined): boolean {
  return (
    a?.openTime === b?.openTime &&
    a?.close === b?.close &&
    a?.high === b?.high &&
    a?.low === b?.low &&
    a?.volume === b?.volume
  );
}

function flatAfter({ close }: Candle, openTime: number): Candle {
  return { openTime, open: close, high: close, low: close, close, volume: '0' };
}

function firstOf({ price, quantity }: Trade, openTime: number): Candle {
  return { openTime, open: price, high: price, low: price, close: price, volume: quantity };
}
