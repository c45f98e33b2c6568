import { type KeyboardEvent, type ReactNode, useRef } from 'react';

export interface Tab<K extends string> {
  readonly key: K;
  readonly label: ReactNode;
  readonly count?: number;
}

interface Props<K extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<K>[];
  readonly chosen: K;
  readonly choose: (key: K) => void;
  readonly small?: boolean;
}

/** Tabs with a gold foot; arrow keys move, as in every tab list. */
export function Tabs<K extends string>({ label, tabs, chosen, choose, small = false }: Props<K>) {
  const list = useRef<HTMLDivElement>(null);

  function move(event: KeyboardEvent) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = tabs.findIndex((tab) => tab.key === chosen);
    const next = tabs[(index + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    choose(next.key);
    list.current?.querySelector<HTMLElement>(`[data-key="${next.key}"]`)?.focus();
  }

  return (
    <div ref={list} className={`tabs ${small ? 's' : ''}`} role="tablist" aria-label={label}>
      {tabs.map(({ key, label: text, count }) => (
        <button
          key={key}
          type="button"
          role="tab"
          data-key={key}
          aria-selected={key === chosen}
          tabIndex={key === chosen ? 0 : -1}
          onClick={() => choose(key)}
          onKeyDown={move}
        >
          {text}
          {count !== undefined && <span className="cnt">{count}</span>}
        </button>
      ))}
    </div>
  );
}
