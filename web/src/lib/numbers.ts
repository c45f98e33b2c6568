/**
 * Decimals as people read them: groups of three, a true minus, typed text understood kindly.
 * Not for arithmetic, which is `decimal.ts`.
 */
import { cut, decimalsOf, fromUnits, unitsOf } from './decimal';

/** What stands for a value that is not known. Never a zero. */
export const UNKNOWN = '—';

/** Return `text` with thousands separated and a minus as wide as a plus. */
export function grouped(text: string): string {
  const [whole = '', fraction] = text.replace('-', '').split('.');
  const sign = text.startsWith('-') ? '−' : '';
  const groups = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return sign + groups + (fraction === undefined ? '' : `.${fraction}`);
}

/** Return the part of a number that speaks and the zeros after it that only hold the column. */
export function splitZeros(text: string): readonly [head: string, zeros: string] {
  const match = /^(.*?)(\.?0+)$/.exec(text);
  if (match === null || !text.includes('.')) return [text, ''];
  return [match[1] ?? '', match[2] ?? ''];
}

/** Return a large figure in short: 82.2 M. The full value belongs in a tip. */
export function short(text: string): string {
  const whole = text.replace('-', '').split('.')[0] ?? '';
  const step = [
    { digits: 12, mark: 'T' },
    { digits: 9, mark: 'B' },
    { digits: 6, mark: 'M' },
  ].find(({ digits }) => whole.length > digits);
  if (step === undefined) return grouped(cut(text, 2));
  const scale = decimalsOf(text);
  const scaled = fromUnits(unitsOf(text, scale), scale + step.digits);
  return `${grouped(cut(scaled, 1))} ${step.mark}`;
}

/**
 * Return what someone typed or pasted as a plain decimal, or null if it is none.
 *
 * One comma is a decimal mark, unless three digits follow a number (63,900), which is how thousands
 * are copied from a screen; fields turn a comma that is typed into a point at once, so only pasted
 * text is read that way. With a point beside it, or twice, a comma separates thousands.
 */
export function readTyped(typed: string): string | null {
  let text = typed.trim().replace(/[\s\u00a0\u202f']/g, '');
  const commas = text.split(',').length - 1;
  const points = text.split('.').length - 1;
  if (commas > 0 && points > 0) {
    const thousands = text.lastIndexOf(',') > text.lastIndexOf('.') ? '.' : ',';
    text = text.replaceAll(thousands, '').replace(',', '.');
  } else {
    const isDecimal = commas === 1 && !/^[1-9]\d{0,2},\d{3}$/.test(text);
    text = isDecimal ? text.replace(',', '.') : text.replaceAll(',', '');
  }
  if (!/^\d*\.?\d*$/.test(text) || !/\d/.test(text)) return null;
  const [whole = '', fraction = ''] = text.split('.');
  const trimmed = whole.replace(/^0+(?=\d)/, '') || '0';
  return fraction === '' ? trimmed : `${trimmed}.${fraction}`;
}
