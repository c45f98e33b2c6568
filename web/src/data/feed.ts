/**
 * One WebSocket that heals itself: back-off with jitter, and a watchdog, because a dead line does
 * not close a socket. What the frames mean is the listener's business.
 */

/** `connecting` is the first try; `stale` is an open socket that says nothing. */
export type LinkState = 'connecting' | 'live' | 'stale' | 'reconnecting' | 'closed';

export interface FeedListener {
  readonly opened: (send: (message: unknown) => void) => void;
  readonly received: (frame: Frame) => void;
  readonly changed: (link: Link) => void;
  /** The exchange ended the connection and says why; codes from 4000 are its own. */
  readonly ended?: (code: number) => void;
}

export interface Link {
  readonly state: LinkState;
  /** How many tries since the line was lost. */
  readonly tries: number;
  /** When the last frame came, in milliseconds since 1970; 0 before the first. */
  readonly heardAt: number;
  readonly roundTripMs: number | null;
}

/** A message of the exchange's streams. */
export interface Frame {
  readonly type: string;
  readonly symbol?: string;
  readonly timestamp?: number;
  readonly sequence?: number;
  readonly prevSequence?: number;
  readonly index?: number;
  readonly prevIndex?: number;
  readonly data?: unknown;
}

export const PING_MS = 2_000;
export const STALE_MS = 4_500;
export const DEAD_MS = 12_000;
const BEAT_MS = 1_000;
const TRY_MIN_MS = 400;
const TRY_SOON_MS = 2_400;
const TRY_MAX_MS = 30_000;
const SOON_TRIES = 25;

/** Return how long to wait before try number `tries` (1 is the first). `chance` is 0 to 1. */
export function backOffMs(tries: number, chance: number): number {
  const limit = tries > SOON_TRIES ? TRY_MAX_MS : TRY_SOON_MS;
  const growth =
    tries > SOON_TRIES ? TRY_SOON_MS * 2 ** (tries - SOON_TRIES) : TRY_MIN_MS * 2 ** (tries - 1);
  return Math.min(limit, growth) * (0.5 + chance / 2);
}

export class Feed {
  private socket: WebSocket | null = null;
  private link: Link = { state: 'connecting', tries: 0, heardAt: 0, roundTripMs: null };
  private pingedAt = 0;
  /** When the line was last known to live: a frame, or the start of a try. */
  private aliveAt = Date.now();
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readonly heart: ReturnType<typeof setInterval>;

  constructor(
    private readonly path: string,
    private readonly listener: FeedListener,
  ) {
    this.heart = setInterval(() => this.beat(), BEAT_MS);
    globalThis.addEventListener('online', this.tryNow);
    this.connect();
  }

  /** Close for good. */
  close(): void {
    clearInterval(this.heart);
    clearTimeout(this.retry);
    globalThis.removeEventListener('online', this.tryNow);
    this.drop();
    this.become({ state: 'closed' });
  }

  /** Drop this connection and open another at once: the way to a fresh snapshot. */
  restart(): void {
    this.drop();
    this.become({ state: 'reconnecting' });
    this.connect();
  }

  /** Send a message if the socket is open; the server's snapshot makes up for what was lost. */
  send(message: unknown): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private connect(): void {
    clearTimeout(this.retry);
    const origin = globalThis.location.origin.replace(/^http/, 'ws');
    const socket = new WebSocket(origin + this.path);
    this.socket = socket;
    this.aliveAt = Date.now();
    socket.onopen = () => {
      this.listener.opened((message) => this.send(message));
      this.ping();
    };
    socket.onmessage = (event) => this.hear(socket, event.data);
    socket.onclose = ({ code }) => {
      if (this.socket !== socket) return;
      this.lost();
      this.listener.ended?.(code);
    };
  }

  private hear(socket: WebSocket, text: unknown): void {
    if (this.socket !== socket) return;
    const frame = parseFrame(text);
    if (frame === null) return;
    const heardAt = Date.now();
    this.aliveAt = heardAt;
    const isPong = frame.type === 'pong';
    const roundTripMs = isPong ? heardAt - this.pingedAt : this.link.roundTripMs;
    this.become({ state: 'live', tries: 0, heardAt, roundTripMs });
    if (!isPong) this.listener.received(frame);
  }

  private beat(): void {
    if (this.socket === null) return;
    const now = Date.now();
    const silentMs = now - this.aliveAt;
    if (silentMs > DEAD_MS) {
      this.drop();
      this.lost();
      return;
    }
    if (silentMs > STALE_MS && this.link.state === 'live') this.become({ state: 'stale' });
    if (now - this.pingedAt >= PING_MS) this.ping();
  }

  private ping(): void {
    this.pingedAt = Date.now();
    this.send({ type: 'ping' });
  }

  private readonly tryNow = (): void => {
    if (this.link.state === 'reconnecting') this.connect();
  };

  private lost(): void {
    this.socket = null;
    const tries = this.link.tries + 1;
    this.become({ state: 'reconnecting', tries });
    this.retry = setTimeout(() => this.connect(), backOffMs(tries, Math.random()));
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private become(change: Partial<Link>): void {
    const before = this.link;
    this.link = { ...before, ...change };
    const { state, tries, roundTripMs } = this.link;
    const isSame =
      before.state === state && before.tries === tries && before.roundTripMs === roundTripMs;
    if (!isSame) this.listener.changed(this.link);
  }
}

function parseFrame(text: unknown): Frame | null {
  if (typeof text !== 'string') return null;
  try {
    const value: unknown = JSON.parse(text);
    const isFrame = typeof value === 'object' && value !== null && 'type' in value;
    return isFrame && typeof value.type === 'string' ? (value as Frame) : null;
  } catch {
    return null;
  }
}
