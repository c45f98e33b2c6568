import { CircleAlert, Info, LoaderCircle, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import type { Market, NewOrder } from '@/data/types';
import { useSession } from '@/data/use-session';
import { shorten } from '@/lib/decimal';
import { grouped } from '@/lib/numbers';
import { STATUS_TEXT } from '../market/MarketHeader';
import { useRoom } from '../market-context';
import { usePrefs } from '../prefs';
import type { Verdict } from './check';
import type { Draft } from './draft';
import type { OrderEntry } from './use-order-entry';
import { useRisk } from './use-risk';

interface Props {
  readonly draft: Draft;
  readonly verdict: Verdict;
  readonly order: OrderEntry;
}

/** The button that is a sentence, and what has to be said around it. */
export function SubmitArea({ draft, verdict, order }: Props) {
  const { market } = useRoom();
  const session = useSession();
  const { entry } = order;
  if (session.state === 'out') return <LoginInstead />;
  if (
    market.status !== 'trading' &&
    market.status !== 'post_only' &&
    market.status !== 'pre_open'
  ) {
    return <Closed market={market} />;
  }
  if (entry.step === 'confirming') return <Confirm order={entry.order} back={order.back} />;
  if (entry.step === 'unknown') {
    return (
      <>
        <Note tone="warn">
          <b>No answer came.</b> {entry.error.message} The order may stand. Sending again cannot
          make it two.
        </Note>
        <div className="two">
          <button type="button" className="btn quiet xl" onClick={order.back}>
            Back
          </button>
          <Button side="line">Send the same again</Button>
        </div>
      </>
    );
  }
  if (entry.step === 'sending') {
    return (
      <>
        <Button side="line" isOff>
          <LoaderCircle className="i spin" aria-hidden="true" />
          Sending
        </Button>
        <p className="msg">
          <Info className="i" aria-hidden="true" />
          <span>A second click does nothing.</span>
        </p>
      </>
    );
  }
  const refused = entry.step === 'refused' ? entry : null;
  return (
    <>
      {refused !== null && refused.problem.field === null && (
        <Note tone="bad">
          <b>The exchange refused it.</b> {refused.problem.message}
          {refused.traceId !== '' && <span className="mono t3"> req {refused.traceId}</span>}
        </Note>
      )}
      {verdict.kind === 'problem' ? (
        <Button side={draft.side} isOff>
          {verdict.problem.button}
        </Button>
      ) : (
        <Button side={draft.side}>{sentence(verdict.order, market)}</Button>
      )}
      <ConfirmSwitch />
    </>
  );
}

/** Return the order as the button says it: Buy 0.12208 BTC at 63,900.0. */
export function sentence(order: Omit<NewOrder, 'clientOrderId'>, market: Market): string {
  const verb = order.side === 'buy' ? 'Buy' : 'Sell';
  if (order.quoteQuantity !== undefined) {
    return `${verb} ${market.base} for ${grouped(order.quoteQuantity)} ${market.quote}`;
  }
  const amount = `${grouped(shorten(order.quantity ?? ''))} ${market.base}`;
  return order.price === undefined
    ? `${verb} ${amount} at market`
    : `${verb} ${amount} at ${grouped(order.price)}`;
}

interface ConfirmProps {
  readonly order: Omit<NewOrder, 'clientOrderId'>;
  readonly back: () => void;
}

function Confirm({ order, back }: ConfirmProps) {
  const { market } = useRoom();
  const risk = useRisk().read();
  return (
    <>
      <Note tone={risk === null ? '' : 'warn'}>
        <b>{sentence(order, market)}</b>
        {risk === null ? '. Nothing is sent yet.' : `. ${risk}`}
      </Note>
      <div className="two">
        <button type="button" className="btn line xl" onClick={back}>
          Back
        </button>
        <Button side={order.side}>{order.side === 'buy' ? 'Confirm buy' : 'Confirm sell'}</Button>
      </div>
    </>
  );
}

interface ButtonProps {
  readonly side: 'buy' | 'sell' | 'line';
  readonly isOff?: boolean;
  readonly children: ReactNode;
}

function Button({ side, isOff = false, children }: ButtonProps) {
  return (
    <button
      type="submit"
      className={`btn ${side} w xl sub num`}
      disabled={isOff}
      data-testid="form-submit"
    >
      {children}
    </button>
  );
}

function Note({
  tone,
  children,
}: {
  readonly tone: 'warn' | 'bad' | '';
  readonly children: ReactNode;
}) {
  const Icon = { warn: TriangleAlert, bad: CircleAlert, '': Info }[tone];
  return (
    <div
      className={`note ${tone}`}
      role={tone === 'bad' ? 'alert' : 'status'}
      data-testid={tone === 'bad' ? 'form-error' : 'form-note'}
    >
      <Icon className="i" aria-hidden="true" />
      <span>{children}</span>
    </div>
  );
}

function LoginInstead() {
  const { pathname } = useLocation();
  const from = { from: pathname };
  return (
    <>
      <Link className="btn pri w xl sub" to="/login" state={from} data-testid="form-submit">
        Log in to trade
      </Link>
      <p className="xs t3 row sp">
        <span>New here?</span>
        <Link className="link" to="/register" state={from}>
          Open an account
        </Link>
      </p>
    </>
  );
}

function Closed({ market }: { readonly market: Market }) {
  return (
    <>
      <Note tone="">
        <b>{STATUS_TEXT[market.status]}.</b> This market takes no orders now; yours can be canceled.
      </Note>
      <Button side="line" isOff>
        No orders now
      </Button>
    </>
  );
}

function ConfirmSwitch() {
  const confirms = usePrefs((prefs) => prefs.confirms);
  return (
    <p className="xs t3 row sp">
      <span>{confirms ? 'You confirm before it is sent' : 'It is sent at once'}</span>
      <button
        type="button"
        className="link"
        onClick={() => usePrefs.setState({ confirms: !confirms })}
      >
        {confirms ? 'Turn off' : 'Ask first'}
      </button>
    </p>
  );
}
