/**
 * Judges a draft: either the order to send, or the first thing to fix, in the words of the button.
 *
 * Pure. The exchange judges again and its word counts; this spares a round trip and says what to do.
 */

import type { Decimal, Market, NewOrder } from '@/data/types';
import { compare, floorTo, fromUnits, multiply, shorten, toUnits, unitsOf } from '@/lib/decimal';
import { grouped, readTyped } from '@/lib/numbers';
import { amountFor, type Draft, totalOf } from './draft';

export type FieldName = 'price' | 'amount' | 'total';

export interface Problem {
  readonly field: FieldName | null;
  /** The words of the button, short. */
  readonly button: string;
  /** The words under the field; null while the field is only empty. */
  readonly message: string | null;
  /** What would be right, to be put in with one click. */
  readonly fix?: { readonly field: FieldName; readonly value: Decimal };
}

export type Verdict =
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'ready'; readonly order: Omit<NewOrder, 'clientOrderId'> };

/** Return what is wrong first, or the order. `available` is of the asset the side gives. */
export function checkDraft(draft: Draft, market: Market, available: Decimal | null): Verdict {
  return draft.type === 'limit'
    ? checkLimit(draft, market, available)
    : checkMarketOrder(draft, market, available);
}

function checkLimit(draft: Draft, market: Market, available: Decimal | null): Verdict {
  const price = readStep(draft.price, market.tickSize, market.priceScale, 'price');
  if ('problem' in price) return price;
  if (compare(price.value, market.maxPrice) > 0) {
    const message = `The highest price here is ${grouped(market.maxPrice)}.`;
    return problem('price', 'Fix the price', message);
  }
  const amount = readAmount(draft, market);
  if ('problem' in amount) return amount;
  const total = totalOf(price.value, amount.value, market) ?? '0';
  if (compare(total, market.minNotional) < 0) {
    const message = `An order here is worth at least ${grouped(market.minNotional)} ${market.quote}.`;
    return problem('total', 'Raise the amount', message);
  }
  const lack =
    draft.side === 'buy'
      ? lackOfQuote(total, price.value, market, available)
      : lackOfBase(amount.value, market, available);
  if (lack !== null) return lack;
  const { side, timeInForce, postOnly } = draft;
  const order = {
    symbol: market.symbol,
    side,
    type: 'limit',
    price: price.value,
    quantity: amount.value,
    timeInForce,
    ...(postOnly ? { postOnly } : {}),
  } as const;
  return { kind: 'ready', order };
}

function checkMarketOrder(draft: Draft, market: Market, available: Decimal | null): Verdict {
  const common = { symbol: market.symbol, side: draft.side, type: 'market' } as const;
  if (draft.basis === 'amount') {
    const amount = readAmount(draft, market);
    if ('problem' in amount) return amount;
    const lack = draft.side === 'sell' ? lackOfBase(amount.value, market, available) : null;
    return lack ?? { kind: 'ready', order: { ...common, quantity: amount.value } };
  }
  const total = readStep(draft.total, fromUnits(1n, market.quoteScale), market.quoteScale, 'total');
  if ('problem' in total) return total;
  if (compare(total.value, market.minNotional) < 0) {
    const message = `An order here is worth at least ${grouped(market.minNotional)} ${market.quote}.`;
    return problem('total', 'Raise the total', message);
  }
  const lack = draft.side === 'buy' ? lackOfQuote(total.value, null, market, available) : null;
  return lack ?? { kind: 'ready', order: { ...common, quoteQuantity: shorten(total.value) } };
}

type Read = { readonly value: Decimal } | Extract<Verdict, { kind: 'problem' }>;

const NAMES: Readonly<Record<FieldName, string>> = {
  price: 'Price',
  amount: 'Amount',
  total: 'Total',
};

