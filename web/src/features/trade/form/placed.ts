import type { Market, Order } from '@/data/types';
import { isOpen } from '@/data/types';
import { SIDE_WORD } from '@/features/account/words';
import { shorten } from '@/lib/decimal';
import { grouped } from '@/lib/numbers';
import { showToast } from '@/ui/toasts';

/** Say that an order rests; what fills or ends at once is told by the account's own stream. */
export function announcePlaced(order: Order, market: Market): void {
  if (!isOpen(order) || order.status === 'partially_filled') return;
  const amount = `${grouped(shorten(order.quantity ?? ''))} ${market.base}`;
  showToast({
    id: `order-${order.id}`,
    tone: 'news',
    title: `Order placed, ${market.base}/${market.quote}`,
    text: `${SIDE_WORD[order.side]} ${amount} at ${grouped(order.price ?? '')}.`,
  });
}
