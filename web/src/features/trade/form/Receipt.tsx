import type { BookView } from '@/data/book';
import type { Loadable } from '@/data/loadable';
import { usePaintedFigure } from '@/data/painted';
import type { Decimal, Market } from '@/data/types';
import { fromUnits, multiply, shorten, sum, toUnits } from '@/lib/decimal';
import { grouped, readTyped, UNKNOWN } from '@/lib/numbers';
import { Num } from '@/ui/Num';
import { useRoom } from '../market-context';
import { estimateFee } from './check';
import { type Draft, totalOf } from './draft';
import { sweep, wouldTake } from './far';

/** What the order would cost and bring, with the fee by whether it would match at once. */
export function Receipt({ draft }: { readonly draft: Draft }) {
  const { market, book } = useRoom();
  // The figures are one text, so that the form is drawn again only when one of them changed.
  const text = usePaintedFigure(book, (loadable) =>
    JSON.stringify(figuresOf(draft, market, bookOf(loadable))),
  );
  const figures = JSON.parse(text) as Figures;
  return (
    <dl className="kv rec">
      <div>
        <dt>
          Fee, {figures.role} {figures.rate}%
        </dt>
        <dd data-testid="form-fee">
          <Num value={figures.fee} plain /> {figures.fee !== null && figures.unit}
        </dd>
      </div>
      <div>
        <dt>You receive{draft.type === 'market' ? ', about' : ''}</dt>
        <dd>
          <Num value={figures.receive} plain /> {figures.receive !== null && figures.unit}
        </dd>
      </div>
      <div>
        <dt>{figures.lastName}</dt>
        <dd className="num">{figures.last}</dd>
      </div>
    </dl>
  );
}

interface Figures {
  readonly role: 'maker' | 'taker';
  readonly rate: string;
  readonly unit: string;
  readonly fee: Decimal | null;
  readonly receive: Decimal | null;
  readonly lastName: string;
  readonly last: string;
}

function bookOf(loadable: Loadable<BookView>): BookView | null {
  return loadable.state === 'ready' ? loadable.value : null;
}

export function figuresOf(draft: Draft, market: Market, book: BookView | null): Figures {
  return draft.type === 'limit'
    ? limitFigures(draft, market, book)
    : marketFigures(draft, market, book);
}

function limitFigures(draft: Draft, market: Market, book: BookView | null): Figures {
  const price = readTyped(draft.price);
  const amount = readTyped(draft.amount);
  const other = draft.side === 'buy' ? book?.asks[0] : book?.bids[0];
  const best = other === undefined ? null : fromUnits(other.price, market.priceScale);
  const isTaker = price !== null && !draft.postOnly && wouldTake(draft.side, price, best);
  const isWhole = price !== null && amount !== null;
  const total = isWhole ? totalOf(price, amount, market) : null;
  const received = total === null || total === '' ? null : draft.side === 'buy' ? amount : total;
  const ahead = price === null || isTaker ? null : aheadOf(draft, price, market, book);
  return {
    ...common(draft, market, isTaker ? 'taker' : 'maker', received),
    lastName: isTaker ? 'Best price there' : 'Ahead of you',
    last: isTaker
      ? `${grouped(best ?? '')} ${market.quote}`
      : ahead === null
        ? UNKNOWN
        : `${grouped(shorten(ahead))} ${market.base}`,
  };
}

function marketFigures(draft: Draft, market: Market, book: BookView | null): Figures {
  const size = readTyped(draft.basis === 'amount' ? draft.amount : draft.total);
  const wish = size === null ? null : { side: draft.side, basis: draft.basis, size };
  const met = book === null || wish === null ? null : sweep(book, wish, market);
  const received = met === null ? null : draft.side === 'buy' ? met.amount : met.total;
  return {
    ...common(draft, market, 'taker', received),
    lastName: 'Average price, about',
    last: met === null ? UNKNOWN : `${grouped(met.average)} ${market.quote}`,
  };
}

function common(draft: Draft, market: Market, role: Figures['role'], received: Decimal | null) {
  const isBuy = draft.side === 'buy';
  const rate = role === 'maker' ? market.makerFee : market.takerFee;
  const isRebate = rate.startsWith('-');
  const fee = received === null || isRebate ? null : estimateFee(received, rate, 8);
  return {
    role,
    rate: shorten(multiply(rate, '100')),
    unit: isBuy ? market.base : market.quote,
    fee,
    receive: fee === null || received === null ? received : sum(received, `-${fee}`),
  };
}

/** Return what stands before an order at `price` on its own side: better and equal prices. */
function aheadOf(
  draft: Draft,
  price: Decimal,
  market: Market,
  book: BookView | null,
): Decimal | null {
  const ticks = toUnits(price, market.priceScale);
  if (book === null || ticks === null) return null;
  const levels = draft.side === 'buy' ? book.bids : book.asks;
  const isBefore = (level: bigint) => (draft.side === 'buy' ? level >= ticks : level <= ticks);
  const lots = levels
    .filter((level) => isBefore(level.price))
    .reduce((total, level) => total + level.quantity, 0n);
  return fromUnits(lots, market.quantityScale);
}
