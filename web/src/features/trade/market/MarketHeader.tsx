import { ChevronDown, CircleDot, CircleSlash } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { MarketStatus } from '@/data/types';
import {
  atLeast,
  compare,
  cut,
  fromUnits,
  multiply,
  percentChange,
  shorten,
  toUnits,
} from '@/lib/decimal';
import { grouped, short, UNKNOWN } from '@/lib/numbers';
import { AssetCoin } from '@/ui/AssetCoin';
import { Change, DIRECTION_CLASS } from '@/ui/Change';
import { Num } from '@/ui/Num';
import { useRoom } from '../market-context';
import { useLastPrice } from '../use-last-price';
import { useTicker } from '../use-markets';
import { MarketPicker } from './MarketPicker';

export const STATUS_TEXT: Readonly<Record<MarketStatus, string>> = {
  pre_open: 'Auction',
  trading: 'Trading',
  post_only: 'Post-only',
  cancel_only: 'Cancel-only',
  halted: 'Halted',
  closed: 'Closed',
};

export function MarketHeader() {
  const { market } = useRoom();
  const [isPicking, setIsPicking] = useState(false);
  const ticker = useTicker(market.symbol);
  const { price } = useLastPrice();
  const [high, low] = [furthest(ticker?.high, price, 1), furthest(ticker?.low, price, -1)];
  return (
    <section className="a-head" aria-label="Market">
      <button
        type="button"
        className="mk"
        aria-haspopup="dialog"
        data-testid="market-picker"
        onClick={() => setIsPicking(true)}
      >
        <AssetCoin code={market.base} size="l" />
        <span className="sr">Choose a market, now </span>
        <b>
          {market.base}/{market.quote}
        </b>
        <ChevronDown className="i i14" aria-hidden="true" />
      </button>
      {isPicking && <MarketPicker close={() => setIsPicking(false)} />}
      <LastPriceBlock open={ticker?.open ?? null} />
      <dl className="st5">
        <Fact name="24 h high">
          <Num value={high} plain />
        </Fact>
        <Fact name="24 h low">
          <Num value={low} plain />
        </Fact>
        <Fact name="24 h volume" title={ticker?.volume}>
          {ticker === null ? UNKNOWN : short(cut(ticker.volume, 2))}{' '}
          <span className="t3 hide-m">{market.base}</span>
        </Fact>
        <Fact name="Turnover" title={ticker?.quoteVolume}>
          {ticker === null ? UNKNOWN : short(ticker.quoteVolume)}{' '}
          <span className="t3 hide-m">{market.quote}</span>
        </Fact>
        <Fact name="24 h trades">{ticker === null ? UNKNOWN : grouped(String(ticker.trades))}</Fact>
        <Fact name="Fee, maker / taker">
          {percentOf(market.makerFee)} / {percentOf(market.takerFee)}%
        </Fact>
      </dl>
      <span className="grow hide-m" />
      <StatusChip status={market.status} />
    </section>
  );
}

function LastPriceBlock({ open }: { readonly open: string | null }) {
  const { market } = useRoom();
  const { price, way } = useLastPrice();
  const percent = price === null || open === null ? null : percentChange(price, open);
  useEffect(() => {
    const name = `${market.base}/${market.quote}`;
    document.title = `${price === null ? '' : `${grouped(price)} `}${name} · Bezant`;
  }, [price, market]);
  return (
    <div className="lp">
      <b className={`num ${DIRECTION_CLASS[way]}`} data-testid="ticker-last">
        {price === null ? UNKNOWN : grouped(atLeast(price, market.priceScale))}
      </b>
      <span className="num">
        <Change percent={percent} /> <span className="t3 hide-m">{difference(price, open)}</span>
      </span>
    </div>
  );
}

interface FactProps {
  readonly name: string;
  readonly title?: string | undefined;
  readonly children: ReactNode;
}

function Fact({ name, title, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num" title={title}>
        {children}
      </dd>
    </div>
  );
}

function StatusChip({ status }: { readonly status: MarketStatus }) {
  const isTrading = status === 'trading';
  const Icon = isTrading ? CircleDot : CircleSlash;
  return (
    <span className={`chip hide-m ${isTrading ? 'ok' : 'warn'}`}>
      <Icon className="i" aria-hidden="true" />
      {STATUS_TEXT[status]}
    </span>
  );
}

/** Return the figure of the day, or the last price where it went beyond it since. */
function furthest(known: string | null | undefined, price: string | null, way: 1 | -1) {
  if (known === null || known === undefined) return price;
  return price !== null && compare(price, known) === way ? price : known;
}

function difference(price: string | null, open: string | null): string {
  if (price === null || open === null) return '';
  const [now, before] = [toUnits(price, 18), toUnits(open, 18)];
  if (now === null || before === null || now === before) return '';
  return `${now > before ? '+' : ''}${grouped(shorten(fromUnits(now - before, 18)))}`;
}

function percentOf(rate: string): string {
  return shorten(multiply(rate, '100')).replace('-', '−');
}
