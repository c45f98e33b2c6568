import { useState } from 'react';
import { useSession } from '@/data/use-session';
import { useAccount } from '@/features/account/AccountProvider';
import { Tabs } from '@/ui/Tabs';
import { usePrefs } from '../prefs';
import { CancelAll } from './CancelAll';
import { FillsList } from './FillsList';
import { HistoryList } from './HistoryList';
import { OpenOrders } from './OpenOrders';
import { LoggedOut } from './parts';
import { useOpenOrders } from './use-open-orders';

type Shown = 'open' | 'history' | 'fills';

export function OrdersPanel() {
  const [shown, setShown] = useState<Shown>('open');
  const isIn = useSession().state === 'in';
  const account = useAccount();
  const open = useOpenOrders();
  const count = account.state === 'ready' ? open.length : undefined;
  return (
    <section className="a-orders" aria-label="Orders">
      <header className="bar">
        <Tabs
          small
          label="Orders"
          chosen={shown}
          choose={setShown}
          tabs={[
            { key: 'open', label: 'Open orders', ...(count === undefined ? {} : { count }) },
            { key: 'history', label: 'History' },
            { key: 'fills', label: 'Fills' },
          ]}
        />
        <span className="grow" />
        {isIn && <MarketSwitch />}
        {isIn && shown === 'open' && <CancelAll orders={open} />}
      </header>
      {!isIn && <LoggedOut />}
      {isIn && shown === 'open' && <OpenOrders orders={open} />}
      {isIn && shown === 'history' && <HistoryList />}
      {isIn && shown === 'fills' && <FillsList />}
    </section>
  );
}

function MarketSwitch() {
  const isOn = usePrefs((prefs) => prefs.thisMarketOnly);
  return (
    <label className="swl row g4 sm t2 hide-m">
      <input
        type="checkbox"
        role="switch"
        aria-checked={isOn}
        checked={isOn}
        onChange={(event) => usePrefs.setState({ thisMarketOnly: event.target.checked })}
      />
      <span className={`sw ${isOn ? 'on' : ''}`} />
      This market only
    </label>
  );
}
