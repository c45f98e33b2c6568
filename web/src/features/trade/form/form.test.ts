import { describe, expect, it } from 'vitest';
import type { BookView } from '@/data/book';
import type { Market } from '@/data/types';
import { checkDraft, estimateFee } from './check';
import {
  amountFor,
  type Draft,
  EMPTY_DRAFT,
  stepped,
  withAmount,
  withPercent,
  withPrice,
  withSide,
  withTimeInForce,
  withTotal,
  withType,
} from './draft';
import { awayFrom, isFar, sweep, wouldTake } from './far';

const MARKET: Market = {
  symbol: 'BTCUSDT',
  name: 'BTC-USDT',
  base: 'BTC',
  quote: 'USDT',
  status: 'trading',
  tickSize: '0.1',
  lotSize: '0.00001',
  priceScale: 1,
  quantityScale: 5,
  quoteScale: 8,
  minQuantity: '0.00001',
  maxQuantity: '1000',
  maxPrice: '10000000',
  minNotional: '5',
  maxNotional: '10000000',
  makerFee: '0.0008',
  takerFee: '0.001',
  priceBand: '0',
  maxOpenOrders: 1000,
  maxStopOrders: 100,
  maxIcebergs: 100,
  maxIcebergParts: 100,
  maxOrderLists: 100,
  maxAmends: 1000,
  minTrailingBips: 10,
  maxTrailingBips: 2000,
  algorithm: 'fifo',
};

function limit(price: string, amount: string): Draft {
  return withAmount(withPrice(EMPTY_DRAFT, price, MARKET), amount, MARKET);
}

function problemOf(draft: Draft, available: string | null = '100000') {
  const verdict = checkDraft(draft, MARKET, available);
  return verdict.kind === 'problem' ? verdict.problem : null;
}

describe('the fields move each other', () => {
  it('computes the total exactly', () => {
    expect(limit('63900.0', '0.12208').total).toBe('7800.912000');
    expect(limit('63,900', '.12208').total).toBe('7800.912000');
  });

  it('computes the amount downwards to the lot', () => {
    const draft = withTotal(withPrice(EMPTY_DRAFT, '63900', MARKET), '7800.92', MARKET);
    expect(draft.amount).toBe('0.12208');
    expect(withPrice(draft, '31950', MARKET).amount).toBe('0.24416');
  });

  it('leaves what was typed alone', () => {
    expect(limit('63900.05', '0,5').price).toBe('63900.05');
    expect(limit('63900.05', '0,5').amount).toBe('0,5');
  });

  it('clears what would mean something else on the other side', () => {
    expect(withSide(limit('100', '1'), 'sell')).toMatchObject({
      amount: '',
      total: '',
      price: '100',
    });
    expect(withType(limit('100', '1'), 'market')).toMatchObject({ basis: 'total', amount: '' });
  });

  it('drops post-only where it cannot be', () => {
    const draft = { ...EMPTY_DRAFT, postOnly: true };
    expect(withTimeInForce(draft, 'IOC').postOnly).toBe(false);
    expect(withTimeInForce(draft, 'GTC').postOnly).toBe(true);
  });

  it.each([
    ['63900.0', 1, '63900.1'],
    ['63900.0', -10, '63899.0'],
    ['63900.05', 1, '63900.1'],
    ['63900.05', -1, '63900.0'],
    ['63,900', 1, '63900.1'],
    ['', 1, '0.1'],
    ['0.1', -1, ''],
    ['abc', 1, 'abc'],
  ])('%j moved by %i steps is %j', (text, count, expected) => {
    expect(stepped(text, '0.1', 1, count)).toBe(expected);
  });
});

describe('a share of what is available', () => {
  it.each([
    ['31204.58', '63900'],
    ['0.0001', '63900'],
    ['99999.99999999', '0.3'],
    ['7', '6.9'],
  ])('100 %% of %s at %s is never more than there is, and leaves less than a lot', (has, price) => {
    const draft = withPercent(withPrice(EMPTY_DRAFT, price, MARKET), 100, has, MARKET);
    const most = amountFor(price, has, MARKET);
    expect(draft.amount).toBe(most);
    expect(problemOf(draft, has)?.button ?? '').not.toMatch(/Not enough/);
  });

  it('sells whole lots', () => {
    const draft = withSide(withPrice(EMPTY_DRAFT, '100', MARKET), 'sell');
    expect(withPercent(draft, 100, '0.842153069', MARKET).amount).toBe('0.84215');
    expect(withPercent(draft, 25, '0.00001', MARKET).amount).toBe('');
  });

  it('gives a market buy the whole quote amount', () => {
    const draft = withType(EMPTY_DRAFT, 'market');
    const all = withPercent(draft, 100, '31204.58', MARKET);
    expect(all.total).toBe('31204.58');
    expect(checkDraft(all, MARKET, '31204.58')).toEqual({
      kind: 'ready',
      order: { symbol: 'BTCUSDT', side: 'buy', type: 'market', quoteQuantity: '31204.58' },
    });
  });
});

