/** An asset's coin: one or two letters on its color, or its sign where it has one. */
const LETTERS: Readonly<Record<string, string>> = {
  BNB: 'BN',
  LTC: 'Ł',
  USDT: '₮',
  USDC: '$',
  EUR: '€',
  TRY: '₺',
  USD: '$',
};

export function AssetCoin({
  code,
  size = '',
}: {
  readonly code: string;
  readonly size?: 's' | 'l' | '';
}) {
  return (
    <span className={`as ${size}`} data-asset={code} aria-hidden="true">
      {LETTERS[code] ?? code.slice(0, 1)}
    </span>
  );
}
