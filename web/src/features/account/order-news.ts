/** Tells what happens to one's orders in toasts: one for each order, changed as it fills. */
import type { AccountEvent, AccountFeed } from '@/data/account-feed';
import type { Order } from '@/data/types';
import { assertNever } from '@/lib/assert-never';
import { shorten } from '@/lib/decimal';
import { grouped } from '@/lib/numbers';
import { showToast } from '@/ui/toasts';
import { reasonText, SIDE_WORD, typeWord } from './words';

/** Returns how people call a market: BTC/USDT. */
export type NameOf = (symbol: string) => string;

/** Watch the feed. Returns the way to stop. */
export function watchOrders(feed: AccountFeed, nameOf: NameOf): () => void {
  return feed.onEvent((event) => tell(event, nameOf));
}

function tell(event: AccountEvent, nameOf: NameOf): void {
  if (event.kind !== 'order') return;
  const { order, before } = event;
  const pair = nameOf(order.symbol);
  const id = `order-${order.id}`;
  switch (order.status) {
    case 'partially_filled':
    case 'filled':
      if (before?.filledQuantity !== order.filledQuantity) {
        showToast({ id, tone: 'done', title: fillTitle(order, pair), text: fillText(order) });
      }
      return;
    case 'expired':
    case 'canceled':
      showToast({
        id,
        tone: 'news',
        title: order.status === 'canceled' ? `Order canceled, ${pair}` : `Order ended, ${pair}`,
        text: reasonText(order),
      });
      return;
    case 'rejected':
      showToast({ id, tone: 'failed', title: `Order rejected, ${pair}`, text: reasonText(order) });
      return;
    case 'new':
    case 'pending_trigger':
      if (before !== null) tellChange(order, before, id, pair);
      return;
    default:
      assertNever(order.status);
  }
}

/** Tell that an open order woke, or asks for something else now. */
function tellChange(order: Order, before: Order, id: string, pair: string): void {
  if (before.status === 'pending_trigger' && order.status === 'new') {
    const text = `${SIDE_WORD[order.side]} ${typeWord(order)} works now.`;
    showToast({ id, tone: 'news', title: `Order triggered, ${pair}`, text });
  } else if (before.price !== order.price || before.quantity !== order.quantity) {
    const quantity = grouped(shorten(order.quantity ?? ''));
    const text =
      order.price === null ? `Now ${quantity}.` : `Now ${quantity} at ${grouped(order.price)}.`;
    showToast({ id, tone: 'news', title: `Order changed, ${pair}`, text });
  }
}

function fillTitle(order: Order, pair: string): string {
  const verb = order.side === 'buy' ? 'Bought' : 'Sold';
  const filled = grouped(shorten(order.filledQuantity));
  const isPart = order.status === 'partially_filled' && order.quantity !== null;
  return isPart
    ? `${verb} ${filled} of ${grouped(shorten(order.quantity ?? ''))}, ${pair}`
    : `${verb} ${filled}, ${pair}`;
}

function fillText(order: Order): string {
  return order.averagePrice === undefined ? '' : `Average ${grouped(order.averagePrice)}.`;
}
