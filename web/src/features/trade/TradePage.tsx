import { Store } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Link, useParams } from 'react-router';
import { usePaintedFigure } from '@/data/painted';
import type { Market, Side } from '@/data/types';
import { fromUnits } from '@/lib/decimal';
import { grouped, UNKNOWN } from '@/lib/numbers';
import { Blank, Failed, PanelBoundary } from '@/ui/states';
import { Tabs } from '@/ui/Tabs';
import { useMedia, WIDE } from '@/ui/use-media';
import { BalancesPanel } from './balances/BalancesPanel';
import { BookPanel } from './book/BookPanel';
import { ChartPanel } from './chart/ChartPanel';
import { fillSide } from './draft-store';
import { OrderForm } from './form/OrderForm';
import { LinkBanner } from './LinkBanner';
import { MarketHeader } from './market/MarketHeader';
import { MarketProvider, useMarketRoom, useRoom } from './market-context';
import { OrdersPanel } from './orders/OrdersPanel';
import { StatusBar } from './StatusBar';
import { TapePanel } from './tape/TapePanel';
import { useMarkets } from './use-markets';

export default function TradePage({ top }: { readonly top: ReactNode }) {
  const { symbol = '' } = useParams();
  const markets = useMarkets();
  if (markets.state === 'ready') {
    const market = markets.value.find((each) => each.symbol === symbol.toUpperCase());
    if (market !== undefined) return <Room key={market.symbol} market={market} top={top} />;
  }
  return (
    <div className="trade">
      {top}
      <main className="tg">
        <section className="a-head" />
        <section className="a-chart">
          {markets.state === 'failed' && (
            <Failed title="Markets did not load" error={markets.error} retry={markets.retry} />
          )}
          {markets.state === 'ready' && (
            <Blank icon={Store} title={`There is no market ${symbol}`}>
              <Link className="btn" to="/trade">
                Go to BTC/USDT
              </Link>
            </Blank>
          )}
        </section>
        <section className="a-book" />
        <section className="a-form" />
        <section className="a-orders" />
        <section className="a-tape" />
        <section className="a-bal" />
      </main>
      <footer className="stat" />
    </div>
  );
}

interface RoomProps {
  readonly market: Market;
  readonly top: ReactNode;
}

function Room({ market, top }: RoomProps) {
  const room = useMarketRoom(market);
  const isWide = useMedia(WIDE);
  return (
    <MarketProvider value={room}>
      {isWide ? <Desk top={top} /> : <Phone top={top} />}
    </MarketProvider>
  );
}

function Desk({ top }: { readonly top: ReactNode }) {
  return (
    <div className="trade">
      {top}
      <LinkBanner />
      <main className="tg">
        <MarketHeader />
        <PanelBoundary name="Chart" area="a-chart">
          <ChartPanel />
        </PanelBoundary>
        <PanelBoundary name="Book" area="a-book">
          <BookPanel />
        </PanelBoundary>
        <PanelBoundary name="The order form" area="a-form">
          <OrderForm />
        </PanelBoundary>
        <PanelBoundary name="Orders" area="a-orders">
          <OrdersPanel />
        </PanelBoundary>
        <PanelBoundary name="Trades" area="a-tape">
          <TapePanel />
        </PanelBoundary>
        <PanelBoundary name="Balances" area="a-bal">
          <BalancesPanel />
        </PanelBoundary>
      </main>
      <StatusBar />
    </div>
  );
}

type PhoneTab = 'chart' | 'book' | 'trades' | 'balances';

const PHONE_TABS = [
  { key: 'chart', label: 'Chart' },
  { key: 'book', label: 'Book' },
  { key: 'trades', label: 'Trades' },
  { key: 'balances', label: 'Balances' },
] as const;

/** One column with tabs; the form is a page of its own, opened by the buttons at the foot. */
function Phone({ top }: { readonly top: ReactNode }) {
  const { market } = useRoom();
  const [tab, setTab] = useState<PhoneTab>('chart');
  const [isOrdering, setIsOrdering] = useState(false);

  function order(side: Side) {
    fillSide(market, side);
    setIsOrdering(true);
  }

  return (
    <div className="trade" data-tab={isOrdering ? 'order' : tab}>
      {top}
      <LinkBanner />
      <main className="tg">
        <MarketHeader />
        {isOrdering ? (
          <>
            <button type="button" className="btn quiet back" onClick={() => setIsOrdering(false)}>
              Back to the market
            </button>
            <OrderForm />
            <OrdersPanel />
            <BalancesPanel />
          </>
        ) : (
          <>
            <div className="mtabs">
              <Tabs label="Market" tabs={PHONE_TABS} chosen={tab} choose={setTab} />
            </div>
            {tab === 'chart' && <ChartPanel />}
            {tab === 'chart' && <OrdersPanel />}
            {tab === 'book' && <BookPanel />}
            {tab === 'trades' && <TapePanel />}
            {tab === 'balances' && <BalancesPanel />}
          </>
        )}
      </main>
      {!isOrdering && <BuyBar order={order} />}
    </div>
  );
}

function BuyBar({ order }: { readonly order: (side: Side) => void }) {
  return (
    <div className="buybar">
      <button type="button" className="btn buy" onClick={() => order('buy')}>
        Buy
        <BestPrice side="asks" />
      </button>
      <button type="button" className="btn sell" onClick={() => order('sell')}>
        Sell
        <BestPrice side="bids" />
      </button>
    </div>
  );
}

/** The price that an order would meet now. */
function BestPrice({ side }: { readonly side: 'bids' | 'asks' }) {
  const { market, book } = useRoom();
  const price = usePaintedFigure(book, (loadable) => {
    const best = loadable.state === 'ready' ? loadable.value[side][0] : undefined;
    return best === undefined ? null : fromUnits(best.price, market.priceScale);
  });
  return <small className="num">{price === null ? UNKNOWN : grouped(price)}</small>;
}
