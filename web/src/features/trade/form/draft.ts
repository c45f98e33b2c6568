/**
 * What someone is about to order: the fields as typed, and how they move each other.
 *
 * Pure: a draft and a market in, a draft out. Text stays as typed; only the fields that were not
 * typed are computed, exactly, and downwards to the market's step. Not for judging, see `check.ts`.
 */

import type { Decimal, Market, Side, TimeInForce } from '@/data/types';
import { ceilTo, floorTo, fromUnits, rescale, shorten, toUnits, unitsOf } from '@/lib/decimal';
import { readTyped } from '@/lib/numbers';

export type DraftType = 'limit' | 'market';
/** Which of the two was said; the other follows from it. */
export type Basis = 'amount' | 'total';

export interface Draft {
  readonly side: Side;
  readonly type: DraftType;
  readonly price: string;
  readonly amount: string;
  readonly total: string;
  readonly basis: Basis;
  /** The share of available that the slider was set to; null after typing. */
  readonly percent: number | null;
  readonly timeInForce: Exclude<TimeInForce, 'GTD'>;
  readonly postOnly: boolean;
}

export const EMPTY_DRAFT: Draft = {
  side: 'buy',
  type: 'limit',
  price: '',
  amount: '',
  total: '',
  basis: 'amount',
  percent: null,
  timeInForce: 'GTC',
  postOnly: false,
};

export function withPrice(draft: Draft, price: string, market: Market): Draft {
  return derive({ ...draft, price }, market);
}

export function withAmount(draft: Draft, amount: string, market: Market): Draft {
  return derive({ ...draft, amount, basis: 'amount', percent: null }, market);
}

export function withTotal(draft: Draft, total: string, market: Market): Draft {
  return derive({ ...draft, total, basis: 'total', percent: null }, market);
}

/** Switch side or type; what was said in the other's terms is cleared, never reinterpreted. */
export function withSide(draft: Draft, side: Side): Draft {
  return draft.side === side ? draft : { ...draft, side, amount: '', total: '', percent: null };
}

export function withType(draft: Draft, type: DraftType): Draft {
  const basis = type === 'market' && draft.side === 'buy' ? 'total' : 'amount';
  return { ...draft, type, amount: '', total: '', basis, percent: null };
}

export function withTimeInForce(draft: Draft, timeInForce: Draft['timeInForce']): Draft {
  return { ...draft, timeInForce, postOnly: draft.postOnly && timeInForce === 'GTC' };
}

/** Return the draft that uses `percent` of what is available of the asset the side gives. */
export function withPercent(
  draft: Draft,
  percent: number,
  available: Decimal,
  market: Market,
): Draft {
  const spendsQuote = draft.side === 'buy';
  const scale = spendsQuote ? market.quoteScale : market.quantityScale;
  const whole = toUnits(available, 18);
  if (whole === null) return draft;
  const units = rescale((whole * BigInt(percent)) / 100n, 18, scale);
  const share = fromUnits(units, scale);
  if (spendsQuote) {
    const total = units === 0n ? '' : shorten(share);
    return { ...derive({ ...draft, total, basis: 'total' }, market), percent };
  }
  const lot = unitsOf(market.lotSize, scale);
  const lots = floorTo(units, lot);
  const amount = lots === 0n ? '' : fromUnits(lots, scale);
  return { ...derive({ ...draft, amount, basis: 'amount' }, market), percent };
}

/** Return the draft with the price one step, or ten, up or down; an empty price stays empty. */
export function stepped(text: string, step: Decimal, scale: number, count: number): string {
  const plain = readTyped(text === '' ? '0' : text);
  const units = plain === null ? null : toUnits(plain, 18);
  if (units === null) return text;
  const size = unitsOf(step, 18);
  const onGrid = count > 0 ? floorTo(units, size) : ceilTo(units, size);
  const next = onGrid + BigInt(count) * size;
  return next <= 0n ? '' : fromUnits(rescale(next, 18, scale), scale);
}

/** Return the exact price × amount of two plain decimals. */
export function totalOf(price: Decimal, amount: Decimal, market: Market): Decimal | null {
  const [ticks, lots] = [toUnits(price, market.priceScale), toUnits(amount, market.quantityScale)];
  if (ticks === null || lots === null) return null;
  return fromUnits(ticks * lots, market.priceScale + market.quantityScale);
}

/** Return the most whole lots that `total` pays for at `price`, or null where there is no answer. */
export function amountFor(price: Decimal, total: Decimal, market: Market): Decimal | null {
  const { priceScale, quantityScale } = market;
  const ticks = toUnits(price, priceScale);
  const money = toUnits(total, 18);
  if (ticks === null || money === null || ticks <= 0n) return null;
  const quantity = (money * 10n ** BigInt(priceScale + quantityScale)) / (ticks * 10n ** 18n);
  return fromUnits(floorTo(quantity, unitsOf(market.lotSize, quantityScale)), quantityScale);
}

function derive(draft: Draft, market: Market): Draft {
  if (draft.type === 'market') {
    return draft.basis === 'amount' ? { ...draft, total: '' } : { ...draft, amount: '' };
  }
  const price = readTyped(draft.price);
  if (draft.basis === 'amount') {
    const amount = readTyped(draft.amount);
    const total = price === null || amount === null ? null : totalOf(price, amount, market);
    return { ...draft, total: total ?? '' };
  }
  const total = readTyped(draft.total);
  const amount = price === null || total === null ? null : amountFor(price, total, market);
  return { ...draft, amount: amount ?? '' };
}