describe('the first thing to fix', () => {
  it('asks for what is missing, without scolding', () => {
    expect(problemOf(EMPTY_DRAFT)).toEqual({
      field: 'price',
      button: 'Enter a price',
      message: null,
    });
    expect(problemOf(limit('100', ''))).toMatchObject({ button: 'Enter an amount', message: null });
    expect(problemOf(limit('100', '0'))).toMatchObject({ button: 'Enter an amount' });
  });

  it('names the step and both neighbors', () => {
    const problem = problemOf(limit('63900.05', '0.12208'));
    expect(problem?.message).toBe('Price moves in steps of 0.1. Use 63,900 or 63,900.1.');
    expect(problem?.fix).toEqual({ field: 'price', value: '63900' });
    expect(problemOf(limit('63900', '0.000001'))?.message).toBe(
      'Amount moves in steps of 0.00001. Use 0.00001.',
    );
  });

  it('refuses what is no number', () => {
    expect(problemOf(limit('1e5', '1'))).toMatchObject({ field: 'price', button: 'Fix the price' });
    expect(problemOf(limit('-5', '1'))).toMatchObject({ field: 'price' });
  });

  it('knows the limits of the market', () => {
    expect(problemOf(limit('100', '0.00001'))?.message).toContain('at least 5 USDT');
    expect(problemOf(limit('1', '1001'))?.message).toContain('largest amount here is 1,000 BTC');
    expect(problemOf(limit('10000000.1', '1'))?.button).toBe('Fix the price');
  });

  it('offers what the balance allows', () => {
    const problem = problemOf(limit('63900', '0.6'), '31204.58');
    expect(problem?.button).toBe('Not enough USDT');
    expect(problem?.message).toBe('Needs 38,340.000000 USDT; 31,204.58 is available.');
    expect(problem?.fix).toEqual({ field: 'amount', value: '0.48833' });
    expect(problemOf(limit('63900', '0.6'), null)).toBeNull();
  });

  it('returns the order with canonical decimals', () => {
    expect(checkDraft({ ...limit('63,900', '.5'), postOnly: true }, MARKET, '40000')).toEqual({
      kind: 'ready',
      order: {
        symbol: 'BTCUSDT',
        side: 'buy',
        type: 'limit',
        price: '63900.0',
        quantity: '0.50000',
        timeInForce: 'GTC',
        postOnly: true,
      },
    });
  });
});

describe('fees and distance', () => {
  it('rounds the fee up, on what is received', () => {
    expect(estimateFee('0.12208', '0.0008', 8)).toBe('0.00009767');
    expect(estimateFee('0.00001', '0.0008', 8)).toBe('0.00000001');
    expect(estimateFee('1', '0', 8)).toBe('0.00000000');
  });

  it('knows who would take', () => {
    expect(wouldTake('buy', '100', '100')).toBe(true);
    expect(wouldTake('buy', '99.9', '100')).toBe(false);
    expect(wouldTake('sell', '100', '100.0')).toBe(true);
    expect(wouldTake('sell', '100', null)).toBe(false);
  });

  it('questions a price far from the last', () => {
    expect(awayFrom('69500', '64018.4')).toBe('8.56');
    expect(isFar('8.56')).toBe(true);
    expect(isFar('-5.00')).toBe(false);
    expect(isFar(null)).toBe(false);
  });

  const book: BookView = {
    sequence: 1,
    timestamp: 0,
    bids: [{ price: 999n, quantity: 100_000n }],
    asks: [
      { price: 1000n, quantity: 100_000n },
      { price: 1100n, quantity: 200_000n },
    ],
  };

  it('walks the book for a market order', () => {
    const byAmount = sweep(book, { side: 'buy', basis: 'amount', size: '2' }, MARKET);
    expect(byAmount).toEqual({
      amount: '2.00000',
      total: '210.000000',
      average: '105.0',
      slippage: '5.00',
      isCovered: true,
    });
    const byTotal = sweep(book, { side: 'buy', basis: 'total', size: '155' }, MARKET);
    expect(byTotal).toMatchObject({ amount: '1.50000', isCovered: true });
    expect(sweep(book, { side: 'sell', basis: 'amount', size: '3' }, MARKET)).toMatchObject({
      amount: '1.00000',
      isCovered: false,
    });
  });
});
