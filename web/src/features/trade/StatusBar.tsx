import { useEffect, useState } from 'react';
import type { LinkState } from '@/data/feed';
import { usePainted, usePaintedFigure } from '@/data/painted';
import { grouped } from '@/lib/numbers';
import { clock } from '@/lib/times';
import { useRoom } from './market-context';

const WORDS: Readonly<Record<LinkState, { readonly text: string; readonly lamp: string }>> = {
  live: { text: 'Live', lamp: '' },
  connecting: { text: 'Connecting', lamp: 'wait' },
  reconnecting: { text: 'Reconnecting', lamp: 'wait' },
  stale: { text: 'Stale', lamp: 'stale' },
  closed: { text: 'Offline', lamp: 'off' },
};

const TEST_WORDS: Readonly<Record<LinkState, string>> = {
  live: 'live',
  connecting: 'reconnecting',
  reconnecting: 'reconnecting',
  stale: 'stale',
  closed: 'offline',
};

export function StatusBar() {
  const { link, book } = useRoom();
  const { state, roundTripMs } = usePainted(link);
  const sequence = usePaintedFigure(book, (loadable) =>
    loadable.state === 'ready' ? loadable.value.sequence : null,
  );
  const { text, lamp } = WORDS[state];
  return (
    <footer className="stat" data-sequence={sequence ?? ''}>
      <span className={`lamp t2 ${lamp}`} data-testid="conn-status" data-state={TEST_WORDS[state]}>
        {text}
      </span>
      {roundTripMs !== null && state === 'live' && <span className="num">{roundTripMs} ms</span>}
      <span className="grow" />
      {sequence !== null && <span className="num">Order book seq {grouped(String(sequence))}</span>}
      <Clock />
      <span>{__COMMIT__}</span>
    </footer>
  );
}

function Clock() {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <span className="num">{clock(now)} UTC</span>;
}
