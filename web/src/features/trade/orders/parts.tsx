import { ListOrdered, LogIn } from 'lucide-react';
import { Link, useLocation } from 'react-router';
import type { Market, Order, Side } from '@/data/types';
import { listText, reasonText, SIDE_CLASS, SIDE_WORD, typeWord } from '@/features/account/words';
import { atLeast, fromUnits, toUnits } from '@/lib/decimal';
import { Blank } from '@/ui/states';
import { useMarkets } from '../use-markets';

export function LoggedOut() {
  const { pathname } = useLocation();
  return (
    <Blank icon={LogIn} title="Your orders show here" text="Everyone may watch; to trade, log in.">
      <Link className="btn s" to="/login" state={{ from: pathname }}>
        Log in
      </Link>
    </Blank>
  );
}

export function NoRows({ title, text }: { readonly title: string; readonly text: string }) {
  return <Blank icon={ListOrdered} title={title} text={text} />;
}

export function SideCell({ side }: { readonly side: Side }) {
  return <span className={`${SIDE_CLASS[side]} b5`}>{SIDE_WORD[side]}</span>;
}

/** The order's type, and where it is a leg of a list, of which. */
export function TypeCell({ order }: { readonly order: Order }) {
  const list = listText(order);
  return (
    <>
      {typeWord(order)} {list !== '' && <span className="leg-tag">{list}</span>}
    </>
  );
}

/** Why an order ended, where that is not plain from its status. */
export function ReasonText({ order }: { readonly order: Order }) {
  const text = reasonText(order);
  return text === '' ? null : <span className="t3 sm">{text}</span>;
}

/** Return the way to a market by its symbol; null while markets are on their way. */
export function useMarketOf(): (symbol: string) => Market | null {
  const markets = useMarkets();
  const all = markets.state === 'ready' ? markets.value : [];
  return (symbol) => all.find((market) => market.symbol === symbol) ?? null;
}

export function pairName(market: Market | null, symbol: string): string {
  return market === null ? symbol : `${market.base}/${market.quote}`;
}

/** Return the order's numbers with the decimals of its market. */
export function orderNumbers(order: Order, market: Market | null) {
  const price = (text: string) => (market === null ? text : atLeast(text, market.priceScale));
  const amount = (text: string) => (market === null ? text : atLeast(text, market.quantityScale));
  return {
    price: order.price === null ? null : price(order.price),
    average: order.averagePrice === undefined ? null : price(order.averagePrice),
    amount: order.quantity === null ? null : amount(order.quantity),
    filled: amount(order.filledQuantity),
    percent: filledPercent(order),
  };
}

/** Return how much of an order is filled, in whole percent downwards; null by quote amount. */
export function filledPercent({ quantity, filledQuantity }: Order): number | null {
  const [whole, part] = [toUnits(quantity ?? '', 18), toUnits(filledQuantity, 18)];
  if (whole === null || part === null || whole === 0n) return null;
  return Number.parseInt(fromUnits((part * 100n) / whole, 0), 10);
}
