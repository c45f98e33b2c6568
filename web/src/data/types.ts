/** What the exchange sends and takes. The documents come from its own description of its API. */
import type { components } from './schema';

type Documents = components['schemas'];

/** A decimal string; parse it with `lib/decimal`, never with `Number`. */
export type Decimal = string;

export type AccountSettings = Documents['AccountSettingsDocument'];
export type Prevention = AccountSettings['selfTradePrevention'];
export type Asset = Documents['AssetDocument'];
export type Balance = Documents['BalanceDocument'];
/** What is drawn of a candle. */
export type Candle = Pick<
  Documents['CandleDocument'],
  'openTime' | 'open' | 'high' | 'low' | 'close' | 'volume'
>;
export type Fill = Documents['FillDocument'];
export type Health = Documents['HealthDocument'];
export type Login = Documents['SessionDocument'];
export type Market = Documents['MarketDocument'];
export type Order = Documents['OrderDocument'];
export type Ticker = Documents['TickerDocument'];
export type Side = Order['side'];
export type TimeInForce = Order['timeInForce'];
export type OrderStatus = Order['status'];
export type MarketStatus = Market['status'];

/** What places an order: with an id of ours, so that sending it twice is one order. */
export type NewOrder = Documents['PlaceOrderBody'] & {
  readonly side: Side;
  readonly clientOrderId: string;
};

/** A public trade; `side` is the taker's, `time` in milliseconds since 1970. */
export interface Trade {
  readonly id: string;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly side: Side;
  readonly time: number;
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
