import { keepPreviousData, useQuery } from '@tanstack/react-query';
import * as api from '@/data/api';
import { fromQuery } from '@/data/loadable';
import type { Order } from '@/data/types';
import { conditionText, STATUS_WORD } from '@/features/account/words';
import { dayClock } from '@/lib/times';
import { Num } from '@/ui/Num';
import { Failed, SkeletonRows } from '@/ui/states';
import { useMedia, WIDE } from '@/ui/use-media';
import { useRoom } from '../market-context';
import { usePrefs } from '../prefs';
import {
  NoRows,
  orderNumbers,
  pairName,
  ReasonText,
  SideCell,
  TypeCell,
  useMarketOf,
} from './parts';
import { useHistoryVersion } from './use-history-version';

const SHOWN_MAX = 100;

/** The newest orders that ended. */
export function HistoryList() {
  const { market } = useRoom();
  const isWide = useMedia(WIDE);
  const isFiltered = usePrefs((prefs) => prefs.thisMarketOnly);
  const version = useHistoryVersion();
  const orders = fromQuery(
    useQuery({
      queryKey: ['orders', 'closed', version],
      queryFn: ({ signal }) => api.listClosedOrders(SHOWN_MAX, signal),
      placeholderData: keepPreviousData,
    }),
  );
  if (orders.state === 'failed') {
    return <Failed title="History did not load" error={orders.error} retry={orders.retry} />;
  }
  const shown =
    orders.state === 'ready'
      ? orders.value.filter((order) => !isFiltered || order.symbol === market.symbol)
      : null;
  if (shown?.length === 0) {
    return <NoRows title="No history yet" text="Orders that filled or ended show here." />;
  }
  if (!isWide) {
    return (
      <ul className="ocl">
        {shown?.map((order) => (
          <HistoryCard key={order.id} order={order} />
        ))}
      </ul>
    );
  }
  return (
    <div className="scx">
      <table className="tb">
        <thead>
          <tr>
            <th>Ended (UTC)</th>
            <th>Market</th>
            <th>Side</th>
            <th>Type</th>
            <th className="r">Price</th>
            <th className="r">Average</th>
            <th className="r">Amount</th>
            <th className="r">Filled</th>
            <th>Condition</th>
            <th>Status</th>
          </tr>
        </thead>
        {shown === null ? (
          <SkeletonRows rows={4} columns={10} />
        ) : (
          <tbody>
            {shown.map((order) => (
              <HistoryRow key={order.id} order={order} />
            ))}
          </tbody>
        )}
      </table>
    </div>
  );
}

function HistoryRow({ order }: { readonly order: Order }) {
  const market = useMarketOf()(order.symbol);
  const { price, average, amount, filled } = orderNumbers(order, market);
  return (
    <tr
      className={order.listId === undefined ? undefined : 'of-list'}
      data-testid="history-row"
      data-order-id={order.id}
      data-status={order.status}
    >
      <td className="t2 num">{dayClock(order.updatedAt)}</td>
      <td className="b5">{pairName(market, order.symbol)}</td>
      <td>
        <SideCell side={order.side} />
      </td>
      <td>
        <TypeCell order={order} />
      </td>
      <td className="r">
        {price === null ? <span className="t2">Market</span> : <Num value={price} />}
      </td>
      <td className="r">
        <Num value={average} />
      </td>
      <td className="r">
        <Num value={amount} />
      </td>
      <td className="r">
        <Num value={filled} />
      </td>
      <td className="t2 say">{conditionText(order)}</td>
      <td className="say">
        {STATUS_WORD[order.status]} <ReasonText order={order} />
      </td>
    </tr>
  );
}

function HistoryCard({ order }: { readonly order: Order }) {
  const market = useMarketOf()(order.symbol);
  const { price, average, amount } = orderNumbers(order, market);
  return (
    <li
      className={order.listId === undefined ? undefined : 'of-list'}
      data-testid="history-row"
      data-order-id={order.id}
      data-status={order.status}
    >
      <div className="row sp">
        <span className="row g3">
          <SideCell side={order.side} />
          <span className="b5">{pairName(market, order.symbol)}</span>
          <span className="t3 sm">
            <TypeCell order={order} />
          </span>
        </span>
        <span className="t2 sm">{STATUS_WORD[order.status]}</span>
      </div>
      <p className="t2 sm">
        {conditionText(order)} <ReasonText order={order} />
      </p>
      <div className="oc">
        <span>
          <span className="lab">Price</span>
          <Num value={average ?? price} />
        </span>
        <span>
          <span className="lab">Amount</span>
          <Num value={amount} />
        </span>
        <span className="r">
          <span className="lab">Ended (UTC)</span>
          <span className="num">{dayClock(order.updatedAt)}</span>
        </span>
      </div>
    </li>
  );
}
