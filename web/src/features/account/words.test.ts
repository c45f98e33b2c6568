import { describe, expect, it } from 'vitest';
import type { Order } from '@/data/types';
import { listText, reasonText, conditionText as text, typeWord } from './words';

function order(change: Partial<Order>): Order {
  return {
    id: '576',
    clientOrderId: '',
    symbol: 'BTCUSDT',
    side: 'sell',
    type: 'limit',
    timeInForce: 'GTC',
    price: '100.00',
    quantity: '1',
    filledQuantity: '0',
    status: 'new',
    postOnly: false,
    selfTradePrevention: 'expire_taker',
    createdAt: '2026-11-21T10:00:00.000Z',
    updatedAt: '2026-11-21T10:00:00.000Z',
    seq: 10,
    ...change,
  };
}

function conditionText(one: Order): string {
  return text(one).replaceAll('\u00a0', ' ');
}

describe('orders in words', () => {
  it.each([
    [order({}), 'Limit', 'GTC'],
    [order({ type: 'limit_maker', postOnly: true }), 'Limit', 'GTC · post-only'],
    [order({ type: 'iceberg', displayQuantity: '0.2500' }), 'Iceberg', 'GTC · shows 0.25'],
    [
      order({ type: 'stop', price: null, timeInForce: 'IOC', triggerPrice: '95000.00' }),
      'Stop market',
      'IOC · last ≤ 95,000.00',
    ],
    [
      order({ type: 'stop_limit', side: 'buy', triggerPrice: '105.00' }),
      'Stop limit',
      'GTC · last ≥ 105.00',
    ],
    [
      order({ type: 'take_profit_limit', triggerPrice: '120.00' }),
      'Take-profit limit',
      'GTC · last ≥ 120.00',
    ],
    [
      order({ type: 'take_profit', side: 'buy', price: null, triggerPrice: '80.00' }),
      'Take-profit market',
      'GTC · last ≤ 80.00',
    ],
    [
      order({ type: 'trailing_stop', price: null, trailingBips: 150, timeInForce: 'IOC' }),
      'Trailing stop',
      'IOC · trails 1.5 %',
    ],
    [
      order({ type: 'trailing_stop', side: 'buy', trailingBips: 500, triggerPrice: '110.00' }),
      'Trailing stop limit',
      'GTC · trails 5 % from last ≥ 110.00',
    ],
  ])('names type and conditions', (one, type, condition) => {
    expect(typeWord(one)).toBe(type);
    expect(conditionText(one)).toBe(condition);
  });

  it('tells what an order waits for', () => {
    const waiting = { status: 'pending_trigger', listId: '560' } as const;
    expect(conditionText(order(waiting))).toBe('GTC · waits for its list');
    expect(conditionText(order({ ...waiting, type: 'stop_limit', triggerPrice: '95.00' }))).toBe(
      'GTC · last ≤ 95.00',
    );
  });

  it('marks the legs of a list', () => {
    expect(listText(order({}))).toBe('');
    expect(listText(order({ id: '576', listId: '576' }))).toBe('List 576, leg 1');
    expect(listText(order({ id: '608', listId: '576' }))).toBe('List 576, leg 3');
  });

  it('says why an order ended', () => {
    expect(reasonText(order({}))).toBe('');
    expect(reasonText(order({ reason: 'list' }))).toContain('Its list ended it');
    expect(reasonText(order({ reason: 'refused', rejection: 'AVAILABLE_TOO_LOW' }))).toBe(
      'The available balance was too low when its turn came.',
    );
    expect(reasonText(order({ reason: 'refused', rejection: 'SUPPLY_TOO_HIGH' }))).toBe(
      'Refused: supply too high.',
    );
  });
});
