import { grouped, splitZeros, UNKNOWN } from '@/lib/numbers';

interface Props {
  /** A plain decimal, or null where nobody knows: a dash, never a zero. */
  readonly value: string | null;
  readonly className?: string;
  /** Totals that are about to be confirmed keep every digit in full voice. */
  readonly plain?: boolean;
}

/** A number in its column: thousands apart, the zeros that only hold the column in a lower voice. */
export function Num({ value, className = '', plain = false }: Props) {
  if (value === null) return <span className={`num ${className}`}>{UNKNOWN}</span>;
  const text = grouped(value);
  const [head, zeros] = plain ? [text, ''] : splitZeros(text);
  return (
    <span className={`num ${className}`}>
      {head}
      {zeros !== '' && <span className="z">{zeros}</span>}
    </span>
  );
}
