import { describe, expect, it } from 'vitest';
import { barWidth, groupedPrice, groupingSteps, ladder, stepDecimals } from './ladder';

const level = (price: bigint, quantity: bigint) => ({ price, quantity });

describe('the ladder of a book', () => {
  const asks = [level(1001n, 5n), level(1009n, 5n), level(1010n, 7n), level(1011n, 1n)];
  const bids = [level(999n, 5n), level(991n, 5n), level(990n, 7n), level(989n, 1n)];

  it('keeps levels as they are at the tick', () => {
    expect(ladder(asks, 'ask', 1n, 3)).toEqual([
      { price: 1001n, quantity: 5n, sum: 5n },
      { price: 1009n, quantity: 5n, sum: 10n },
      { price: 1010n, quantity: 7n, sum: 17n },
    ]);
  });

  it('rounds asks up and bids down, and loses nothing', () => {
    expect(ladder(asks, 'ask', 10n, 9)).toEqual([
      { price: 1010n, quantity: 17n, sum: 17n },
      { price: 1020n, quantity: 1n, sum: 18n },
    ]);
    expect(ladder(bids, 'bid', 10n, 9)).toEqual([
      { price: 990n, quantity: 17n, sum: 17n },
      { price: 980n, quantity: 1n, sum: 18n },
    ]);
  });

  it('fills the last row wholly before it stops', () => {
    expect(ladder(bids, 'bid', 10n, 1)).toEqual([{ price: 990n, quantity: 17n, sum: 17n }]);
  });

  it('is empty for an empty side', () => {
    expect(ladder([], 'bid', 1n, 10)).toEqual([]);
  });

  it('offers four steps and their decimals', () => {
    expect(groupingSteps(5n)).toEqual([5n, 50n, 500n, 5000n]);
    expect(stepDecimals(1n, 2)).toBe(2);
    expect(stepDecimals(100n, 2)).toBe(0);
    expect(stepDecimals(50n, 2)).toBe(1);
  });

  it('draws bars on one scale', () => {
    expect(barWidth(17n, 18n)).toBe('94.4%');
    expect(barWidth(18n, 18n)).toBe('100.0%');
    expect(barWidth(0n, 0n)).toBe('0%');
  });

  it('groups one price as the ladder does', () => {
    expect(groupedPrice(991n, 'bid', 10n)).toBe(990n);
    expect(groupedPrice(1001n, 'ask', 10n)).toBe(1010n);
  });
});
