import { type FormEvent, useEffect, useRef } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { Balance, Market, Order, Side } from '@/data/types';
import { useSession } from '@/data/use-session';
import { balanceOf, useAccount } from '@/features/account/AccountProvider';
import { useAmounts } from '@/features/account/use-amounts';
import { assertNever } from '@/lib/assert-never';
import { grouped, readTyped } from '@/lib/numbers';
import { Num } from '@/ui/Num';
import { Tabs } from '@/ui/Tabs';
import { changeDraft, useDraft } from '../draft-store';
import { useRoom } from '../market-context';
import { usePrefs } from '../prefs';
import { Conditions } from './Conditions';
import { checkDraft, type Problem, type Verdict } from './check';
import {
  type Draft,
  type DraftType,
  totalOf,
  withAmount,
  withPercent,
  withPrice,
  withSide,
  withTotal,
  withType,
} from './draft';
import { NumberField } from './NumberField';
import { PercentSlider } from './PercentSlider';
import { PriceHelp } from './PriceHelp';
import { announcePlaced } from './placed';
import { Receipt } from './Receipt';
import { SubmitArea } from './SubmitArea';
import { useOrderEntry } from './use-order-entry';
import { useRisk } from './use-risk';

const TYPES = [
  { key: 'limit', label: 'Limit' },
  { key: 'market', label: 'Market' },
] as const;

export function OrderForm() {
  const { market } = useRoom();
  const draft = useDraft(market);
  const given = useGiven(market, draft.side);
  const verdict = checkDraft(draft, market, given?.available ?? null);
  const form = useRef<HTMLFormElement>(null);
  const order = useOrderEntry((placed) => afterPlaced(placed, market));
  const { entry } = order;
  const submit = useSubmit(verdict, order);
  const problem = entry.step === 'refused' ? entry.problem : problemOf(verdict);

  function edit(change: (draft: Draft) => Draft) {
    if (entry.step !== 'writing' && entry.step !== 'sending') order.back();
    changeDraft(market, change);
  }

  const refused = entry.step === 'refused' ? entry.problem.field : null;
  useEffect(() => {
    if (refused !== null) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [refused]);

  return (
    <section className="a-form" aria-label="Place order">
      <form
        ref={form}
        className="ph-form"
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          submit();
        }}
      >
        <SideSwitch side={draft.side} choose={(side) => edit((d) => withSide(d, side))} />
        <div className="bar types">
          <Tabs
            small
            label="Order type"
            tabs={TYPES}
            chosen={draft.type}
            choose={(type: DraftType) => edit((d) => withType(d, type))}
          />
        </div>
        <Available market={market} side={draft.side} balance={given} />
        <Fields draft={draft} market={market} problem={problem} edit={edit} />
        <PercentSlider
          percent={draft.percent}
          isOff={given === null}
          choose={(percent) =>
            edit((d) => withPercent(d, percent, given?.available ?? '0', market))
          }
        />
        <TotalField draft={draft} market={market} problem={problem} edit={edit} />
        {draft.type === 'limit' && <Conditions draft={draft} edit={edit} />}
        <Receipt draft={draft} />
        <SubmitArea draft={draft} verdict={verdict} order={order} />
      </form>
    </section>
  );
}

/** Return what the form's button does: ask, send, or lead to the first thing to fix. */
function useSubmit(verdict: Verdict, order: ReturnType<typeof useOrderEntry>): () => void {
  const session = useSession();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const confirms = usePrefs((prefs) => prefs.confirms);
  const risk = useRisk();
  return () => {
    if (session.state === 'out') {
      navigate('/login', { state: { from: pathname } });
      return;
    }
    const { entry } = order;
    switch (entry.step) {
      case 'sending':
        return;
      case 'unknown':
        void order.sendAgain();
        return;
      case 'confirming':
        void order.send(entry.order);
        return;
      case 'writing':
      case 'refused':
        if (verdict.kind === 'problem') return;
        if (confirms || risk.read() !== null) order.confirm(verdict.order);
        else void order.send(verdict.order);
        return;
      default:
        assertNever(entry);
    }
  };
}

function problemOf(verdict: Verdict): Problem | null {
  return verdict.kind === 'problem' ? verdict.problem : null;
}

function afterPlaced(order: Order, market: Market): void {
  changeDraft(market, (draft) => ({ ...draft, amount: '', total: '', percent: null }));
  announcePlaced(order, market);
}

