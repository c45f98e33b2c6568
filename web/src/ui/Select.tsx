import { ChevronDown } from 'lucide-react';

interface Props<K extends string> {
  readonly label: string;
  readonly value: K;
  readonly options: readonly { readonly value: K; readonly text: string }[];
  readonly choose: (value: K) => void;
  readonly testId?: string;
}

/** A quiet choice of a few: the system's own list opens, on phones too. */
export function Select<K extends string>({ label, value, options, choose, testId }: Props<K>) {
  return (
    <span className="selbox">
      <select
        className="pick sel num"
        aria-label={label}
        data-testid={testId}
        value={value}
        onChange={(event) => choose(event.target.value as K)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      <ChevronDown className="i i12" aria-hidden="true" />
    </span>
  );
}
