import { Check } from 'lucide-react';
import { Select } from '@/ui/Select';
import { type Draft, withTimeInForce } from './draft';

const TIMES = [
  { value: 'GTC', text: 'Good till canceled' },
  { value: 'IOC', text: 'Immediate or cancel' },
  { value: 'FOK', text: 'Fill or kill' },
] as const;

interface Props {
  readonly draft: Draft;
  readonly edit: (change: (draft: Draft) => Draft) => void;
}

/** How long the order works, and whether it may take. */
export function Conditions({ draft, edit }: Props) {
  const isOff = draft.timeInForce !== 'GTC';
  return (
    <div className="row sp opts">
      <span className="-ml-2">
        <Select
          label="Time in force"
          testId="form-tif"
          value={draft.timeInForce}
          options={TIMES}
          choose={(timeInForce) => edit((d) => withTimeInForce(d, timeInForce))}
        />
      </span>
      <label className={`ck ${draft.postOnly ? 'on' : ''} ${isOff ? 'off' : ''}`}>
        <input
          type="checkbox"
          data-testid="form-post-only"
          checked={draft.postOnly}
          disabled={isOff}
          onChange={(event) => {
            const postOnly = event.target.checked;
            edit((d) => ({ ...d, postOnly }));
          }}
        />
        <i>{draft.postOnly && <Check className="i" aria-hidden="true" />}</i>
        {isOff ? `Post-only, not with ${draft.timeInForce}` : 'Post-only'}
      </label>
    </div>
  );
}
