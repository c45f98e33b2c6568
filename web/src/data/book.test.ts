import { beforeEach, describe, expect, it } from 'vitest';
import { OrderBook } from './book';
import type { Frame } from './feed';

const SNAPSHOT: Frame = {
  type: 'orderbook_snapshot',
  sequence: 10,
  timestamp: 1_000,
  data: {
    bids: [
      ['99.9', '1.00'],
      ['99.8', '2'],
    ],
    asks: [
      ['100.1', '0.50'],
      ['100.2', '3.25'],
    ],
  },
};

function update(prevSequence: number, sequence: number, data: object): Frame {
  return { type: 'orderbook_update', prevSequence, sequence, timestamp: 2_000, data };
}

describe('the order book of the stream', () => {
  let book: OrderBook;

  beforeEach(() => {
    book = new OrderBook({ priceScale: 1, quantityScale: 2 });
    book.apply(SNAPSHOT);
  });

  it('shows the snapshot, best levels first', () => {
    const view = book.view();
    expect(view.bids).toEqual([
      { price: 999n, quantity: 100n },
      { price: 998n, quantity: 200n },
    ]);
    expect(view.asks[0]).toEqual({ price: 1001n, quantity: 50n });
    expect(view.sequence).toBe(10);
  });

  it('sets, adds and removes levels by their absolute quantity', () => {
    const data = {
      bids: [
        ['99.9', '0.25'],
        ['100.0', '1'],
      ],
      asks: [['100.1', '0']],
    };
    expect(book.apply(update(10, 14, data))).toBe(true);
    const view = book.view();
    expect(view.bids.map((level) => level.price)).toEqual([1000n, 999n, 998n]);
    expect(view.bids[1]?.quantity).toBe(25n);
    expect(view.asks.map((level) => level.price)).toEqual([1002n]);
    expect(view.sequence).toBe(14);
  });

  it('refuses a frame when one is missing before it', () => {
    expect(book.apply(update(11, 12, { bids: [], asks: [] }))).toBe(false);
    expect(book.view().sequence).toBe(10);
  });

  it('ignores what it has already', () => {
    expect(book.apply(update(8, 10, { bids: [['99.9', '7']], asks: [] }))).toBe(true);
    expect(book.view().bids[0]?.quantity).toBe(100n);
  });

  it('waits for a snapshot after it was told to forget', () => {
    book.forget();
    expect(book.isReady).toBe(false);
    expect(book.apply(update(3, 4, { bids: [['1.0', '1']], asks: [] }))).toBe(true);
    expect(book.view().bids).toEqual([]);
    expect(book.apply(SNAPSHOT)).toBe(true);
    expect(book.view().bids).toHaveLength(2);
  });

  it('does not trust levels that are no decimals', () => {
    expect(book.apply(update(10, 11, { bids: [[99.9, 1]], asks: [] }))).toBe(false);
    expect(book.apply(update(10, 11, { bids: [['1e2', '1']], asks: [] }))).toBe(false);
  });
});
