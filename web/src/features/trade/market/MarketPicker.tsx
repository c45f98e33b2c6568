import { Search } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Market, Ticker } from '@/data/types';
import { grouped, short, UNKNOWN } from '@/lib/numbers';
import { AssetCoin } from '@/ui/AssetCoin';
import { Change } from '@/ui/Change';
import { useModal } from '@/ui/Dialog';
import { Blank } from '@/ui/states';
import { useRoom } from '../market-context';
import { useMarkets, useTickers } from '../use-markets';

/** The list of markets over the page: type to search, arrows and Enter to choose. */
export function MarketPicker({ close }: { readonly close: () => void }) {
  const ref = useModal(close);
  const { market: current } = useRoom();
  const navigate = useNavigate();
  const markets = useMarkets();
  const tickers = useTickers();
  const [text, setText] = useState('');
  const [marked, setMarked] = useState(0);
  const all = markets.state === 'ready' ? markets.value : [];
  const found = all.filter((market) => matches(market, text));

  function choose(market: Market | undefined) {
    if (market === undefined) return;
    close();
    navigate(`/trade/${market.symbol}`);
  }

  function key(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setMarked(Math.min(found.length - 1, Math.max(0, marked + step)));
    }
    if (event.key === 'Enter') choose(found[marked]);
  }

  return (
    <dialog ref={ref} className="sheet" aria-label="Choose a market">
      <div className="p-2">
        <div className="f">
          <label htmlFor="market-search">
            <Search className="i i14" aria-label="Search markets" />
          </label>
          <input
            id="market-search"
            style={{ textAlign: 'left' }}
            placeholder="BTC, USDT, ETHBTC"
            autoComplete="off"
            value={text}
            role="combobox"
            aria-expanded="true"
            aria-controls="market-list"
            aria-activedescendant={found[marked] && `market-${found[marked].symbol}`}
            onChange={(event) => {
              setText(event.target.value);
              setMarked(0);
            }}
            onKeyDown={key}
          />
        </div>
      </div>
      <div
        id="market-list"
        role="listbox"
        aria-label="Markets"
        className="menu overflow-y-auto shadow-none"
      >
        {found.map((market, index) => (
          <MarketOption
            key={market.symbol}
            market={market}
            ticker={tickerOf(tickers.state === 'ready' ? tickers.value : [], market)}
            isMarked={index === marked}
            isCurrent={market.symbol === current.symbol}
            choose={() => choose(market)}
          />
        ))}
      </div>
      {found.length === 0 && <Blank icon={Search} title="No market has this name" />}
    </dialog>
  );
}

interface OptionProps {
  readonly market: Market;
  readonly ticker: Ticker | undefined;
  readonly isMarked: boolean;
  readonly isCurrent: boolean;
  readonly choose: () => void;
}

function MarketOption({ market, ticker, isMarked, isCurrent, choose }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the search field above the list.
    <div
      id={`market-${market.symbol}`}
      role="option"
      tabIndex={-1}
      aria-selected={isCurrent}
      data-testid="market-option"
      className={`mopt cursor-pointer ${isMarked ? 'is-hover' : ''}`}
      onClick={choose}
    >
      <AssetCoin code={market.base} />
      <b className={`b5 ${isCurrent ? 'gold' : ''}`}>
        {market.base}/{market.quote}
      </b>
      <span className="r num">{ticker?.last ? grouped(ticker.last) : UNKNOWN}</span>
      <span className="r">
        <Change percent={ticker?.changePercent ?? null} />
      </span>
      <span className="r num t3">{ticker ? short(ticker.quoteVolume) : UNKNOWN}</span>
    </div>
  );
}

function tickerOf(tickers: readonly Ticker[], market: Market): Ticker | undefined {
  return tickers.find((ticker) => ticker.symbol === market.symbol);
}

function matches(market: Market, text: string): boolean {
  const wanted = text.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return market.symbol.includes(wanted);
}
