/** The live side of one market: its book and its tape, each over a socket of its own. */
import { type BookScales, type BookView, OrderBook } from './book';
import { Feed, type Frame, type Link } from './feed';
import { LOADING, type Loadable, ready } from './loadable';
import { Painted } from './painted';
import type { Trade } from './types';

/** Ten paints a second: the eye reads no more, and a phone affords no more. */
const PAINT_MS = 100;
const TAPE_MAX = 100;

export const NO_LINK: Link = { state: 'connecting', tries: 0, heardAt: 0, roundTripMs: null };

export type TradeListener = (trades: readonly Trade[]) => void;

export class MarketFeed {
  readonly book: Painted<Loadable<BookView>>;
  readonly tape: Painted<Loadable<readonly Trade[]>>;
  readonly link: Painted<Link>;

  private readonly orderBook: OrderBook;
  private readonly bookFeed: Feed;
  private readonly tradeFeed: Feed;
  private readonly tradeListeners = new Set<TradeListener>();
  private trades: readonly Trade[] | null = null;
  private bookLink: Link = NO_LINK;
  private tapeLink: Link = NO_LINK;

  constructor(symbol: string, scales: BookScales) {
    this.orderBook = new OrderBook(scales);
    this.book = new Painted<Loadable<BookView>>(() => this.readBook(), PAINT_MS);
    this.tape = new Painted<Loadable<readonly Trade[]>>(() => this.readTape(), PAINT_MS);
    this.link = new Painted<Link>(() => worse(this.bookLink, this.tapeLink), PAINT_MS);
    const name = encodeURIComponent(symbol);
    this.bookFeed = new Feed(`/ws/orderbook/${name}`, {
      opened: () => undefined,
      received: (frame) => this.hearBook(frame),
      changed: (link) => {
        this.bookLink = link;
        this.showLink();
      },
    });
    this.tradeFeed = new Feed(`/ws/trades/${name}`, {
      opened: () => undefined,
      received: (frame) => this.hearTrades(frame),
      changed: (link) => {
        this.tapeLink = link;
        this.showLink();
      },
    });
  }

  /** Put the trades before the stream's first ones, once they came over REST. */
  seedTape(trades: readonly Trade[]): void {
    this.trades = newestFirst([...(this.trades ?? []), ...trades]);
    this.tape.paint();
  }

  /** Hear each live trade once. Returns the way to stop. */
  onTrades(listener: TradeListener): () => void {
    this.tradeListeners.add(listener);
    return () => this.tradeListeners.delete(listener);
  }

  close(): void {
    this.bookFeed.close();
    this.tradeFeed.close();
  }

  private hearBook(frame: Frame): void {
    if (!this.orderBook.apply(frame)) {
      this.orderBook.forget();
      this.bookFeed.restart();
      return;
    }
    this.book.touch();
  }

  private hearTrades(frame: Frame): void {
    if (frame.type !== 'trades') return;
    const fresh = readTrades(frame.data);
    if (fresh.length === 0) return;
    this.trades = newestFirst([...fresh, ...(this.trades ?? [])]);
    this.tape.touch();
    for (const listener of this.tradeListeners) listener(fresh);
  }

  private showLink(): void {
    this.link.paint();
    this.book.touch();
    this.tape.touch();
  }

  private readBook(): Loadable<BookView> {
    if (!this.orderBook.isReady) {
      const shown = this.book?.get();
      return shown?.state === 'ready' ? { ...shown, isStale: true } : LOADING;
    }
    return ready(this.orderBook.view(), this.bookLink.state !== 'live');
  }

  private readTape(): Loadable<readonly Trade[]> {
    if (this.trades === null) return LOADING;
    const { state } = this.tapeLink;
    return ready(this.trades, state !== 'live' && state !== 'connecting');
  }
}

const ORDER = { live: 0, connecting: 1, stale: 2, reconnecting: 3, closed: 4 } as const;

/** Return the link that is worse off: one word must speak for both lines. */
export function worse(a: Link, b: Link): Link {
  if (a.state === b.state) return a.heardAt <= b.heardAt ? a : b;
  return ORDER[a.state] >= ORDER[b.state] ? a : b;
}

/** Return the trades without repeats, newest first, no more than the tape keeps. */
export function newestFirst(trades: readonly Trade[]): readonly Trade[] {
  const byId = new Map(trades.map((trade) => [trade.id, trade]));
  return [...byId.values()].sort((a, b) => compareIds(b, a)).slice(0, TAPE_MAX);
}

function compareIds(a: Trade, b: Trade): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.id.length !== b.id.length) return a.id.length - b.id.length;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function readTrades(data: unknown): readonly Trade[] {
  const trades = (data as { trades?: unknown } | null)?.trades;
  return Array.isArray(trades) ? (trades as readonly Trade[]) : [];
}
