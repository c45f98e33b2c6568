import { ArrowDown, ArrowUp, BookOpen } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useMemo, useRef, useState } from 'react';
import type { BookView } from '@/data/book';
import type { Loadable } from '@/data/loadable';
import { usePainted } from '@/data/painted';
import type { Market } from '@/data/types';
import { useAccount } from '@/features/account/AccountProvider';
import { fromUnits, percentChange, shorten, unitsOf } from '@/lib/decimal';
import { grouped, UNKNOWN } from '@/lib/numbers';
import { DIRECTION_CLASS } from '@/ui/Change';
import { Num } from '@/ui/Num';
import { Select } from '@/ui/Select';
import { Blank } from '@/ui/states';
import { fillAmount, fillPrice } from '../draft-store';
import { useRoom } from '../market-context';
import { setGrouping, usePrefs } from '../prefs';
import { useLastPrice } from '../use-last-price';
import { BookRow } from './BookRow';
import { barWidth, groupedPrice, groupingSteps, ladder, type Rung, stepDecimals } from './ladder';
import { useRowCount } from './use-row-count';

const PHONE_ROWS = 11;

export function BookPanel() {
  const { market } = useRoom();
  const tick = unitsOf(market.tickSize, market.priceScale);
  const steps = groupingSteps(tick).map((step) => shorten(fromUnits(step, market.priceScale)));
  const saved = usePrefs((prefs) => prefs.grouping[market.symbol]);
  const step = steps.find((each) => each === saved) ?? steps[0] ?? market.tickSize;
  return (
    <section className="a-book" aria-label="Order book" data-testid="book">
      <header className="bar">
        <h2 className="sm b5">Book</h2>
        <span className="grow" />
        <span className="lab">Step</span>
        <Select
          label="Grouping"
          testId="book-grouping"
          value={step}
          options={steps.map((value) => ({ value, text: value }))}
          choose={(value) => setGrouping(market.symbol, value)}
        />
      </header>
      <Book step={unitsOf(step, market.priceScale)} />
    </section>
  );
}

function Book({ step }: { readonly step: bigint }) {
  const { market, book } = useRoom();
  const loadable = usePainted(book);
  const half = useRef<HTMLDivElement>(null);
  const count = useRowCount(half, PHONE_ROWS);
  const own = useOwnPrices(market, step);
  const sides = useSides(loadable, step, count);
  const grid = useBookGrid(market);
  const stale = loadable.state === 'ready' && loadable.isStale ? 'is-stale' : '';
  const row = (rung: Rung, side: 'bid' | 'ask', index: number) => (
    <BookRow
      key={`${side}-${index}`}
      side={side}
      price={fromUnits(rung.price, market.priceScale)}
      shownDecimals={stepDecimals(step, market.priceScale)}
      quantity={fromUnits(rung.quantity, market.quantityScale)}
      sum={fromUnits(rung.sum, market.quantityScale)}
      width={barWidth(rung.sum, sides.deepest)}
      isOwn={own[side].has(rung.price)}
      isTabStop={side === 'bid' && index === 0}
    />
  );
  return (
    <div
      className="ob"
      role="grid"
      aria-label={`Order book ${market.base}/${market.quote}`}
      {...grid}
    >
      <div className="hd" role="row">
        <span role="columnheader">Price ({market.quote})</span>
        <span role="columnheader">Size ({market.base})</span>
        <span role="columnheader">Sum ({market.base})</span>
      </div>
      <div className={`half asks ${stale}`} role="rowgroup" ref={half}>
        {sides.state === 'loading' && <SkeletonLevels rows={count} />}
        {sides.asks.map((rung, index) => row(rung, 'ask', index)).reverse()}
        {sides.state === 'ready' && sides.asks.length === 0 && <EmptySide word="sell" />}
      </div>
      <Middle loadable={loadable} />
      <div className={`half bids ${stale}`} role="rowgroup">
        {sides.state === 'loading' && <SkeletonLevels rows={count} />}
        {sides.bids.map((rung, index) => row(rung, 'bid', index))}
        {sides.state === 'ready' && sides.bids.length === 0 && <EmptySide word="buy" />}
      </div>
    </div>
  );
}

interface Sides {
  readonly state: 'loading' | 'ready';
  readonly bids: readonly Rung[];
  readonly asks: readonly Rung[];
  readonly deepest: bigint;
}

