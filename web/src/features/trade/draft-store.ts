/** The order that is being written, one a market: book, form and phone tabs share it. */
import { create } from 'zustand';
import type { Decimal, Market, Side } from '@/data/types';
import { type Draft, EMPTY_DRAFT, withAmount, withPrice, withSide } from './form/draft';

interface Drafts {
  readonly drafts: Readonly<Record<string, Draft>>;
}

const useDrafts = create<Drafts>(() => ({ drafts: {} }));

export function useDraft(market: Market): Draft {
  return useDrafts(({ drafts }) => drafts[market.symbol] ?? EMPTY_DRAFT);
}

export function changeDraft(market: Market, change: (draft: Draft) => Draft): void {
  useDrafts.setState(({ drafts }) => ({
    drafts: { ...drafts, [market.symbol]: change(drafts[market.symbol] ?? EMPTY_DRAFT) },
  }));
}

/** Put a price into the form; a market order becomes a limit order by that. */
export function fillPrice(market: Market, price: Decimal): void {
  changeDraft(market, (draft) => withPrice({ ...draft, type: 'limit' }, price, market));
}

export function fillAmount(market: Market, amount: Decimal): void {
  changeDraft(market, (draft) => withAmount(draft, amount, market));
}

export function fillSide(market: Market, side: Side): void {
  changeDraft(market, (draft) => withSide(draft, side));
}
