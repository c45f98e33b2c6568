import { describe, expect, it } from 'vitest';
import type { Link } from './feed';
import { newestFirst, worse } from './market-feed';
import type { Trade } from './types';

function trade(id: string, time: number): Trade {
  return { id, time, price: '1', quantity: '1', side: 'buy' };
}

function link(state: Link['state'], heardAt: number): Link {
  return { state, heardAt, tries: 0, roundTripMs: null };
}

describe('the tape', () => {
  it('has each trade once, newest first, ids as numbers', () => {
    const list = newestFirst([trade('9', 5), trade('10', 5), trade('9', 5), trade('2', 1)]);
    expect(list.map(({ id }) => id)).toEqual(['10', '9', '2']);
  });

  it('keeps no more than it shows', () => {
    const many = Array.from({ length: 500 }, (_, index) => trade(String(index), index));
    expect(newestFirst(many)).toHaveLength(100);
    expect(newestFirst(many)[0]?.id).toBe('499');
  });
});

describe('one word for two lines', () => {
  it('is that of the line that is worse off', () => {
    expect(worse(link('live', 9), link('stale', 1)).state).toBe('stale');
    expect(worse(link('reconnecting', 1), link('stale', 9)).state).toBe('reconnecting');
    expect(worse(link('live', 9), link('live', 4)).heardAt).toBe(4);
  });
});
