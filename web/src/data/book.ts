/**
 * A market's order book as the stream tells it: a snapshot, then absolute changes of levels, each
 * naming the frame before it. A gap is not mended here; the caller asks for a new snapshot.
 */
import { toUnits, unitsOf } from '@/lib/decimal';
import type { Frame } from './feed';
import type { WireLevel } from './types';

/** A level: price and quantity in units of the market's price and quantity scale. */
export interface Level {
  readonly price: bigint;
  readonly quantity: bigint;
}

export interface BookView {
  readonly sequence: number;
  readonly timestamp: number;
  /** Best first. */
  readonly bids: readonly Level[];
  /** Best first. */
  readonly asks: readonly Level[];
}

export interface BookScales {
  readonly priceScale: number;
  readonly quantityScale: number;
}

interface BookData {
  readonly bids: readonly WireLevel[];
  readonly asks: readonly WireLevel[];
}

/** More levels than this a side are forgotten, the worst first; a new snapshot brings them back. */
export const LEVELS_MAX = 1_000;

export class OrderBook {
  private readonly bids = new Map<bigint, bigint>();
  private readonly asks = new Map<bigint, bigint>();
  private sequence: number | null = null;
  private timestamp = 0;

  constructor(private readonly scales: BookScales) {}

  /** Whether a snapshot came since the start or the last `forget`. */
  get isReady(): boolean {
    return this.sequence !== null;
  }

  /** Forget everything; changes are ignored until the next snapshot. */
  forget(): void {
    this.bids.clear();
    this.asks.clear();
    this.sequence = null;
  }

  /** Take in a frame. Returns false if one is missing before it: the book is then not to be used. */
  apply(frame: Frame): boolean {
    if (frame.type === 'orderbook_snapshot') return this.replace(frame);
    if (frame.type !== 'orderbook_update' || this.sequence === null) return true;
    const data = readBook(frame.data);
    if (data === null || frame.sequence === undefined) return false;
    if (frame.sequence <= this.sequence) return true;
    if (frame.prevSequence !== this.sequence) return false;
    this.merge(data);
    this.sequence = frame.sequence;
    this.timestamp = frame.timestamp ?? this.timestamp;
    return true;
  }

  /** Return the book as it is now, best levels first. */
  view(): BookView {
    const bids = toLevels(this.bids).sort((a, b) => (a.price > b.price ? -1 : 1));
    const asks = toLevels(this.asks).sort((a, b) => (a.price < b.price ? -1 : 1));
    trim(this.bids, bids);
    trim(this.asks, asks);
    return { sequence: this.sequence ?? 0, timestamp: this.timestamp, bids, asks };
  }

  private replace(frame: Frame): boolean {
    const data = readBook(frame.data);
    if (data === null || frame.sequence === undefined) return false;
    this.forget();
    this.merge(data);
    this.sequence = frame.sequence;
    this.timestamp = frame.timestamp ?? 0;
    return true;
  }

  private merge(data: BookData): void {
    for (const level of data.bids) this.set(this.bids, level);
    for (const level of data.asks) this.set(this.asks, level);
  }

  private set(side: Map<bigint, bigint>, [price, quantity]: WireLevel): void {
    const key = unitsOf(price, this.scales.priceScale);
    const units = unitsOf(quantity, this.scales.quantityScale);
    if (units === 0n) side.delete(key);
    else side.set(key, units);
  }
}

function toLevels(side: ReadonlyMap<bigint, bigint>): Level[] {
  return Array.from(side, ([price, quantity]) => ({ price, quantity }));
}

function trim(side: Map<bigint, bigint>, sorted: Level[]): void {
  for (const level of sorted.splice(LEVELS_MAX)) side.delete(level.price);
}

function readBook(data: unknown): BookData | null {
  if (typeof data !== 'object' || data === null) return null;
  const { bids, asks } = data as { bids?: unknown; asks?: unknown };
  return isLevels(bids) && isLevels(asks) ? { bids, asks } : null;
}

function isLevels(value: unknown): value is readonly WireLevel[] {
  return Array.isArray(value) && value.every(isLevel);
}

function isLevel(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const [price, quantity] = value as unknown[];
  return isDecimal(price) && isDecimal(quantity);
}

function isDecimal(value: unknown): boolean {
  return typeof value === 'string' && toUnits(value, 18) !== null;
}