function useSides(loadable: Loadable<BookView>, step: bigint, count: number): Sides {
  return useMemo(() => {
    if (loadable.state !== 'ready') return { state: 'loading', bids: [], asks: [], deepest: 0n };
    const bids = ladder(loadable.value.bids, 'bid', step, count);
    const asks = ladder(loadable.value.asks, 'ask', step, count);
    const [bidSum, askSum] = [bids.at(-1)?.sum ?? 0n, asks.at(-1)?.sum ?? 0n];
    return { state: 'ready', bids, asks, deepest: bidSum > askSum ? bidSum : askSum };
  }, [loadable, step, count]);
}

/** Return the steps of the book in which one's own open orders stand. */
function useOwnPrices(market: Market, step: bigint) {
  const account = useAccount();
  const orders = account.state === 'ready' ? account.value.openOrders : null;
  return useMemo(() => {
    const own = { bid: new Set<bigint>(), ask: new Set<bigint>() };
    for (const order of orders ?? []) {
      if (order.symbol !== market.symbol || order.price === null) continue;
      const side = order.side === 'buy' ? 'bid' : 'ask';
      own[side].add(groupedPrice(unitsOf(order.price, market.priceScale), side, step));
    }
    return own;
  }, [orders, market, step]);
}

/**
 * Return the handlers of the grid. What was under the pointer when it went down is what a click
 * means, however far the book has moved by the time it goes up.
 */
function useBookGrid(market: Market) {
  const [pressed, setPressed] = useState<DOMStringMap | null>(null);

  function use(data: DOMStringMap) {
    if (data.cell === 'price' && data.price !== undefined) fillPrice(market, data.price);
    if (data.cell === 'size' && data.qty !== undefined) fillAmount(market, data.qty);
    if (data.cell === 'sum' && data.cum !== undefined) fillAmount(market, data.cum);
  }

  function press(event: MouseEvent) {
    const target = event.target as HTMLElement;
    const row = target.closest<HTMLElement>('[role=row][data-price]');
    const cell = target.closest<HTMLElement>('[data-cell]')?.dataset.cell ?? 'price';
    setPressed(row === null ? null : { ...row.dataset, cell });
  }

  function release() {
    if (pressed !== null) use(pressed);
    setPressed(null);
  }

  function key(event: KeyboardEvent<HTMLElement>) {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[role=row][data-price]');
    if (row === null) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      use({ ...row.dataset, cell: 'price' });
    }
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=row][data-price]')];
    rows[rows.indexOf(row) + move]?.focus();
  }

  return { onPointerDown: press, onClick: release, onKeyDown: key };
}

function Middle({ loadable }: { readonly loadable: Loadable<BookView> }) {
  const { market } = useRoom();
  const { price, way } = useLastPrice();
  const best = loadable.state === 'ready' ? loadable.value : null;
  const [ask, bid] = [best?.asks[0]?.price, best?.bids[0]?.price];
  const isKnown = ask !== undefined && bid !== undefined;
  const spread = isKnown ? fromUnits(ask - bid, market.priceScale) : null;
  const share =
    isKnown && ask > 0n
      ? percentChange(fromUnits(ask, market.priceScale), fromUnits(bid, market.priceScale), 4)
      : null;
  const Arrow = way === 'down' ? ArrowDown : ArrowUp;
  return (
    <div className="mid" role="row" data-testid="book-spread">
      <span role="gridcell" className="row g4 grow">
        <span className={`p num ${DIRECTION_CLASS[way]}`}>
          {price === null ? UNKNOWN : grouped(price)}
        </span>
        {way !== 'flat' && (
          <Arrow
            className={`i i14 ${DIRECTION_CLASS[way]}`}
            role="img"
            aria-label={way === 'up' ? 'The last trade rose' : 'The last trade fell'}
          />
        )}
        <span className="grow" />
        <span className="lab num">
          Spread <Num className="t2" value={spread} plain />
        </span>
        <span className="lab num t2">{share === null ? UNKNOWN : `${share}%`}</span>
      </span>
    </div>
  );
}

function SkeletonLevels({ rows }: { readonly rows: number }) {
  return Array.from({ length: rows }, (_, index) => (
    <div
      key={`level-${index + 1}`}
      className="lv"
      role="row"
      aria-hidden="true"
      aria-disabled="true"
    >
      <span className="sk" style={{ width: 48, margin: '5px 0' }} />
      <span className="sk" style={{ width: 52, margin: '5px 0 5px auto' }} />
      <span className="sk" style={{ width: 52, margin: '5px 0 5px auto' }} />
    </div>
  ));
}

function EmptySide({ word }: { readonly word: string }) {
  return <Blank icon={BookOpen} title={`No ${word} orders`} text="Yours would be the first." />;
}
