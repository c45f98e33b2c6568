import { LoaderCircle, X } from 'lucide-react';
import { useState } from 'react';
import * as api from '@/data/api';
import { ApiError } from '@/data/problems';
import type { Order } from '@/data/types';
import { useAccount, useAccountFeed } from '@/features/account/AccountProvider';
import { conditionText, STATUS_WORD } from '@/features/account/words';
import { atLeast, multiply } from '@/lib/decimal';
import { dayClock } from '@/lib/times';
import { Num } from '@/ui/Num';
import { SkeletonRows } from '@/ui/states';
import { showToast } from '@/ui/toasts';
import { useMedia, WIDE } from '@/ui/use-media';
import { NoRows, orderNumbers, pairName, SideCell, TypeCell, useMarketOf } from './parts';

const COLUMNS = 11;

export function OpenOrders({ orders }: { readonly orders: readonly Order[] }) {
  const account = useAccount();
  const isWide = useMedia(WIDE);
  const isLoading = account.state === 'loading';
  if (!isLoading && orders.length === 0) {
    return <NoRows title="No open orders" text="Orders that wait in the book show here." />;
  }
  if (!isWide) {
    return (
      <ul className="ocl">
        {orders.map((order) => (
          <OrderCard key={order.id} order={order} />
        ))}
      </ul>
    );
  }
  return (
    <div className={`scx ${account.state === 'ready' && account.isStale ? 'is-stale' : ''}`}>
      <table className="tb">
        <thead>
          <tr>
            <th>Placed (UTC)</th>
            <th>Market</th>
            <th>Side</th>
            <th>Type</th>
            <th className="r">Price</th>
            <th className="r">Amount</th>
            <th className="r">Filled</th>
            <th className="r">Total</th>
            <th>Condition</th>
            <th>Status</th>
            <th className="r">
              <span className="sr">Actions</span>
            </th>
          </tr>
        </thead>
        {isLoading ? (
          <SkeletonRows rows={4} columns={COLUMNS} />
        ) : (
          <tbody>
            {orders.map((order) => (
              <OrderRow key={order.id} order={order} />
            ))}
          </tbody>
        )}
      </table>
    </div>
  );
}

function OrderRow({ order }: { readonly order: Order }) {
  const market = useMarketOf()(order.symbol);
  const { price, amount, percent } = orderNumbers(order, market);
  const total = price === null || amount === null ? null : multiply(price, amount);
  return (
    <tr
      className={order.listId === undefined ? undefined : 'of-list'}
      data-testid="open-order-row"
      data-order-id={order.id}
      data-status={order.status}
    >
      <td className="t2 num">{dayClock(order.createdAt)}</td>
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
        <Num value={amount} />
      </td>
      <td className="r num">
        <FilledBar percent={percent} />
      </td>
      <td className="r">
        <Num value={total === null ? null : atLeast(total, 2)} />{' '}
        <span className="t3">{market?.quote}</span>
      </td>
      <td className="t2 say">{conditionText(order)}</td>
      <td>
        <span className={order.status === 'partially_filled' ? 'gold' : ''}>
          {STATUS_WORD[order.status]}
        </span>
      </td>
      <td className="r">
        <CancelButton order={order} />
      </td>
    </tr>
  );
}

function FilledBar({ percent }: { readonly percent: number | null }) {
  if (percent === null) return <Num value={null} />;
  return (
    <>
      <span className="fillbar">
        <i style={{ width: `${percent}%` }} />
      </span>
      <span className={`inline-block min-w-7 ${percent === 0 ? 't3' : ''}`}>{percent}%</span>
    </>
  );
}

function OrderCard({ order }: { readonly order: Order }) {
  const market = useMarketOf()(order.symbol);
  const { price, amount, percent } = orderNumbers(order, market);
  return (
    <li
      className={order.listId === undefined ? undefined : 'of-list'}
      data-testid="open-order-row"
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
        <CancelButton order={order} />
      </div>
      <p className="t2 sm">{`${STATUS_WORD[order.status]} · ${conditionText(order)}`}</p>
      <div className="oc">
        <span>
          <span className="lab">Price</span>
          <Num value={price} />
        </span>
        <span>
          <span className="lab">Amount</span>
          <Num value={amount} />
        </span>
        <span className="r">
          <span className="lab">Filled</span>
          {percent === null ? <Num value={null} /> : <span className="num">{percent}%</span>}
        </span>
      </div>
    </li>
  );
}

function CancelButton({ order }: { readonly order: Order }) {
  const account = useAccountFeed();
  const [isBusy, setIsBusy] = useState(false);

  async function cancel() {
    if (isBusy) return;
    setIsBusy(true);
    try {
      account?.take(await api.cancelOrder(order.id));
    } catch (thrown) {
      const { message } = ApiError.from(thrown);
      showToast({
        id: `cancel-${order.id}`,
        tone: 'failed',
        title: 'Order not canceled',
        text: message,
      });
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <button
      type="button"
      className="ib s"
      aria-label={`Cancel order ${order.id}`}
      title={order.listId === undefined ? 'Cancel order' : 'Cancel order and its list'}
      data-testid="cancel-order"
      aria-disabled={isBusy}
      onClick={cancel}
    >
      {isBusy ? <LoaderCircle className="i i14 spin" /> : <X className="i i14" />}
    </button>
  );
}