function readStep(text: string, step: Decimal, scale: number, field: FieldName): Read {
  const name = NAMES[field];
  const the = `the ${name.toLowerCase()}`;
  if (text.trim() === '') {
    return problem(field, field === 'price' ? 'Enter a price' : 'Enter an amount', null);
  }
  const plain = readTyped(text);
  if (plain === null) return problem(field, `Fix ${the}`, `${name} is a number such as 1,234.5.`);
  const fine = unitsOf(cutDigits(plain, 18), 18);
  const size = unitsOf(step, 18);
  if (fine === 0n)
    return problem(field, `Enter ${field === 'price' ? 'a price' : 'an amount'}`, null);
  const exact = toUnits(plain, scale);
  if (exact === null || fine % size !== 0n) {
    const low = floorTo(fine, size);
    const high = low + size;
    const show = (units: bigint) => shorten(fromUnits(units, 18));
    const message = `${name} moves in steps of ${shorten(step)}. Use ${
      low > 0n ? `${grouped(show(low))} or ` : ''
    }${grouped(show(high))}.`;
    return problem(field, `Fix ${the}`, message, { field, value: show(low > 0n ? low : high) });
  }
  return { value: fromUnits(exact, scale) };
}

function readAmount(draft: Draft, market: Market): Read {
  if (draft.basis === 'total' && draft.amount === '' && draft.total.trim() !== '') {
    const message = 'Total is too small for one step of the amount, or is no number.';
    return problem('total', 'Fix the total', message);
  }
  const amount = readStep(draft.amount, market.lotSize, market.quantityScale, 'amount');
  if ('problem' in amount) return amount;
  const { minQuantity, maxQuantity, base } = market;
  if (compare(amount.value, minQuantity) < 0) {
    const message = `The smallest amount here is ${grouped(minQuantity)} ${base}.`;
    return problem('amount', 'Raise the amount', message, { field: 'amount', value: minQuantity });
  }
  if (compare(amount.value, maxQuantity) > 0) {
    const message = `The largest amount here is ${grouped(maxQuantity)} ${base}.`;
    return problem('amount', 'Lower the amount', message, { field: 'amount', value: maxQuantity });
  }
  return amount;
}

function lackOfQuote(
  total: Decimal,
  price: Decimal | null,
  market: Market,
  available: Decimal | null,
): Verdict | null {
  if (available === null || compare(total, available) <= 0) return null;
  const needs = `Needs ${grouped(total)} ${market.quote}; ${grouped(available)} is available.`;
  const most = price === null ? null : amountFor(price, available, market);
  if (most === null || compare(most, '0') === 0) {
    return problem(price === null ? 'total' : 'amount', `Not enough ${market.quote}`, needs);
  }
  const fix = { field: 'amount', value: most } as const;
  return problem('amount', `Not enough ${market.quote}`, needs, fix);
}

function lackOfBase(amount: Decimal, market: Market, available: Decimal | null): Verdict | null {
  if (available === null || compare(amount, available) <= 0) return null;
  const needs = `Needs ${grouped(amount)} ${market.base}; ${grouped(available)} is available.`;
  return problem('amount', `Not enough ${market.base}`, needs);
}

function problem(
  field: FieldName | null,
  button: string,
  message: string | null,
  fix?: Problem['fix'],
): Extract<Verdict, { kind: 'problem' }> {
  return { kind: 'problem', problem: { field, button, message, ...(fix ? { fix } : {}) } };
}

function cutDigits(plain: Decimal, digits: number): Decimal {
  const [whole = '0', fraction = ''] = plain.split('.');
  return fraction === '' ? whole : `${whole}.${fraction.slice(0, digits)}`;
}

/** Return the fee on what is received, rounded up to a unit of `scale`, as the exchange rounds. */
export function estimateFee(received: Decimal, rate: Decimal, scale: number): Decimal {
  const exact = multiply(received, rate);
  const units = toUnits(exact, 36) ?? 0n;
  const step = 10n ** BigInt(36 - scale);
  return fromUnits((units + step - 1n) / step, scale);
}
