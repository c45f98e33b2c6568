/** Orders in words: what the exchange's enumerations are called on the screen. */
import type { Order, OrderStatus, Side } from '@/data/types';

export const SIDE_WORD: Readonly<Record<Side, string>> = { buy: 'Buy', sell: 'Sell' };
export const SIDE_CLASS: Readonly<Record<Side, string>> = { buy: 'up', sell: 'dn' };

export const STATUS_WORD: Readonly<Record<OrderStatus, string>> = {
  new: 'Open',
  partially_filled: 'Part filled',
  filled: 'Filled',
  canceled: 'Canceled',
  rejected: 'Rejected',
  expired: 'Expired',
  pending_trigger: 'Waiting',
};

const REASON_WORD: Readonly<Record<string, string>> = {
  user: 'You canceled it.',
  operator: 'The operator canceled it.',
  timer: 'Your cancel timer ran out.',
  gtd: 'Its time was over.',
  ioc: 'What could not be filled at once was canceled.',
  fok: 'It could not be filled whole.',
  liquidity: 'Nothing was left to match.',
  funds: 'The available balance ran out.',
  price_band: 'The rest was outside the price band.',
  self_trade: 'It would have met your own order.',
};

/** Return why an order ended, as a sentence; empty where nothing is to be said. */
export function reasonText(order: Order): string {
  if (order.reason === undefined) return '';
  return REASON_WORD[order.reason] ?? order.reason.replaceAll('_', ' ');
}

export function typeWord(order: Order): string {
  return order.type === 'market' ? 'Market' : 'Limit';
}

/** Return the order's conditions: GTC · post-only. */
export function conditionText(order: Order): string {
  return order.postOnly ? `${order.timeInForce} · post-only` : order.timeInForce;
}
