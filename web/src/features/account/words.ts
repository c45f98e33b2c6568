/** Orders and settings in words: what the exchange's enumerations are called on the screen. */
import type { Order, OrderStatus, Prevention, Side } from '@/data/types';
import { fromUnits, shorten } from '@/lib/decimal';
import { grouped } from '@/lib/numbers';

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

export const PREVENTIONS: readonly Prevention[] = [
  'expire_taker',
  'expire_maker',
  'expire_both',
  'decrement',
  'none',
];
export const PREVENTION_WORD: Readonly<
  Record<Prevention, { readonly title: string; readonly text: string }>
> = {
  expire_taker: { title: 'The new order ends', text: 'The order that was there stays.' },
  expire_maker: { title: 'The old order ends', text: 'The new one goes on to match others.' },
  expire_both: { title: 'Both end', text: 'Neither trades on.' },
  decrement: { title: 'Both shrink', text: 'The smaller one ends, the larger keeps the rest.' },
  none: { title: 'They trade', text: 'You pay both fees, as for any trade.' },
};

const TYPE_WORD: Readonly<Record<Order['type'], string>> = {
  limit: 'Limit',
  limit_maker: 'Limit',
  market: 'Market',
  iceberg: 'Iceberg',
  stop: 'Stop market',
  stop_limit: 'Stop limit',
  take_profit: 'Take-profit market',
  take_profit_limit: 'Take-profit limit',
  trailing_stop: 'Trailing stop',
};

const REASON_WORD: Readonly<Record<string, string>> = {
  user: 'You canceled it.',
  list: 'Its list ended it: another order of the list traded or ended.',
  replaced: 'Another order replaced it.',
  operator: 'The operator canceled it.',
  timer: 'Your cancel timer ran out.',
  gtd: 'Its time was over.',
  ioc: 'What could not be filled at once was canceled.',
  fok: 'It could not be filled whole.',
  liquidity: 'Nothing was left to match.',
  funds: 'The available balance ran out.',
  price_band: 'The rest was outside the price band.',
  match_limit: 'It met more orders than one order may.',
  interrupted: 'The market went into an auction.',
  self_trade: 'It would have met your own order.',
};

const REJECTION_WORD: Readonly<Record<string, string>> = {
  AVAILABLE_TOO_LOW: 'The available balance was too low when its turn came.',
  POST_ONLY_WOULD_TAKE: 'It is post-only and would have taken when its turn came.',
};

/** Return why an order ended, as a sentence; empty where nothing is to be said. */
export function reasonText(order: Order): string {
  if (order.rejection !== undefined) {
    return REJECTION_WORD[order.rejection] ?? `Refused: ${inWords(order.rejection)}.`;
  }
  if (order.reason === undefined) return '';
  return REASON_WORD[order.reason] ?? inWords(order.reason);
}

/** A space at which no line is broken. */
const KEPT = '\u00a0';

export function typeWord(order: Order): string {
  const isLimit = order.type === 'trailing_stop' && order.price !== null;
  return isLimit ? 'Trailing stop limit' : TYPE_WORD[order.type];
}

/** Return the order's conditions: GTC · post-only · last ≤ 95.00. */
export function conditionText(order: Order): string {
  const parts: string[] = [order.timeInForce];
  if (order.postOnly) parts.push('post-only');
  if (order.displayQuantity !== undefined) {
    parts.push(`shows ${grouped(shorten(order.displayQuantity))}`);
  }
  if (hasTrigger(order)) parts.push(triggerText(order));
  else if (order.status === 'pending_trigger') parts.push('waits for its list');
  return parts.join(' · ');
}

/** Return which leg of its list an order is: List 576, leg 1; empty outside lists. */
export function listText(order: Order): string {
  if (order.listId === undefined) return '';
  // Ids of the legs of a list follow each other, 16 apart, from the list's own.
  const leg = (BigInt(order.id) - BigInt(order.listId)) / 16n + 1n;
  return `List ${order.listId}, leg ${leg}`;
}

function hasTrigger(order: Order): boolean {
  return order.triggerPrice !== undefined || order.trailingBips !== undefined;
}

function triggerText(order: Order): string {
  const { triggerPrice, trailingBips } = order;
  const price = triggerPrice === undefined ? '' : grouped(triggerPrice);
  const last = `last${KEPT}${isRising(order) ? '≥' : '≤'}${KEPT}${price}`;
  if (trailingBips === undefined) return last;
  const trail = `trails${KEPT}${shorten(fromUnits(BigInt(trailingBips), 2))}${KEPT}%`;
  return price === '' ? trail : `${trail} from ${last}`;
}

/** Whether the order wakes when the last price goes up to its trigger, not down. */
function isRising(order: Order): boolean {
  const isTakeProfit = order.type === 'take_profit' || order.type === 'take_profit_limit';
  return (order.side === 'buy') !== isTakeProfit;
}

function inWords(name: string): string {
  return name.toLowerCase().replaceAll('_', ' ');
}
