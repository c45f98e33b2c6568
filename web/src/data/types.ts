/** What the exchange sends and takes, as types. Amounts, prices and fees are decimal strings. */

/** A decimal string; parse it with `lib/decimal`, never with `Number`. */
export type Decimal = string;

export type Side = 'buy' | 'sell';
export type OrderType = 'limit' | 'market' | 'limit_maker';
export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'GTD';
export type OrderStatus =
  | 'new'
  | 'partially_filled'
  | 'filled'
  | 'canceled'
  | 'rejected'
  | 'expired'
  | 'pending_trigger';
export type MarketStatus =
  | 'pre_open'
  | 'trading'
  | 'post_only'
  | 'cancel_only'
  | 'halted'
  | 'closed';

export interface Market {
  readonly symbol: string;
  readonly name: string;
  readonly base: string;
  readonly quote: string;
  readonly status: MarketStatus;
  readonly tickSize: Decimal;
  readonly lotSize: Decimal;
  readonly priceScale: number;
  readonly quantityScale: number;
  readonly quoteScale: number;
  readonly minQuantity: Decimal;
  readonly maxQuantity: Decimal;
  readonly maxPrice: Decimal;
  readonly minNotional: Decimal;
  readonly maxNotional: Decimal;
  readonly makerFee: Decimal;
  readonly takerFee: Decimal;
}

export interface Asset {
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly scale: number;
  readonly displayScale: number;
}

export interface Ticker {
  readonly symbol: string;
  readonly open: Decimal | null;
  readonly high: Decimal | null;
  readonly low: Decimal | null;
  readonly last: Decimal | null;
  readonly change: Decimal | null;
  readonly changePercent: Decimal | null;
  readonly volume: Decimal;
  readonly quoteVolume: Decimal;
  readonly trades: number;
}

export interface Candle {
  readonly openTime: number;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly volume: Decimal;
}

/** A public trade; `side` is the taker's, `time` in milliseconds since 1970. */
export interface Trade {
  readonly id: string;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly side: Side;
  readonly time: number;
}

export interface Fill {
  readonly tradeId: string;
  readonly orderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly quoteQuantity: Decimal;
  readonly fee: Decimal;
  readonly feeAsset: string;
  readonly role: 'maker' | 'taker';
  readonly time: string;
}

export interface Order {
  readonly id: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly price: Decimal | null;
  readonly quantity: Decimal | null;
  readonly quoteQuantity?: Decimal;
  readonly filledQuantity: Decimal;
  readonly averagePrice?: Decimal;
  readonly status: OrderStatus;
  readonly reason?: string;
  readonly postOnly: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly seq: number;
  readonly fills?: readonly Fill[];
}

export interface Balance {
  readonly asset: string;
  readonly available: Decimal;
  readonly hold: Decimal;
  readonly total: Decimal;
}

/** What places an order; exactly one of `quantity` and `quoteQuantity`. */
export interface NewOrder {
  readonly symbol: string;
  readonly side: Side;
  readonly type: 'limit' | 'market';
  readonly quantity?: Decimal;
  readonly quoteQuantity?: Decimal;
  readonly price?: Decimal;
  readonly timeInForce?: TimeInForce;
  readonly postOnly?: boolean;
  readonly clientOrderId: string;
}

export interface Login {
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly userId: string;
  readonly accountId: string;
}

export interface Health {
  readonly status: 'ok' | 'degraded';
}

/** A level as it is sent: price, quantity. A quantity of zero removes the level. */
export type WireLevel = readonly [price: Decimal, quantity: Decimal];

export const INTERVALS = ['1m', '5m', '15m', '1h', '4h', '1d'] as const;
export type Interval = (typeof INTERVALS)[number];

export const INTERVAL_MS: Readonly<Record<Interval, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
};

/** Whether an order may still trade. */
export function isOpen(order: Order): boolean {
  return (
    order.status === 'new' ||
    order.status === 'partially_filled' ||
    order.status === 'pending_trigger'
  );
}
