import { createContext, useContext, useEffect, useState } from 'react';
import type { BookView } from '@/data/book';
import type { Link } from '@/data/feed';
import { LOADING, type Loadable } from '@/data/loadable';
import { MarketFeed, NO_LINK } from '@/data/market-feed';
import { Painted } from '@/data/painted';
import type { Market, Trade } from '@/data/types';

export interface MarketRoom {
  readonly market: Market;
  /** Null for the moment before the sockets are opened. */
  readonly feed: MarketFeed | null;
  readonly book: Painted<Loadable<BookView>>;
  readonly tape: Painted<Loadable<readonly Trade[]>>;
  readonly link: Painted<Link>;
}

const NO_BOOK = new Painted<Loadable<BookView>>(() => LOADING, 0);
const NO_TAPE = new Painted<Loadable<readonly Trade[]>>(() => LOADING, 0);
const NOT_LINKED = new Painted<Link>(() => NO_LINK, 0);

const MarketContext = createContext<MarketRoom | null>(null);
export const MarketProvider = MarketContext.Provider;

/** Open a market's streams while the page shows it. */
export function useMarketRoom(market: Market): MarketRoom {
  const { symbol, priceScale, quantityScale } = market;
  const [feed, setFeed] = useState<MarketFeed | null>(null);
  useEffect(() => {
    const opened = new MarketFeed(symbol, { priceScale, quantityScale });
    setFeed(opened);
    return () => {
      opened.close();
      setFeed(null);
    };
  }, [symbol, priceScale, quantityScale]);
  return {
    market,
    feed,
    book: feed?.book ?? NO_BOOK,
    tape: feed?.tape ?? NO_TAPE,
    link: feed?.link ?? NOT_LINKED,
  };
}

/** Return the market that this page shows. */
export function useRoom(): MarketRoom {
  const room = useContext(MarketContext);
  if (room === null) throw new Error('a panel of the trade screen stands outside it');
  return room;
}
