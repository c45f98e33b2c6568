import { grouped, UNKNOWN } from '@/lib/numbers';

/** Which way a figure went: the class of its color and the word for those who see none. */
export function direction(value: string | null): 'up' | 'down' | 'flat' {
  if (value === null || /^-?0*(\.0*)?$/.test(value)) return 'flat';
  return value.startsWith('-') ? 'down' : 'up';
}

export const DIRECTION_CLASS = { up: 'up', down: 'dn', flat: '' } as const;

/** A change in percent with triangle and sign; zero has neither sign nor color. */
export function Change({ percent }: { readonly percent: string | null }) {
  const way = direction(percent);
  const text = percent === null ? UNKNOWN : `${way === 'up' ? '+' : ''}${grouped(percent)}%`;
  return (
    <span className={`num ${DIRECTION_CLASS[way]}`}>
      {way !== 'flat' && <i className={`tri ${way === 'up' ? 'u' : 'd'}`} />}
      {text}
    </span>
  );
}
