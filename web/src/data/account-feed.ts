/**
 * The private stream of one account: its open orders, balances and fills, kept as they change.
 *
 * The token goes in the first message, never in the address. After a lost line the server sends the
 * whole state again, so nothing has to be mended from what was missed.
 */
import { Feed, type Frame, type Link } from './feed';
import { LOADING, type Loadable, ready } from './loadable';
import { NO_LINK } from './market-feed';
import { Painted } from './painted';
import { endSession, readToken } from './session';
import { type Balance, type Fill, isOpen, type Order } from './types';

const PAINT_MS = 100;
/** The exchange's close code where the token is not, or no longer, good. */
const TOKEN_ENDED = 4401;
const ENDED_MAX = 500;

export interface AccountView {
  /** Newest first. */
  readonly openOrders: readonly Order[];
  readonly balances: ReadonlyMap<string, Balance>;
  /** Grows with each order that ended and each fill: lists that show history read again then. */
  readonly historyVersion: number;
}

export type AccountListener = (event: AccountEvent) => void;
export type AccountEvent =
  | { readonly kind: 'order'; readonly order: Order; readonly before: Order | null }
  | { readonly kind: 'fill'; readonly fill: Fill };

export class AccountFeed {
  readonly view: Painted<Loadable<AccountView>>;
  readonly link: Painted<Link>;

  private readonly feed: Feed;
  private readonly listeners = new Set<AccountListener>();
  private orders = new Map<string, Order>();
  private balances = new Map<string, Balance>();
  /** Orders that ended here, so that a late reply to placing one does not bring it back. */
  private ended = new Map<string, number>();
  private historyVersion = 0;
  /** Sequence and index of the last frame. */
  private place: readonly [number | undefined, number | undefined] = [undefined, undefined];
  private isSeeded = false;
  private currentLink: Link = NO_LINK;

  constructor() {
    this.view = new Painted<Loadable<AccountView>>(() => this.read(), PAINT_MS);
    this.link = new Painted<Link>(() => this.currentLink, PAINT_MS);
    this.feed = new Feed('/ws/orders', {
      opened: (send) => send({ type: 'auth', token: readToken() }),
      received: (frame) => this.hear(frame),
      ended: (code) => {
        if (code === TOKEN_ENDED) endSession('Your session ended. Log in again.');
      },
      changed: (link) => {
        this.currentLink = link;
        this.link.paint();
        this.view.touch();
      },
    });
  }

  close(): void {
    this.feed.close();
  }

  /** Hear what happens to the account's orders. Returns the way to stop. */
  onEvent(listener: AccountListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Take in an order that a REST reply brought, which may be before or after the stream's word. */
  take(order: Order): void {
    const known = this.orders.get(order.id);
    if (this.ended.has(order.id) || (known !== undefined && known.seq > order.seq)) return;
    this.put(order);
    this.view.paint();
  }

  private hear(frame: Frame): void {
    if (!this.isNext(frame)) {
      this.feed.restart();
      return;
    }
    switch (frame.type) {
      case 'authenticated':
        this.seed(frame.data);
        break;
      case 'order':
        this.hearOrder(frame.data as Order);
        break;
      case 'fill':
        this.historyVersion += 1;
        this.tell({ kind: 'fill', fill: frame.data as Fill });
        break;
      case 'balance':
        this.hearBalance(frame.data as Balance);
        break;
      default:
        return;
    }
    this.view.touch();
  }

  /** Whether nothing is missing before the frame; a gap is healed by the state sent on joining. */
  private isNext({ sequence, index, prevSequence, prevIndex }: Frame): boolean {
    if (sequence === undefined) return true;
    const [lastSequence, lastIndex] = this.place;
    const isGap =
      prevSequence !== undefined && (prevSequence !== lastSequence || prevIndex !== lastIndex);
    this.place = [sequence, index];
    return !isGap;
  }

  private seed(data: unknown): void {
    const { orders = [], balances = [] } = (data ?? {}) as {
      orders?: readonly Order[];
      balances?: readonly Balance[];
    };
    this.orders = new Map(orders.filter(isOpen).map((order) => [order.id, order]));
    this.balances = new Map(balances.map((balance) => [balance.asset, balance]));
    this.historyVersion += 1;
    this.isSeeded = true;
    this.view.paint();
  }

  private hearOrder(order: Order): void {
    const before = this.orders.get(order.id) ?? null;
    this.put(order);
    this.tell({ kind: 'order', order, before });
  }

  private hearBalance(balance: Balance): void {
    this.balances = new Map(this.balances).set(balance.asset, balance);
  }

  private put(order: Order): void {
    if (isOpen(order)) {
      this.orders.set(order.id, order);
      return;
    }
    this.orders.delete(order.id);
    this.ended.set(order.id, order.seq);
    for (const id of this.ended.keys()) {
      if (this.ended.size <= ENDED_MAX) break;
      this.ended.delete(id);
    }
    this.historyVersion += 1;
  }

  private tell(event: AccountEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  private read(): Loadable<AccountView> {
    if (!this.isSeeded) return LOADING;
    const openOrders = [...this.orders.values()].sort(newestFirst);
    const { balances, historyVersion } = this;
    return ready({ openOrders, balances, historyVersion }, this.currentLink.state !== 'live');
  }
}

/** Newest first, the legs of a list beside each other in their order. */
function newestFirst(a: Order, b: Order): number {
  const [first, second] = [BigInt(a.listId ?? a.id), BigInt(b.listId ?? b.id)];
  if (first !== second) return first < second ? 1 : -1;
  return BigInt(a.id) < BigInt(b.id) ? -1 : 1;
}
