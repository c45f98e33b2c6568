/** What the fake exchange knows: one deterministic day of a market, so that pictures compare. */

export const START = Date.UTC(2026, 10, 21, 14, 32, 7);

/** Return a generator of chance from a seed (mulberry32): same seed, same picture. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function market(base: string, quote: string, tick: string, lot: string) {
  const decimals = (text: string) => text.split('.')[1]?.length ?? 0;
  return {
    symbol: base + quote,
    name: `${base}-${quote}`,
    base,
    quote,
    status: 'trading',
    tickSize: tick,
    lotSize: lot,
    priceScale: decimals(tick),
    quantityScale: decimals(lot),
    quoteScale: 8,
    minQuantity: lot,
    maxQuantity: '9000',
    maxPrice: '10000000',
    minNotional: '5',
    maxNotional: '100000000',
    makerFee: '0.0008',
    takerFee: '0.001',
  };
}

export const MARKETS = [
  market('BTC', 'USDT', '0.1', '0.00001'),
  market('ETH', 'USDT', '0.01', '0.0001'),
  market('SOL', 'USDT', '0.01', '0.001'),
  market('ETH', 'BTC', '0.00001', '0.0001'),
];

export const TICKERS = MARKETS.map(({ symbol }, index) => ({
  symbol,
  open: '63490.6',
  high: '64547.8',
  low: '63480.5',
  last: index === 0 ? '64018.4' : '3108.25',
  change: '527.8',
  changePercent: index === 2 ? '-1.20' : '0.83',
  volume: '1284.61',
  quoteVolume: '82241234.50',
  trades: 18211,
}));

const STEP: Readonly<Record<string, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
};

/** Return 400 candles that end now, so that live trades fall into the last. */
export function candles(interval: string) {
  const random = chance(20261);
  const step = STEP[interval] ?? 900_000;
  const end = Math.floor(Date.now() / step) * step;
  let close = 63_120;
  const list = Array.from({ length: 400 }, (_, index) => {
    const open = close;
    const pull = (63_900 - close) * 0.01;
    close = open + (random() - 0.5) * 130 + pull + Math.sin(index / 26) * 9;
    const high = Math.max(open, close) + random() * 35;
    const low = Math.min(open, close) - random() * 35;
    const volume = (0.4 + random() * 2) * (random() > 0.94 ? 3 : 1);
    return { index, open, close, high, low, volume };
  });
  const shift = 64_018.4 - close;
  return list.map(({ index, open, close: last, high, low, volume }) => ({
    openTime: end - (399 - index) * step,
    open: (open + shift).toFixed(1),
    high: (high + shift).toFixed(1),
    low: (low + shift).toFixed(1),
    close: (last + shift).toFixed(1),
    volume: volume.toFixed(5),
    quoteVolume: '0',
    trades: 10,
  }));
}

function side(from: number, way: number, seed: number): string[][] {
  const random = chance(seed);
  let tick = from;
  return Array.from({ length: 100 }, () => {
    const price = (tick / 10).toFixed(1);
    tick += way * (1 + Math.floor(random() * 12));
    const quantity = (0.02 + random() ** 2 * 2.4 + (random() > 0.9 ? random() * 3 : 0)).toFixed(5);
    return [price, quantity];
  });
}

export const LEVELS = { bids: side(640_184, -1, 41), asks: side(640_185, 1, 43) };

const tape = chance(90);
let moment = START;
let tick = 640_184;
export const TRADES = Array.from({ length: 40 }, (_, index) => {
  const isBuy = tape() > 0.5;
  const trade = {
    id: String(5_000 - index),
    symbol: 'BTCUSDT',
    price: (tick / 10).toFixed(1),
    quantity: (tape() > 0.8 ? tape() * 1.6 : tape() * 0.09 + 0.001).toFixed(5),
    quoteQuantity: '1.0',
    side: isBuy ? 'buy' : 'sell',
    time: new Date(moment).toISOString(),
  };
  moment -= Math.floor(40 + tape() * 900);
  tick += (isBuy ? 1 : -1) * Math.ceil(tape() * 14);
  return trade;
});

function order(id: number, row: readonly [string, string, string, string, string, string]) {
  const [symbol, sideWord, price, quantity, filledQuantity, at] = row;
  return {
    id: String(id),
    clientOrderId: `o-${id}`,
    symbol,
    side: sideWord,
    type: 'limit',
    timeInForce: 'GTC',
    price,
    quantity,
    filledQuantity,
    status:
      filledQuantity.startsWith('0.0') && Number(filledQuantity) === 0 ? 'new' : 'partially_filled',
    postOnly: id === 6,
    selfTradePrevention: 'expire_taker',
    createdAt: `2026-11-21T${at}.000Z`,
    updatedAt: `2026-11-21T${at}.000Z`,
    seq: id,
  };
}

export const ORDERS: Record<string, unknown>[] = [
  order(6, ['BTCUSDT', 'sell', '64180.0', '0.40000', '0.00000', '14:27:41']),
  order(5, ['BTCUSDT', 'sell', '64080.0', '0.15000', '0.06000', '14:21:03']),
  order(4, ['BTCUSDT', 'buy', '63940.0', '0.10000', '0.00000', '14:18:55']),
  order(3, ['BTCUSDT', 'buy', '63820.0', '0.18000', '0.00000', '13:58:12']),
  order(2, ['ETHUSDT', 'buy', '3108.25', '2.5000', '0.3000', '09:12:08']),
];

export const ACCOUNT = {
  email: 'elif.kaya@posta.example',
  password: 'a long enough one',
  accessToken: 'fake-token',
  userId: '1',
  accountId: '1',
  balances: [
    { asset: 'BTC', available: '0.84215306', hold: '0.49000000', total: '1.33215306' },
    { asset: 'USDT', available: '31204.58000000', hold: '24719.75000000', total: '55924.33000000' },
    { asset: 'ETH', available: '12.50000000', hold: '0.00000000', total: '12.50000000' },
  ],
};
