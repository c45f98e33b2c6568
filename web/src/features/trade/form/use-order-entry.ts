import { useState } from 'react';
import * as api from '@/data/api';
import { ApiError } from '@/data/problems';
import type { NewOrder, Order } from '@/data/types';
import { useAccountFeed } from '@/features/account/AccountProvider';
import type { FieldName, Problem } from './check';

type Written = Omit<NewOrder, 'clientOrderId'>;

/** Where an order is between the hand and the book. `unknown`: sent, and no answer came. */
export type Entry =
  | { readonly step: 'writing' }
  | { readonly step: 'confirming'; readonly order: Written }
  | { readonly step: 'sending'; readonly order: NewOrder }
  | { readonly step: 'unknown'; readonly order: NewOrder; readonly error: ApiError }
  | { readonly step: 'refused'; readonly problem: Problem; readonly traceId: string };

const WRITING: Entry = { step: 'writing' };

export interface OrderEntry {
  readonly entry: Entry;
  readonly confirm: (order: Written) => void;
  readonly send: (order: Written) => Promise<void>;
  /** Send the very same order again: its id makes sure that it is one order. */
  readonly sendAgain: () => Promise<void>;
  readonly back: () => void;
}

/** Return the way an order takes; `placed` hears of each that the exchange took. */
export function useOrderEntry(placed: (order: Order) => void): OrderEntry {
  const [entry, setEntry] = useState<Entry>(WRITING);
  const account = useAccountFeed();

  async function post(order: NewOrder) {
    setEntry({ step: 'sending', order });
    try {
      const reply = await api.placeOrder(order);
      account?.take(reply);
      setEntry(WRITING);
      placed(reply);
    } catch (thrown) {
      const error = ApiError.from(thrown);
      setEntry(
        error.isOutcomeUnknown
          ? { step: 'unknown', order, error }
          : { step: 'refused', problem: problemOf(error), traceId: error.traceId },
      );
    }
  }

  return {
    entry,
    confirm: (order) => setEntry({ step: 'confirming', order }),
    send: async (order) => {
      if (entry.step === 'sending') return;
      await post({ ...order, clientOrderId: `web-${randomId()}` });
    },
    sendAgain: async () => {
      if (entry.step === 'unknown') await post(entry.order);
    },
    back: () => setEntry(WRITING),
  };
}

const FIELDS: Readonly<Record<string, FieldName>> = {
  price: 'price',
  quantity: 'amount',
  quoteQuantity: 'total',
};

/** Which field a refusal is about, where the exchange did not name one. */
const CODE_FIELDS: Readonly<Record<string, FieldName>> = {
  ORDER_002: 'price',
  ORDER_005: 'amount',
  ORDER_006: 'amount',
  ORDER_011: 'price',
  WALLET_001: 'amount',
};

/** Return what the exchange refused, at the field it is about, in the exchange's words. */
export function problemOf(error: ApiError): Problem {
  const named = error.fields.find(({ field }) => FIELDS[field] !== undefined);
  const field = named === undefined ? CODE_FIELDS[error.code] : FIELDS[named.field];
  const message = named?.message ?? error.message;
  const button = field === undefined ? 'Try again' : `Fix the ${field}`;
  return { field: field ?? null, button, message };
}

/** Return 128 bits of chance as text; `randomUUID` needs a secure page, this does not. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
