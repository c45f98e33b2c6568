import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AccountFeed, type AccountView } from './account-feed';
import { beginSession, endSession, sessionStore } from './session';
import type { Order } from './types';

class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 1;
  readonly sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor() {
    FakeSocket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.readyState = 3;
  }

  say(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

function order(id: string, change: Partial<Order> = {}): Order {
  return {
    id,
    clientOrderId: '',
    symbol: 'BTCUSDT',
    side: 'buy',
    type: 'limit',
    timeInForce: 'GTC',
    price: '100.0',
    quantity: '1',
    filledQuantity: '0',
    status: 'new',
    postOnly: false,
    selfTradePrevention: 'expire_taker',
    createdAt: `2026-11-21T10:00:0${id}.000Z`,
    updatedAt: '2026-11-21T10:00:00.000Z',
    seq: 10,
    ...change,
  };
}

const USDT = { asset: 'USDT', available: '900', hold: '100', total: '1000' };

describe('the private stream', () => {
  let feed: AccountFeed;
  const last = () => FakeSocket.all.at(-1) as FakeSocket;
  const place = { sequence: 10, index: 0 };

  beforeEach(() => {
    vi.useFakeTimers();
    FakeSocket.all = [];
    vi.stubGlobal('WebSocket', FakeSocket);
    vi.stubGlobal('location', { origin: 'http://localhost' });
    vi.stubGlobal('addEventListener', () => undefined);
    vi.stubGlobal('removeEventListener', () => undefined);
    beginSession('alice@example.com', {
      accessToken: 'secret',
      tokenType: 'Bearer',
      expiresIn: 900,
      userId: '1',
      accountId: '7',
    });
    feed = new AccountFeed();
    last().onopen?.();
    last().say({
      type: 'authenticated',
      ...place,
      data: { orders: [order('1'), order('2')], balances: [USDT] },
    });
  });

  afterEach(() => {
    feed.close();
    endSession();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  function view(): AccountView {
    vi.advanceTimersByTime(150);
    const loadable = feed.view.get();
    if (loadable.state !== 'ready') throw new Error(`the account is ${loadable.state}`);
    return loadable.value;
  }

  const ids = () => view().openOrders.map(({ id }) => id);

  function say(sequence: number, type: string, data: unknown, before = place) {
    const { sequence: prevSequence, index: prevIndex } = before;
    last().say({ type, sequence, index: 0, prevSequence, prevIndex, data });
  }

  it('gives the token in the first message and begins with what is there', () => {
    expect(last().sent[0]).toBe('{"type":"auth","token":"secret"}');
    expect(ids()).toEqual(['2', '1']);
    expect(view().balances.get('USDT')).toEqual(USDT);
  });

  it('follows orders and balances', () => {
    say(11, 'order', order('3', { seq: 11 }));
    say(12, 'order', order('1', { seq: 12, status: 'canceled' }), { sequence: 11, index: 0 });
    say(13, 'balance', { ...USDT, hold: '50' }, { sequence: 12, index: 0 });
    expect(ids()).toEqual(['3', '2']);
    expect(view().balances.get('USDT')?.hold).toBe('50');
  });

  it('keeps the legs of a list together, and its place past frames of lists', () => {
    say(11, 'order', order('16', { listId: '16', seq: 11 }));
    say(12, 'order', order('32', { listId: '16', seq: 12 }), { sequence: 11, index: 0 });
    say(13, 'list', { id: '16' }, { sequence: 12, index: 0 });
    say(14, 'order', order('48', { seq: 14 }), { sequence: 13, index: 0 });
    expect(FakeSocket.all).toHaveLength(1);
    expect(ids()).toEqual(['48', '16', '32', '2', '1']);
  });

  it('does not bring an order back that ended before the reply came', () => {
    say(11, 'order', order('3', { seq: 12, status: 'filled' }));
    feed.take(order('3', { seq: 11 }));
    expect(ids()).toEqual(['2', '1']);
  });

  it('takes a reply that came before the stream, and no older word after it', () => {
    feed.take(order('4', { seq: 20, filledQuantity: '0.5' }));
    feed.take(order('4', { seq: 19 }));
    expect(view().openOrders.find(({ id }) => id === '4')?.filledQuantity).toBe('0.5');
  });

  it('asks for everything again when a frame is missing', () => {
    const history = view().historyVersion;
    say(15, 'balance', USDT, { sequence: 14, index: 3 });
    expect(FakeSocket.all).toHaveLength(2);
    last().onopen?.();
    last().say({
      type: 'authenticated',
      sequence: 15,
      index: 0,
      data: { orders: [], balances: [] },
    });
    expect(ids()).toEqual([]);
    expect(view().historyVersion).toBeGreaterThan(history);
  });

  it('ends the session when the exchange says that the token ended', () => {
    last().onclose?.({ code: 4401 });
    expect(sessionStore.getState()).toEqual({
      state: 'out',
      notice: 'Your session ended. Log in again.',
    });
  });

  it('ends the session by itself when its time is over', () => {
    vi.advanceTimersByTime(900_000);
    expect(sessionStore.getState().state).toBe('out');
  });
});
