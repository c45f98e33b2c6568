import { useEffect, useMemo, useState } from 'react';
import * as api from '@/data/api';
import { LOADING, type Loadable, ready } from '@/data/loadable';
import { usePainted } from '@/data/painted';
import { ApiError } from '@/data/problems';
import { type Candle, INTERVAL_MS, type Interval, type Trade } from '@/data/types';
import { useRoom } from '../market-context';
import { foldTrade, mergeCandles, withoutGaps } from './candles';

const PAGE = 500;
/** The last candles are read again this often: the projection's word on volume counts. */
const REFRESH_MS = 10_000;
const REFRESHED = 3;
/** Four paints a second are enough for a candle. */
const PAINT_MS = 250;

export interface CandleView {
  readonly candles: Loadable<readonly Candle[]>;
  readonly loadOlder: () => void;
}

/** One chart's candles: a model outside React, painted at its own pace. */
class CandleModel {
  private candles: readonly Candle[] | null = null;
  private early: Trade[] = [];
  private isReadingOlder = false;
  private hasAll = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly abort = new AbortController();

  constructor(
    private readonly symbol: string,
    private readonly interval: Interval,
    private readonly show: (candles: Loadable<readonly Candle[]>) => void,
  ) {}

  readonly load = async (): Promise<void> => {
    this.show(LOADING);
    try {
      const fresh = await this.read({ limit: PAGE });
      this.candles = mergeCandles(this.candles ?? [], fresh);
      for (const trade of this.early) this.fold(trade);
      this.early = [];
      this.paint();
    } catch (thrown) {
      if (this.abort.signal.aborted) return;
      this.show({ state: 'failed', error: ApiError.from(thrown), retry: this.load });
    }
  };

  /** Read the end again; `limit` is how many candles may have been missed. */
  readonly refresh = async (limit: number = REFRESHED): Promise<void> => {
    if (this.candles === null) return;
    try {
      this.candles = mergeCandles(this.candles, await this.read({ limit }));
      this.paint();
    } catch {
      // The next round tries again; the link's state is shown elsewhere.
    }
  };

  readonly loadOlder = async (): Promise<void> => {
    const first = this.candles?.[0];
    if (first === undefined || this.isReadingOlder || this.hasAll) return;
    this.isReadingOlder = true;
    try {
      const older = await this.read({ limit: PAGE, to: first.openTime - 1 });
      this.hasAll = older.length === 0;
      this.candles = mergeCandles(older, this.candles ?? []);
      this.paint();
    } catch {
      // Panning on asks again.
    } finally {
      this.isReadingOlder = false;
    }
  };

  readonly hear = (trades: readonly Trade[]): void => {
    for (const trade of [...trades].sort((a, b) => a.time - b.time)) {
      if (this.candles === null) this.early.push(trade);
      else this.fold(trade);
    }
    this.timer ??= setTimeout(() => this.paint(), PAINT_MS);
  };

  close(): void {
    clearTimeout(this.timer);
    this.abort.abort();
  }

  private fold(trade: Trade): void {
    this.candles = foldTrade(this.candles ?? [], trade, INTERVAL_MS[this.interval]);
  }

  private read(range: api.CandleRange): Promise<readonly Candle[]> {
    return api.listCandles(this.symbol, this.interval, range, this.abort.signal);
  }

  private paint(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.candles === null) return;
    this.show(ready(withoutGaps(this.candles, INTERVAL_MS[this.interval])));
  }
}

/** Return the candles of the room's market, live. */
export function useCandles(interval: Interval): CandleView {
  const { market, feed, link } = useRoom();
  const [candles, setCandles] = useState<Loadable<readonly Candle[]>>(LOADING);
  const model = useMemo(
    () => new CandleModel(market.symbol, interval, setCandles),
    [market.symbol, interval],
  );
  const isLive = usePainted(link).state === 'live';

  useEffect(() => {
    if (feed === null) return;
    const stop = feed.onTrades(model.hear);
    void model.load();
    const timer = setInterval(() => void model.refresh(), REFRESH_MS);
    return () => {
      stop();
      clearInterval(timer);
      model.close();
    };
  }, [feed, model]);

  useEffect(() => {
    if (isLive) void model.refresh(PAGE);
  }, [isLive, model]);

  return { candles, loadOlder: model.loadOlder };
}
