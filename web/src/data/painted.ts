/**
 * A value that changes often and is shown seldom: writers mark it, readers see it at most every
 * `intervalMs`. What waits is one mark, never a queue, so a hidden tab costs nothing.
 */
import { useSyncExternalStore } from 'react';

export class Painted<T> {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private paintedAt = 0;
  private shown: T;

  constructor(
    private readonly read: () => T,
    private readonly intervalMs: number,
  ) {
    this.shown = read();
  }

  /** Something changed; it is shown when the interval allows. */
  touch(): void {
    if (this.timer !== undefined) return;
    const waitMs = Math.max(0, this.paintedAt + this.intervalMs - Date.now());
    this.timer = setTimeout(() => this.paint(), waitMs);
  }

  /** Show the change now: for what the user did, and for the state of the line. */
  paint(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.paintedAt = Date.now();
    this.shown = this.read();
    for (const listener of this.listeners) listener();
  }

  readonly get = (): T => this.shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

/** Return the shown value; the component renders again only when it changes. */
export function usePainted<T>(painted: Painted<T>): T {
  return useSyncExternalStore(painted.subscribe, painted.get);
}

/** Return one figure of the shown value; the component renders again only when that changes. */
export function usePaintedFigure<T, F extends string | number | boolean | null>(
  painted: Painted<T>,
  figure: (value: T) => F,
): F {
  return useSyncExternalStore(painted.subscribe, () => figure(painted.get()));
}
