import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backOffMs, DEAD_MS, Feed, type Frame, type Link } from './feed';

class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  readonly sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  say(frame: unknown): void {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }
}

const last = () => FakeSocket.all.at(-1) as FakeSocket;

describe('a socket that heals itself', () => {
  let feed: Feed;
  let links: Link[];
  let frames: Frame[];
  let codes: number[];

  beforeEach(() => {
    vi.useFakeTimers();
    FakeSocket.all = [];
    [links, frames, codes] = [[], [], []];
    vi.stubGlobal('WebSocket', FakeSocket);
    vi.stubGlobal('location', { origin: 'https://bezant.example' });
    vi.stubGlobal('addEventListener', () => undefined);
    vi.stubGlobal('removeEventListener', () => undefined);
    feed = new Feed('/ws/trades/BTCUSDT', {
      opened: (send) => send({ type: 'hello' }),
      received: (frame) => frames.push(frame),
      changed: (link) => links.push(link),
      ended: (code) => codes.push(code),
    });
  });

  afterEach(() => {
    feed.close();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  const state = () => links.at(-1)?.state;

  it('speaks to its own origin, says its piece first, and is live with the first frame', () => {
    expect(last().url).toBe('wss://bezant.example/ws/trades/BTCUSDT');
    last().open();
    expect(last().sent[0]).toBe('{"type":"hello"}');
    expect(state()).toBeUndefined();
    last().say({ type: 'trades', data: {} });
    expect(state()).toBe('live');
    expect(frames).toHaveLength(1);
  });

  it('measures the round trip and keeps pongs to itself', () => {
    last().open();
    vi.advanceTimersByTime(40);
    last().say({ type: 'pong' });
    expect(links.at(-1)?.roundTripMs).toBe(40);
    expect(frames).toEqual([]);
  });

  it('ignores what is no frame', () => {
    last().open();
    for (const text of ['', 'null', '[]', '{"type":7}', 'not json']) last().say(text);
    expect(frames).toEqual([]);
  });

  it('comes back after the line was lost, and says with which code', () => {
    last().open();
    last().say({ type: 'x' });
    last().onclose?.({ code: 1012 });
    expect(state()).toBe('reconnecting');
    expect(codes).toEqual([1012]);
    vi.advanceTimersByTime(500);
    expect(FakeSocket.all).toHaveLength(2);
    last().open();
    last().say({ type: 'x' });
    expect(links.at(-1)).toMatchObject({ state: 'live', tries: 0 });
  });

  it('calls silence stale, then takes it for dead and connects anew', () => {
    last().open();
    last().say({ type: 'x' });
    vi.advanceTimersByTime(6_000);
    expect(state()).toBe('stale');
    vi.advanceTimersByTime(DEAD_MS);
    expect(FakeSocket.all.length).toBeGreaterThan(1);
  });

  it('does not wait for ever for a socket to open', () => {
    vi.advanceTimersByTime(DEAD_MS + 4_000);
    expect(FakeSocket.all.length).toBeGreaterThan(1);
  });

  it('does not hear a socket that it gave up', () => {
    const first = last();
    first.open();
    feed.restart();
    first.onmessage?.({ data: '{"type":"late"}' });
    expect(frames).toEqual([]);
    expect(FakeSocket.all).toHaveLength(2);
  });
});

describe('back-off', () => {
  it('grows, keeps its bounds and leaves room for chance', () => {
    expect(backOffMs(1, 1)).toBe(400);
    expect(backOffMs(2, 1)).toBe(800);
    expect(backOffMs(10, 1)).toBe(2_400);
    expect(backOffMs(10, 0)).toBe(1_200);
    expect(backOffMs(26, 1)).toBe(4_800);
    expect(backOffMs(200, 1)).toBe(30_000);
  });
});
