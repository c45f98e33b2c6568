import { ChartCandlestick } from 'lucide-react';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { type Candle, INTERVAL_MS, INTERVALS, type Interval } from '@/data/types';
import { useAccount } from '@/features/account/AccountProvider';
import { compare, cut } from '@/lib/decimal';
import { grouped, UNKNOWN } from '@/lib/numbers';
import { clock, countdown, day } from '@/lib/times';
import { useLook } from '@/ui/look';
import { Blank, Failed } from '@/ui/states';
import { useMedia } from '@/ui/use-media';
import { useRoom } from '../market-context';
import { usePrefs } from '../prefs';
import { CandleChart } from './candle-chart';
import { EXPONENTIAL_LENGTH, SIMPLE_LENGTH } from './pixels';
import { useCandles } from './use-candles';

export function ChartPanel() {
  const { market } = useRoom();
  const interval = usePrefs((prefs) => prefs.interval);
  return (
    <section className="a-chart" aria-label="Chart">
      <header className="bar">
        <fieldset className="pickrow" aria-label="Interval">
          {INTERVALS.map((each) => (
            <button
              key={each}
              type="button"
              className="pick"
              aria-pressed={each === interval}
              onClick={() => usePrefs.setState({ interval: each })}
            >
              {each}
            </button>
          ))}
        </fieldset>
        <span className="grow" />
        <span className="lab xm">UTC</span>
      </header>
      <Chart key={`${market.symbol}-${interval}`} interval={interval} />
    </section>
  );
}

function Chart({ interval }: { readonly interval: Interval }) {
  const { market } = useRoom();
  const { candles, loadOlder } = useCandles(interval);
  const [pointed, setPointed] = useState<number | null>(null);
  const element = useRef<HTMLDivElement>(null);
  const chart = useChart(element, { pointed: setPointed, wantsOlder: loadOlder });
  const list = candles.state === 'ready' ? candles.value : null;
  const last = list?.at(-1) ?? null;

  useEffect(() => {
    if (list !== null) chart?.show(list);
  }, [chart, list]);

  return (
    <>
      <Legend
        candle={findCandle(list, pointed) ?? last}
        count={list?.length ?? 0}
        isLast={pointed === null}
        interval={interval}
      />
      <div
        className="cv"
        data-testid="chart"
        data-symbol={market.symbol}
        data-interval={interval}
        data-last-close={last?.close ?? ''}
      >
        <div
          className="canvas"
          ref={element}
          role="figure"
          aria-label={`Candles of ${market.base}/${market.quote}, ${interval}${
            last === null ? '' : `, last ${grouped(last.close)}`
          }`}
        />
        {candles.state === 'failed' && (
          <div className="over">
            <Failed title="Candles did not load" error={candles.error} retry={candles.retry} />
          </div>
        )}
        {list?.length === 0 && (
          <div className="over">
            <Blank
              icon={ChartCandlestick}
              title="No trades yet"
              text="The first one draws a candle."
            />
          </div>
        )}
      </div>
    </>
  );
}

interface Handlers {
  readonly pointed: (openTime: number | null) => void;
  readonly wantsOlder: () => void;
}

/** Return the drawing in the element, with one's orders on it and the colors of the theme. */
function useChart(element: RefObject<HTMLDivElement | null>, handlers: Handlers) {
  const { market } = useRoom();
  const [chart, setChart] = useState<CandleChart | null>(null);
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    if (element.current === null) return;
    const drawn = new CandleChart(element.current, market, {
      pointed: (time) => latest.current.pointed(time),
      wantsOlder: () => latest.current.wantsOlder(),
    });
    setChart(drawn);
    return () => {
      setChart(null);
      drawn.remove();
    };
  }, [element, market]);

  const theme = useLook((look) => look.theme);
  const systemIsLight = useMedia('(prefers-color-scheme: light)');
  const account = useAccount();
  const openOrders = account.state === 'ready' ? account.value.openOrders : null;
  const orders = useMemo(
    () => (openOrders ?? []).filter((order) => order.symbol === market.symbol),
    [openOrders, market],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: both decide what the page's colors are.
  useEffect(() => {
    chart?.paintColors();
    chart?.showOrders(orders);
  }, [chart, orders, theme, systemIsLight]);
  return chart;
}

interface LegendProps {
  readonly candle: Candle | null;
  readonly count: number;
  readonly isLast: boolean;
  readonly interval: Interval;
}

function Legend({ candle, count, isLast, interval }: LegendProps) {
  const { market } = useRoom();
  const price = (value: string | undefined) => (value === undefined ? UNKNOWN : grouped(value));
  const way = candle === null ? 0 : compare(candle.close, candle.open);
  const closesAt = (candle?.openTime ?? 0) + INTERVAL_MS[interval];
  return (
    <div className="leg">
      <span className="num">
        O <b>{price(candle?.open)}</b>H <b>{price(candle?.high)}</b>L <b>{price(candle?.low)}</b>C{' '}
        <b className={way === 0 ? '' : way > 0 ? 'up' : 'dn'}>{price(candle?.close)}</b>
        Vol{' '}
        <b>
          {candle === null
            ? UNKNOWN
            : grouped(cut(candle.volume, Math.min(3, market.quantityScale)))}
        </b>
        {isLast || candle === null ? (
          <ClosesIn at={closesAt} />
        ) : (
          <b>{`${day(candle.openTime)} ${clock(candle.openTime).slice(0, 5)}`}</b>
        )}
      </span>
      <span>
        {count >= SIMPLE_LENGTH && <span className="ma">MA {SIMPLE_LENGTH} </span>}
        {count >= EXPONENTIAL_LENGTH && <span className="mb">EMA {EXPONENTIAL_LENGTH}</span>}
      </span>
    </div>
  );
}

function ClosesIn({ at }: { readonly at: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  if (at <= now) return null;
  return (
    <>
      closes in <b>{countdown(at, now)}</b>
    </>
  );
}

function findCandle(candles: readonly Candle[] | null, openTime: number | null): Candle | null {
  if (candles === null || openTime === null) return null;
  return candles.find((candle) => candle.openTime === openTime) ?? null;
}
