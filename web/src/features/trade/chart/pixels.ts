/**
 * The last functions before pixels: here, and nowhere else, a decimal becomes a number.
 * What they return is drawn, never sent, added up or shown as an amount.
 */
import type { CandlestickData, HistogramData, LineData, UTCTimestamp } from 'lightweight-charts';
import type { Candle, Decimal } from '@/data/types';

export function toPixelNumber(decimal: Decimal): number {
  return Number(decimal);
}

export function toChartTime(ms: number): UTCTimestamp {
  return (ms / 1000) as UTCTimestamp;
}

export function toBar({ openTime, open, high, low, close }: Candle): CandlestickData<UTCTimestamp> {
  return {
    time: toChartTime(openTime),
    open: toPixelNumber(open),
    high: toPixelNumber(high),
    low: toPixelNumber(low),
    close: toPixelNumber(close),
  };
}

export function toVolume(
  { openTime, open, close, volume }: Candle,
  colors: { readonly up: string; readonly down: string },
): HistogramData<UTCTimestamp> {
  const rose = toPixelNumber(close) >= toPixelNumber(open);
  return {
    time: toChartTime(openTime),
    value: toPixelNumber(volume),
    color: rose ? colors.up : colors.down,
  };
}

export const SIMPLE_LENGTH = 20;
export const EXPONENTIAL_LENGTH = 50;

/** Return the simple average of the last `SIMPLE_LENGTH` closes, where there are so many. */
export function simpleAverage(candles: readonly Candle[]): LineData<UTCTimestamp>[] {
  const closes = candles.map((candle) => toPixelNumber(candle.close));
  let total = 0;
  return candles.flatMap(({ openTime }, index) => {
    total += (closes[index] ?? 0) - (closes[index - SIMPLE_LENGTH] ?? 0);
    if (index < SIMPLE_LENGTH - 1) return [];
    return [{ time: toChartTime(openTime), value: total / SIMPLE_LENGTH }];
  });
}

/** Return the exponential average of the closes; it is shown once it forgot where it began. */
export function exponentialAverage(candles: readonly Candle[]): LineData<UTCTimestamp>[] {
  const weight = 2 / (EXPONENTIAL_LENGTH + 1);
  let average: number | null = null;
  return candles.flatMap(({ openTime, close }, index) => {
    const value = toPixelNumber(close);
    average = average === null ? value : value * weight + average * (1 - weight);
    if (index < EXPONENTIAL_LENGTH - 1) return [];
    return [{ time: toChartTime(openTime), value: average }];
  });
}
