import { keepPreviousData, useQuery } from '@tanstack/react-query';
import * as api from '@/data/api';
import { fromQuery } from '@/data/loadable';
import type { Fill } from '@/data/types';
import { atLeast } from '@/lib/decimal';
import { dayClock } from '@/lib/times';
import { Num } from '@/ui/Num';
import { Failed, SkeletonRows } from '@/ui/states';
import { useMedia, WIDE } from '@/ui/use-media';
import { useRoom } from '../market-context';
import { usePrefs } from '../prefs';
import { NoRows, pairName, SideCell, useMarketOf } from './parts';
import { useHistoryVersion } from './use-history-version';

const SHOWN_MAX = 100;

/** The newest fills of one's own orders, with what they cost. */
export function FillsList() {
  const { market } = useRoom();
  const isWide = useMedia(WIDE);
  const isFiltered = usePrefs((prefs) => prefs.thisMarketOnly);
  const version = useHistoryVersion();
  const fills = fromQuery(
    useQuery({
      queryKey: ['fills', version],
      queryFn: ({ signal }) => api.listFills(SHOWN_MAX, signal),
      placeholderData: keepPreviousData,
    }),
  );
  if (fills.state === 'failed') {
    return <Failed title="Fills did not load" error={fills.error} retry={fills.retry} />;
  }
  const shown =
    fills.state === 'ready'
      ? fills.value.filter((fill) => !isFiltered || fill.symbol === market.symbol)
      : null;
  if (shown?.length === 0) {
    return <NoRows title="No fills yet" text="Each match of your orders shows here." />;
  }
  if (!isWide) {
    return (
      <ul className="ocl">
        {shown?.map((fill) => (
          <FillCard key={keyOf(fill)} fill={fill} />
        ))}
      </ul>
    );
  }
  return (
    <div className="scx">
      <table className="tb">
        <thead>
          <tr>
            <th>Time (UTC)</th>
            <th>Market</th>
            <th>Side</th>
            <th>Role</th>
            <th className="r">Price</th>
            <th className="r">Amount</th>
            <th className="r">Total</th>
            <th className="r">Fee</th>
          </tr>
        </thead>
        {shown === null ? (
          <SkeletonRows rows={4} columns={8} />
        ) : (
          <tbody>
            {shown.map((fill) => (
              <FillRow key={keyOf(fill)} fill={fill} />
            ))}
          </tbody>
        )}
      </table>
    </div>
  );
}

/** A trade with oneself would be two fills of one trade. */
function keyOf(fill: Fill): string {
  return `${fill.tradeId}-${fill.orderId}`;
}

function FillRow({ fill }: { readonly fill: Fill }) {
  const market = useMarketOf()(fill.symbol);
  return (
    <tr data-testid="fill-row">
      <td className="t2 num">{dayClock(fill.time)}</td>
      <td className="b5">{pairName(market, fill.symbol)}</td>
      <td>
        <SideCell side={fill.side} />
      </td>
      <td className="t2">{fill.role === 'maker' ? 'Maker' : 'Taker'}</td>
      <td className="r">
        <Num value={atLeast(fill.price, market?.priceScale ?? 0)} />
      </td>
      <td className="r">
        <Num value={atLeast(fill.quantity, market?.quantityScale ?? 0)} />
      </td>
      <td className="r">
        <Num value={atLeast(fill.quoteQuantity, 2)} />
      </td>
      <td className="r">
        <Num value={fill.fee} /> <span className="t3">{fill.feeAsset}</span>
      </td>
    </tr>
  );
}

function FillCard({ fill }: { readonly fill: Fill }) {
  const market = useMarketOf()(fill.symbol);
  return (
    <li data-testid="fill-row">
      <div className="row sp">
        <span className="row g3">
          <SideCell side={fill.side} />
          <span className="b5">{pairName(market, fill.symbol)}</span>
        </span>
        <span className="t2 sm num">{dayClock(fill.time)}</span>
      </div>
      <div className="oc">
        <span>
          <span className="lab">Price</span>
          <Num value={fill.price} />
        </span>
        <span>
          <span className="lab">Amount</span>
          <Num value={fill.quantity} />
        </span>
        <span className="r">
          <span className="lab">Fee ({fill.feeAsset})</span>
          <Num value={fill.fee} />
        </span>
      </div>
    </li>
  );
}
