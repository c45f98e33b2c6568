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

function firstOf({ price, quantity }: Trade, openTime: number): Candle {
  return { openTime, open: price, high: price, low: price, close: price, volume: quantity };
}
