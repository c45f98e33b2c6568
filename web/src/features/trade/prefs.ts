/** How this device likes its trade screen. Nothing private is kept here. */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { Interval } from '@/data/types';

interface Prefs {
  readonly interval: Interval;
  /** Ticks in a level of the book, for each market. */
  readonly grouping: Readonly<Record<string, string>>;
  readonly confirms: boolean;
  readonly thisMarketOnly: boolean;
}

export const usePrefs = create<Prefs>()(
  persist((): Prefs => ({ interval: '15m', grouping: {}, confirms: true, thisMarketOnly: false }), {
    name: 'bezant.trade',
  }),
);

export function setGrouping(symbol: string, ticks: string): void {
  usePrefs.setState(({ grouping }) => ({ grouping: { ...grouping, [symbol]: ticks } }));
}
