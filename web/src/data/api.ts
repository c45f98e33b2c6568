/** The exchange's REST API, one function a path. */
import { request } from './http';
import type { components } from './schema';
import type {
  AccountSettings,
  Asset,
  Candle,
  Fill,
  Health,
  Interval,
  Login,
  Market,
  NewOrder,
  Order,
  Prevention,
  Ticker,
  Trade,
} from './types';

type Documents = components['schemas'];

const SETTINGS_PATH = '/api/v1/account/settings';

export type Credentials = Documents['LoginBody'];

export function register(body: Credentials): Promise<Documents['UserDocument']> {
  return request('/api/auth/register', { method: 'POST', body });
}

export function login(body: Credentials): Promise<Login> {
  return request('/api/auth/login', { method: 'POST', body });
}

export function getAccountSettings(signal: AbortSignal): Promise<AccountSettings> {
  return request(SETTINGS_PATH, { signal, isPrivate: true });
}

export function setSelfTradePrevention(selfTradePrevention: Prevention): Promise<AccountSettings> {
  const body = { selfTradePrevention };
  return request(SETTINGS_PATH, { method: 'PATCH', body, isPrivate: true });
}

export function getHealth(signal: AbortSignal): Promise<Health> {
  return request('/health', { signal });
}

export async function listMarkets(signal: AbortSignal): Promise<readonly Market[]> {
  const reply = await request<Documents['MarketList']>('/api/market/markets', { signal });
  return reply.markets;
}

export async function listAssets(signal: AbortSignal): Promise<readonly Asset[]> {
  return (await request<Documents['AssetList']>('/api/market/assets', { signal })).assets;
}

export async function listTickers(signal: AbortSignal): Promise<readonly Ticker[]> {
  return (await request<Documents['TickerList']>('/api/market/tickers', { signal })).tickers;
}

export interface CandleRange {
  readonly limit: number;
  readonly from?: number;
  readonly to?: number;
}

export async function listCandles(
  symbol: string,
  interval: Interval,
  range: CandleRange,
  signal: AbortSignal,
): Promise<readonly Candle[]> {
  const path = `/api/market/candles/${encodeURIComponent(symbol)}`;
  const query = { interval, ...range };
  return (await request<Documents['CandleList']>(path, { query, signal })).candles;
}

export async function listTrades(
  symbol: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly Trade[]> {
  const query = { symbol, limit };
  const reply = await request<Documents['TradePage']>('/api/v1/trades', { query, signal });
  return reply.trades.map(({ id, price, quantity, side, time }) => ({
    id,
    price,
    quantity,
    side,
    time: Date.parse(time),
  }));
}

export function placeOrder(body: NewOrder): Promise<Order> {
  return request('/api/v1/orders', { method: 'POST', body, isPrivate: true });
}

export function cancelOrder(id: string): Promise<Order> {
  const path = `/api/v1/orders/${encodeURIComponent(id)}`;
  return request(path, { method: 'DELETE', isPrivate: true });
}

export function cancelAllOrders(symbol: string): Promise<Documents['CanceledOrders']> {
  return request('/api/v1/orders', { method: 'DELETE', query: { symbol }, isPrivate: true });
}

export async function listClosedOrders(
  limit: number,
  signal: AbortSignal,
): Promise<readonly Order[]> {
  const query = { status: 'closed', limit };
  const options = { query, signal, isPrivate: true };
  return (await request<Documents['OrderPage']>('/api/v1/orders', options)).orders;
}

export async function listFills(limit: number, signal: AbortSignal): Promise<readonly Fill[]> {
  const options = { query: { limit }, signal, isPrivate: true };
  return (await request<Documents['FillPage']>('/api/v1/fills', options)).fills;
}