/** Return the balance of the asset that the side gives, or null while nobody knows it. */
function useGiven(market: Market, side: Side): Balance | null {
  const account = useAccount();
  const asset = side === 'buy' ? market.quote : market.base;
  return account.state === 'ready' ? balanceOf(account.value, asset) : null;
}

interface SideProps {
  readonly side: Side;
  readonly choose: (side: Side) => void;
}

function SideSwitch({ side, choose }: SideProps) {
  return (
    <div className="seg side" role="radiogroup" aria-label="Side" data-testid="form-side">
      {(['buy', 'sell'] as const).map((each) => (
        <button
          key={each}
          type="button"
          role="radio"
          className={each === 'buy' ? 'isb' : 'iss'}
          aria-checked={side === each}
          onClick={() => choose(each)}
        >
          {each === 'buy' ? 'Buy' : 'Sell'}
        </button>
      ))}
    </div>
  );
}

interface AvailableProps {
  readonly market: Market;
  readonly side: Side;
  readonly balance: Balance | null;
}

function Available({ market, side, balance }: AvailableProps) {
  const asset = side === 'buy' ? market.quote : market.base;
  const show = useAmounts()(asset);
  return (
    <div className="row sp sm">
      <span className="t3">Available</span>
      <span>
        <Num value={balance === null ? null : show(balance.available)} /> {asset}
      </span>
    </div>
  );
}

interface FieldsProps {
  readonly draft: Draft;
  readonly market: Market;
  readonly problem: Problem | null;
  readonly edit: (change: (draft: Draft) => Draft) => void;
}

function Fields({ draft, market, problem, edit }: FieldsProps) {
  const put = useFix(market, edit);
  const risk = useRisk();
  return (
    <>
      {draft.type === 'limit' ? (
        <div>
          <NumberField
            name="price"
            label="Price"
            unit={market.quote}
            value={draft.price}
            change={(price) => edit((d) => withPrice(d, price, market))}
            placeholder={grouped(risk.lastPrice ?? '')}
            step={market.tickSize}
            scale={market.priceScale}
            testId="form-price"
            problem={problem?.field === 'price' ? problem : null}
            warning={problem === null ? risk.farText : null}
            use={put}
          />
          <PriceHelp
            price={draft.price}
            use={(price) => edit((d) => withPrice(d, price, market))}
          />
        </div>
      ) : (
        <div className="f is-off">
          <span className="sm t3 pl-[10px]">Price</span>
          <span className="v">At market</span>
          <span className="u">{market.quote}</span>
        </div>
      )}
      <NumberField
        name="amount"
        label="Amount"
        unit={market.base}
        value={draft.amount}
        change={(amount) => edit((d) => withAmount(d, amount, market))}
        placeholder={
          draft.type === 'market' && draft.basis === 'total'
            ? 'by total'
            : zero(market.quantityScale)
        }
        step={market.lotSize}
        scale={market.quantityScale}
        testId="form-qty"
        problem={problem?.field === 'amount' ? problem : null}
        use={put}
      />
    </>
  );
}

function TotalField({ draft, market, problem, edit }: FieldsProps) {
  const put = useFix(market, edit);
  return (
    <NumberField
      name="total"
      label="Total"
      unit={market.quote}
      value={shownTotal(draft, market)}
      change={(total) => edit((d) => withTotal(d, total, market))}
      placeholder={
        draft.type === 'market' && draft.basis === 'amount' ? 'by amount' : zero(market.priceScale)
      }
      step={market.tickSize}
      scale={market.quoteScale}
      testId="form-total"
      problem={problem?.field === 'total' ? problem : null}
      use={put}
      hasStepper={false}
    />
  );
}

/** Return how a proposed value is put in: "Use 0.48833". */
function useFix(market: Market, edit: FieldsProps['edit']) {
  return ({ field, value }: NonNullable<Problem['fix']>) =>
    edit((draft) => {
      switch (field) {
        case 'price':
          return withPrice(draft, value, market);
        case 'amount':
          return withAmount(draft, value, market);
        case 'total':
          return withTotal(draft, value, market);
        default:
          return assertNever(field);
      }
    });
}

/** Return the total as typed; of a share of the balance, what its whole lots really cost. */
function shownTotal(draft: Draft, market: Market): string {
  const price = readTyped(draft.price);
  const isShare = draft.type === 'limit' && draft.percent !== null;
  if (!isShare || price === null || draft.amount === '') return draft.total;
  return totalOf(price, draft.amount, market) ?? draft.total;
}

function zero(decimals: number): string {
  return decimals === 0 ? '0' : `0.${'0'.repeat(decimals)}`;
}
