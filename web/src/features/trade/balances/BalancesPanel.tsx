import { Eye, EyeOff, Wallet } from 'lucide-react';
import { useState } from 'react';
import type { Balance } from '@/data/types';
import { useSession } from '@/data/use-session';
import { balanceOf, useAccount } from '@/features/account/AccountProvider';
import { useAmounts } from '@/features/account/use-amounts';
import { AssetCoin } from '@/ui/AssetCoin';
import { Num } from '@/ui/Num';
import { Blank, SkeletonRows } from '@/ui/states';
import { useRoom } from '../market-context';

/** What the account has: the market's two assets first, then the others that are not empty. */
export function BalancesPanel() {
  const { market } = useRoom();
  const account = useAccount();
  const isIn = useSession().state === 'in';
  const [isHidden, setIsHidden] = useState(false);
  const Icon = isHidden ? EyeOff : Eye;
  const view = account.state === 'ready' ? account.value : null;
  const pair = [market.base, market.quote];
  const rest = [...(view?.balances.values() ?? [])]
    .filter((balance) => !pair.includes(balance.asset) && !/^0*(\.0*)?$/.test(balance.total))
    .sort((a, b) => (a.asset < b.asset ? -1 : 1));
  const shown = view === null ? null : [...pair.map((code) => balanceOf(view, code)), ...rest];
  return (
    <section className="a-bal" aria-label="Balances">
      <header className="bar">
        <h2 className="sm b5">Balances</h2>
        <span className="grow" />
        {isIn && (
          <button
            type="button"
            className="ib s"
            aria-label={isHidden ? 'Show balances' : 'Hide balances'}
            onClick={() => setIsHidden(!isHidden)}
          >
            <Icon className="i i14" />
          </button>
        )}
      </header>
      {isIn ? (
        <div className={`scy ${account.state === 'ready' && account.isStale ? 'is-stale' : ''}`}>
          <table className="tb">
            <thead>
              <tr>
                <th>Asset</th>
                <th className="r">Available</th>
                <th className="r">Hold</th>
              </tr>
            </thead>
            {shown === null ? (
              <SkeletonRows rows={2} columns={3} />
            ) : (
              <tbody>
                {shown.map((balance) => (
                  <BalanceRow key={balance.asset} balance={balance} isHidden={isHidden} />
                ))}
              </tbody>
            )}
          </table>
        </div>
      ) : (
        <Blank icon={Wallet} title="Your balances show here" />
      )}
    </section>
  );
}

interface RowProps {
  readonly balance: Balance;
  readonly isHidden: boolean;
}

function BalanceRow({ balance, isHidden }: RowProps) {
  const { asset, available, hold } = balance;
  const show = useAmounts()(asset);
  return (
    <tr>
      <td>
        <span className="row g3">
          <AssetCoin code={asset} size="s" />
          <b className="b5">{asset}</b>
        </span>
      </td>
      <td className="r" data-testid={`balance-available-${asset}`} data-value={available}>
        {isHidden ? '••••' : <Num value={show(available)} />}
      </td>
      <td className="r t2" data-testid={`balance-hold-${asset}`} data-value={hold}>
        {isHidden ? '••••' : <Num value={show(hold)} />}
      </td>
    </tr>
  );
}
