/**
 * Exact decimals: a number is a bigint of units and a scale, 1.25 at scale 2 is 125n.
 *
 * All money of the app passes through here; nothing here makes a JavaScript number. Not for
 * drawing: the last function before pixels converts, in `features/trade/chart/pixels.ts`.
 */

const PLAIN = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Return the units of `text` at `scale`, or null if it is no decimal or has more decimals. */
export function toUnits(text: string, scale: number): bigint | null {
  const match = PLAIN.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  const kept = fraction.replace(/0+$/, '');
  if (kept.length > scale) return null;
  const units = BigInt(whole + kept.padEnd(scale, '0'));
  return sign === '-' ? -units : units;
}

/** Return `toUnits`, for text that the exchange sent; throws on what it must never send. */
export function unitsOf(text: string, scale: number): bigint {
  const units = toUnits(text, scale);
  if (units === null) throw new RangeError(`not a decimal with ${scale} decimals: ${text}`);
  return units;
}

/** Return the decimal of `units`, always with `scale` decimals and never with an exponent. */
export function fromUnits(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const split = digits.length - scale;
  const sign = units < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, split)}.${digits.slice(split)}`;
}

/** Return how many decimals `text` really uses: 0.10 uses 1, 10 uses 0. */
export function decimalsOf(text: string): number {
  return (PLAIN.exec(text)?.[3] ?? '').replace(/0+$/, '').length;
}

/** Return `text` without zeros that say nothing: 0.2500 is 0.25, 7.00 is 7. */
export function shorten(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Return `text` with at least `decimals` decimals; more stay as they are. */
export function atLeast(text: string, decimals: number): string {
  const used = Math.max(decimalsOf(text), decimals);
  const units = toUnits(text, used);
  return units === null ? text : fromUnits(units, used);
}

/** Return `text` cut, not rounded, to `decimals`: for figures that only give an idea. */
export function cut(text: string, decimals: number): string {
  const point = text.indexOf('.');
  if (point < 0 || text.length - point - 1 <= decimals) return atLeast(text, decimals);
  return decimals === 0 ? text.slice(0, point) : text.slice(0, point + 1 + decimals);
}

/** Return `units` moved from one scale to another; a fraction that does not fit is dropped. */
export function rescale(units: bigint, from: number, to: number): bigint {
  return to >= from ? units * 10n ** BigInt(to - from) : units / 10n ** BigInt(from - to);
}

/** Return the largest multiple of `step` that is not above `value` (both not negative). */
export function floorTo(value: bigint, step: bigint): bigint {
  return value - (value % step);
}

/** Return the smallest multiple of `step` that is not below `value` (both not negative). */
export function ceilTo(value: bigint, step: bigint): bigint {
  return floorTo(value + step - 1n, step);
}

/** Return a / b rounded up, for positive numbers. */
export function ceilDiv(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}

/** Return the sum of decimals as a decimal with the most decimals among them. */
export function sum(...texts: readonly string[]): string {
  const scale = Math.max(0, ...texts.map(decimalsOf));
  return fromUnits(
    texts.reduce((total, text) => total + unitsOf(text, scale), 0n),
    scale,
  );
}

/** Return -1, 0 or 1 as a is below, equal to or above b. */
export function compare(a: string, b: string): -1 | 0 | 1 {
  const scale = Math.max(decimalsOf(a), decimalsOf(b));
  const difference = unitsOf(a, scale) - unitsOf(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Return the exact product of two decimals. */
export function multiply(a: string, b: string): string {
  const [scaleA, scaleB] = [decimalsOf(a), decimalsOf(b)];
  return fromUnits(unitsOf(a, scaleA) * unitsOf(b, scaleB), scaleA + scaleB);
}

/** Return (a - b) / b in percent with `decimals` decimals, rounded half up; null if b is zero. */
export function percentChange(a: string, b: string, decimals = 2): string | null {
  const scale = Math.max(decimalsOf(a), decimalsOf(b));
  const [now, before] = [unitsOf(a, scale), unitsOf(b, scale)];
  if (before === 0n) return null;
  const doubled = (2n * (now - before) * 10n ** BigInt(decimals + 2)) / before;
  const rounded = doubled >= 0n ? (doubled + 1n) / 2n : -((1n - doubled) / 2n);
  return fromUnits(rounded, decimals);
}
