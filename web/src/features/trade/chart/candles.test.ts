import { describe, expect, it } from 'vitest';
import type { Candle, Trade } from '@/data/types';
import { foldTrade, isSameCandle, mergeCandles, openTimeOf, withoutGaps } from './candles';

const MINUTE = 60_000;

function candle(openTime: number, close: string, volume = '1'): Candle {
  return { openTime, open: '100', high: '110', low: '90', close, volume };
}

function trade(time: number, price: string, quantity = '0.1'): Trade {
  return { id: `${time}`, price, quantity, side: 'buy', time };
}

describe('candles as they grow', () => {
  it('opens candles at whole intervals', () => {
    expect(openTimeOf(119_999, MINUTE)).toBe(60_000);
    expect(openTimeOf(120_000, MINUTE)).toBe(120_000);
  });

  it('puts a trade into the last candle', () => {
    const [only] = foldTrade([candle(60_000, '100', '0.2')], trade(90_000, '111.5'), MINUTE);
    expect(only).toEqual({
      openTime: 60_000,
      open: '100',
      high: '111.5',
      low: '90',
      close: '111.5',
      volume: '0.3',
    });
  });

  it('compares prices as decimals, not as text', () => {
    const [only] = foldTrade([candle(60_000, '100')], trade(90_000, '9.5'), MINUTE);
    expect(only?.low).toBe('9.5');
    expect(only?.high).toBe('110');
  });

  it('opens a candle when the interval is over, also after a silence', () => {
    const grown = foldTrade([candle(60_000, '100')], trade(241_000, '101'), MINUTE);
    expect(grown).toHaveLength(2);
    expect(grown[1]).toMatchObject({ openTime: 240_000, open: '101', volume: '0.1' });
    expect(foldTrade([], trade(61_000, '5'), MINUTE)).toHaveLength(1);
  });

  it('leaves candles alone that are over', () => {
    const known = [candle(60_000, '100'), candle(120_000, '100')];
    expect(foldTrade(known, trade(90_000, '1'), MINUTE)).toBe(known);
  });

  it('draws silence flat, at the last close', () => {
    const filled = withoutGaps([candle(60_000, '101'), candle(240_000, '99')], MINUTE);
    expect(filled.map(({ openTime, open, volume }) => [openTime, open, volume])).toEqual([
      [60_000, '100', '1'],
      [120_000, '101', '0'],
      [180_000, '101', '0'],
      [240_000, '100', '1'],
    ]);
    const far = [candle(0, '1'), candle(MINUTE * 5_000, '1')];
    expect(withoutGaps(far, MINUTE)).toEqual(far);
  });

  it('knows candles that are drawn alike', () => {
    expect(isSameCandle(candle(1, '2'), candle(1, '2'))).toBe(true);
    expect(isSameCandle(candle(1, '2'), candle(1, '3'))).toBe(false);
    expect(isSameCandle(candle(1, '2'), undefined)).toBe(false);
  });

  it('lets the fresh candle stand and keeps the order', () => {
    const merged = mergeCandles(
      [candle(120_000, '1'), candle(180_000, '1')],
      [candle(60_000, '2'), candle(180_000, '2')],
    );
    expect(merged.map(({ openTime, close }) => [openTime, close])).toEqual([
      [60_000, '2'],
      [120_000, '1'],
      [180_000, '2'],
    ]);
  });
});
