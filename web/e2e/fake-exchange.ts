/**
 * A fixture for tests of the page alone: answers the page's requests from a script, so that a test
 * can lose a frame, cut the line or refuse an order at will. Not an exchange, and never shipped.
 */
import type { BrowserContext, Page, Route, WebSocketRoute } from 'playwright-core';
import { ACCOUNT, candles, LEVELS, MARKETS, ORDERS, START, TICKERS, TRADES } from './fake-data.ts';

interface Placed {
  readonly status: number;
  readonly body: unknown;
}

type Handler = (body: Record<string, unknown>) => Placed | 'no-answer';

export class FakeExchange {
  readonly placed: Record<string, unknown>[] = [];
  readonly canceled: string[] = [];
  sequence = 100;
  onPlace: Handler = (body) => ({ status: 201, body: this.accept(body) });
  /** Sockets that the page holds open now, by path. */
  readonly sockets = new Map<string, WebSocketRoute>();
  readonly opened: string[] = [];
  refusesSockets = false;
  refusesSettings = false;
  readonly settings = { selfTradePrevention: 'expire_taker' };
  isMute = false;
  orders: Record<string, unknown>[] = structuredClone(ORDERS);
  trades: readonly Record<string, unknown>[] = TRADES;
  private nextId = 9000;

  static async on(target: BrowserContext | Page): Promise<FakeExchange> {
    const fake = new FakeExchange();
    await target.route(/\/(api|health)(\/|$|\?)/, (route) => fake.answer(route));
    await target.routeWebSocket(/\/ws\//, (socket) => fake.open(socket));
    return fake;
  }

  /** Send a frame to the page over the socket of `path`. */
  send(path: string, frame: object): void {
    this.sockets.get(path)?.send(JSON.stringify(frame));
  }

  /** Change levels of the book, as the stream would. */
  updateBook(data: { bids?: string[][]; asks?: string[][] }, gap = 0): void {
    const prevSequence = this.sequence + gap;
    this.sequence = prevSequence + 1;
    this.send('/ws/orderbook/BTCUSDT', {
      type: 'orderbook_update',
      symbol: 'BTCUSDT',
      timestamp: Date.now(),
      sequence: this.sequence,
      prevSequence,
      data: { bids: [], asks: [], ...data },
    });
  }

  /** Close every socket, as a gateway that goes away. */
  async cut(): Promise<void> {
    for (const socket of this.sockets.values()) await socket.close();
    this.sockets.clear();
  }

  accept(body: Record<string, unknown>): Record<string, unknown> {
    this.nextId += 1;
    const now = new Date().toISOString();
    const order = {
      id: String(this.nextId),
      clientOrderId: body.clientOrderId,
      symbol: body.symbol,
      side: body.side,
      type: body.type,
      timeInForce: body.timeInForce ?? 'GTC',
      price: body.price ?? null,
      quantity: body.quantity ?? null,
      filledQuantity: '0.00000',
      status: 'new',
      postOnly: body.postOnly ?? false,
      selfTradePrevention: 'expire_taker',
      createdAt: now,
      updatedAt: now,
      seq: this.nextId,
    };
    this.orders = [order, ...this.orders];
    this.tellOrder(order);
    return order;
  }

  /** Say on the private stream how an order stands. */
  tellOrder(order: Record<string, unknown>): void {
    this.send('/ws/orders', { type: 'order', sequence: order.seq, index: 0, data: order });
  }

  private async answer(route: Route): Promise<void> {
    const request = route.request();
    const url = new URL(request.url());
    const json = (body: unknown, status = 200) =>
      route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });
    const path = url.pathname;
    if (path === '/health') return json({ status: 'ok' });
    if (path === '/api/market/markets') return json({ markets: MARKETS });
    if (path === '/api/market/tickers') return json({ tickers: TICKERS });
    if (path.startsWith('/api/market/candles/')) {
      const interval = url.searchParams.get('interval') ?? '15m';
      const isOlder = url.searchParams.has('to');
      return json({ symbol: 'BTCUSDT', interval, candles: isOlder ? [] : candles(interval) });
    }
    if (path === '/api/v1/trades') return json({ trades: this.trades, nextCursor: null });
    if (path === '/api/v1/account/settings') {
      if (request.method() === 'PATCH') {
        if (this.refusesSettings) {
          return json({ title: 'Away', code: 'SYSTEM_001', detail: 'The core is away.' }, 503);
        }
        Object.assign(this.settings, request.postDataJSON());
      }
      return json({ ...this.settings, seq: 1 });
    }
    if (path === '/api/auth/login') return this.login(route, json);
    if (path === '/api/v1/fills') return json({ fills: [], nextCursor: null, seq: 1 });
    if (path === '/api/v1/orders' && request.method() === 'POST') {
      const body = request.postDataJSON() as Record<string, unknown>;
      this.placed.push(body);
      const reply = this.onPlace(body);
      return reply === 'no-answer' ? route.abort() : json(reply.body, reply.status);
    }
    if (path.startsWith('/api/v1/orders/') && request.method() === 'DELETE') {
      return json(this.cancel(path.split('/').at(-1) ?? ''));
    }
    if (path === '/api/v1/orders') return json({ orders: [], nextCursor: null, seq: 1 });
    return json({ title: 'There is nothing at this path', code: 'ROUTE_001' }, 404);
  }

  private login(route: Route, json: (body: unknown, status?: number) => Promise<void>) {
    const body = route.request().postDataJSON() as { password?: string };
    if (body.password !== ACCOUNT.password) {
      const problem = { title: 'E-mail or password is wrong', code: 'AUTH_001', detail: 'Wrong.' };
      return json(problem, 401);
    }
    const { accessToken, userId, accountId } = ACCOUNT;
    return json({ accessToken, tokenType: 'Bearer', expiresIn: 900, userId, accountId });
  }

  private cancel(id: string): Record<string, unknown> {
    this.canceled.push(id);
    const order = this.orders.find((each) => each.id === id) ?? {};
    const done = { ...order, status: 'canceled', reason: 'user', seq: Number(id) + 100_000 };
    this.orders = this.orders.filter((each) => each.id !== id);
    this.send('/ws/orders', { type: 'order', sequence: 1, index: 0, data: done });
    return done;
  }

  private open(socket: WebSocketRoute): void {
    const path = new URL(socket.url()).pathname;
    this.opened.push(path);
    if (this.refusesSockets) {
      void socket.close();
      return;
    }
    this.sockets.set(path, socket);
    socket.onMessage((text) => this.hear(path, socket, JSON.parse(String(text))));
    if (path.startsWith('/ws/orderbook/')) {
      this.sequence += 10;
      socket.send(
        JSON.stringify({
          type: 'orderbook_snapshot',
          symbol: path.split('/').at(-1),
          timestamp: START,
          sequence: this.sequence,
          data: LEVELS,
        }),
      );
    }
  }

  private hear(
    path: string,
    socket: WebSocketRoute,
    message: { type: string; token?: string },
  ): void {
    if (this.isMute) return;
    if (message.type === 'ping') socket.send('{"type":"pong"}');
    if (path === '/ws/orders' && message.type === 'auth') {
      const isKnown = message.token === ACCOUNT.accessToken;
      const data = { balances: ACCOUNT.balances, orders: this.orders };
      socket.send(
        JSON.stringify(
          isKnown
            ? { type: 'authenticated', sequence: 1, data }
            : { type: 'error', code: 'AUTH_005' },
        ),
      );
    }
  }
}
