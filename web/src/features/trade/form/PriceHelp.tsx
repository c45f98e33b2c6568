import type { BookView } from '@/data/book';
import type { Decimal } from '@/data/types';
import { floorTo, fromUnits, percentChange, unitsOf } from '@/lib/decimal';
import { readTyped } from '@/lib/numbers';
import { useRoom } from '../market-context';
import { useLastPrice } from '../use-last-price';

interface Props {
  readonly price: string;
  readonly use: (price: Decimal) => void;
}

/** Bid, Mid and Ask put the book's price in; beside them how far the typed price is from the last. */
export function PriceHelp({ price, use }: Props) {
  const { market, book } = useRoom();

  function put(pick: (book: BookView) => bigint | null) {
    const loadable = book.get();
    const units = loadable.state === 'ready' ? pick(loadable.value) : null;
    if (units !== null) use(fromUnits(units, market.priceScale));
  }

  const mid = ({ bids, asks }: BookView) => {
    const [bid, ask] = [bids[0]?.price, asks[0]?.price];
    const tick = unitsOf(market.tickSize, market.priceScale);
    return bid === undefined || ask === undefined ? null : floorTo((bid + ask) / 2n, tick);
  };

  return (
    <div className="row sp refs">
      <span className="row g2">
        <button
          type="button"
          className="pick"
          onClick={() => put(({ bids }) => bids[0]?.price ?? null)}
        >
          Bid
        </button>
        <button type="button" className="pick" onClick={() => put(mid)}>
          Mid
        </button>
        <button
          type="button"
          className="pick"
          onClick={() => put(({ asks }) => asks[0]?.price ?? null)}
        >
          Ask
        </button>
      </span>
      <Distance price={price} />
    </div>
  );
}

function Distance({ price }: { readonly price: string }) {
  const last = useLastPrice().price;
  const plain = readTyped(price);
  const away = plain === null || last === null ? null : percentChange(plain, last);
  if (away === null) return null;
  const size = away.replace('-', '');
  const words = /^0\.0*$/.test(size)
    ? 'At the last price'
    : `${size}% ${away.startsWith('-') ? 'below' : 'above'} last`;
  return <span className="lab num">{words}</span>;
}
