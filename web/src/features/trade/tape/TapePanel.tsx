import { useQuery } from '@tanstack/react-query';
import { ArrowRightLeft } from 'lucide-react';
import { memo, useEffect } from 'react';
import * as api from '@/data/api';
import { fromQuery } from '@/data/loadable';
import { usePainted } from '@/data/painted';
import type { Trade } from '@/data/types';
import { grouped } from '@/lib/numbers';
import { clockMs } from '@/lib/times';
import { Num } from '@/ui/Num';
import { Blank, Failed } from '@/ui/states';
import { fillPrice } from '../draft-store';
import { useRoom } from '../market-context';

const SHOWN_MAX = 60;

export function TapePanel() {
  const { market } = useRoom();
  return (
    <section className="a-tape" aria-label="Trades">
      <header className="bar">
        <h2 className="sm b5">Trades</h2>
      </header>
      <div className="tape">
        <div className="hd">
          <span>Price ({market.quote})</span>
          <span>Size ({market.base})</span>
          <span>Time (UTC)</span>
        </div>
        <Tape />
      </div>
    </section>
  );
}

/** Put the trades of before the stream under it, and again when the line came back. */
function useSeed() {
  const { market, feed, link } = useRoom();
  const isLive = usePainted(link).state === 'live';
  const query = useQuery({
    queryKey: ['trades', market.symbol, isLive],
    queryFn: ({ signal }) => api.listTrades(market.symbol, SHOWN_MAX, signal),
    staleTime: 0,
  });
  const { data } = query;
  useEffect(() => {
    if (data !== undefined) feed?.seedTape(data);
  }, [feed, data]);
  return fromQuery(query);
}

function Tape() {
  const { market, tape } = useRoom();
  const seed = useSeed();
  const trades = usePainted(tape);
  if (trades.state !== 'ready') {
    if (seed.state === 'failed') {
      return <Failed title="Trades did not load" error={seed.error} retry={seed.retry} />;
    }
    return <SkeletonTape />;
  }
  if (trades.value.length === 0) {
    return (
      <Blank icon={ArrowRightLeft} title="No trades yet" text="Each trade here shows at once." />
    );
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the book offers the same prices by keyboard.
    // biome-ignore lint/a11y/noStaticElementInteractions: a convenience of the pointer only.
    <div
      className={`rows ${trades.isStale ? 'is-stale' : ''}`}
      onClick={(event) => {
        const row = (event.target as HTMLElement).closest<HTMLElement>('[data-price]');
        if (row?.dataset.price !== undefined) fillPrice(market, row.dataset.price);
      }}
    >
      {trades.value.slice(0, SHOWN_MAX).map((trade) => (
        <TapeRow key={trade.id} trade={trade} />
      ))}
    </div>
  );
}

const TapeRow = memo(function TapeRow({ trade }: { readonly trade: Trade }) {
  const isBuy = trade.side === 'buy';
  return (
    <div className="lv" data-testid="tape-row" data-price={trade.price}>
      <span className={`num ${isBuy ? 'up' : 'dn'}`}>
        <i className={`tri ${isBuy ? 'u' : 'd'}`} role="img" aria-label={isBuy ? 'Buy' : 'Sell'} />
        {grouped(trade.price)}
      </span>
      <span>
        <Num value={trade.quantity} />
      </span>
      <span className="t3 num">{clockMs(trade.time)}</span>
    </div>
  );
});

function SkeletonTape() {
  return (
    <div className="rows" aria-hidden="true">
      {Array.from({ length: 9 }, (_, index) => (
        <div key={`trade-${index + 1}`} className="lv">
          <span className="sk" style={{ width: 56, margin: '5px 0' }} />
          <span className="sk" style={{ width: 48, margin: '5px 0 5px auto' }} />
          <span className="sk" style={{ width: 64, margin: '5px 0 5px auto' }} />
        </div>
      ))}
    </div>
  );
}
