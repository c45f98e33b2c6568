import { useState } from 'react';
import * as api from '@/data/api';
import { ApiError } from '@/data/problems';
import type { Order } from '@/data/types';
import { Dialog } from '@/ui/Dialog';
import { showToast } from '@/ui/toasts';

/** Cancels what the panel shows, after naming how many and where. */
export function CancelAll({ orders }: { readonly orders: readonly Order[] }) {
  const [isAsking, setIsAsking] = useState(false);
  const count = orders.length;
  if (count === 0) return null;
  const symbols = [...new Set(orders.map((order) => order.symbol))];
  const what = count === 1 ? '1 order' : `${count} orders`;

  async function cancel() {
    setIsAsking(false);
    const results = await Promise.allSettled(symbols.map((symbol) => api.cancelAllOrders(symbol)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed === undefined) return;
    const text = ApiError.from(failed.reason).message;
    showToast({ id: 'cancel-all', tone: 'failed', title: 'Not all were canceled', text });
  }

  return (
    <>
      <button
        type="button"
        className="btn xs"
        data-testid="cancel-all"
        onClick={() => setIsAsking(true)}
      >
        Cancel all<span className="hide-m num">{count}</span>
      </button>
      {isAsking && (
        <Dialog
          title={`Cancel ${what}?`}
          close={() => setIsAsking(false)}
          footer={
            <>
              <button type="button" className="btn line" onClick={() => setIsAsking(false)}>
                {count === 1 ? 'Keep it' : 'Keep them'}
              </button>
              <button type="button" className="btn danger" onClick={cancel}>
                Cancel {what}
              </button>
            </>
          }
        >
          All open orders in {symbols.join(', ')}. What they hold returns to available; what was
          filled stays filled.
        </Dialog>
      )}
    </>
  );
}
