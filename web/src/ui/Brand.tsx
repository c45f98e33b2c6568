const MARK =
  'M16 .5a15.5 15.5 0 1 1 0 31 15.5 15.5 0 0 1 0-31zM10.5 7.25v7.5h6.25a3.75 3.75 0 0 0 0-7.5zM10.5 17v8h7.25a4 4 0 0 0 0-8z';

const WORD = [
  'M1.2 2v14M1.2 3.15h4.6a2.9 2.9 0 0 1 0 5.8H1.2M1.2 8.95h5.3a2.95 2.95 0 0 1 0 5.9H1.2',
  'M12.9 10.9h7.9a4 4.1 0 1 0-1.3 3.05',
  'M24 7.15h6.3L24.4 14.85h6.5',
  'M42 6v10M42 11a3.95 4 0 1 1-7.9 0a3.95 4 0 1 1 7.9 0',
  'M46.2 16V6M46.2 10.4a3.4 3.35 0 0 1 6.8 0V16',
  'M58.2 2.6v9.7a2.5 2.5 0 0 0 2.6 2.55h1.3M55.6 7.15h6.4',
] as const;

export function Mark({ size = 20 }: { readonly size?: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path fillRule="evenodd" d={MARK} />
    </svg>
  );
}

export function Wordmark({ height = 16.8 }: { readonly height?: number }) {
  return (
    <svg
      className="word"
      height={height}
      width={height * 3.5}
      viewBox="0 0 63 18"
      aria-hidden="true"
    >
      {WORD.map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}

/** Rim of beads, levels of a book, the spread in gold: a bezant seen as bid and ask. */
export function CoinArt() {
  const beads = Array.from({ length: 60 }, (_, index) => (index / 60) * 2 * Math.PI);
  return (
    <svg viewBox="0 0 200 200" width="176" height="176" aria-hidden="true" className="coin-art">
      {beads.map((angle) => (
        <circle
          key={angle}
          cx={(100 + 91 * Math.cos(angle)).toFixed(1)}
          cy={(100 + 91 * Math.sin(angle)).toFixed(1)}
          r="1.6"
          fill="currentColor"
        />
      ))}
      <circle cx="100" cy="100" r="98" fill="none" stroke="currentColor" />
      <circle cx="100" cy="100" r="83" fill="none" stroke="currentColor" />
      {LEVELS.map((share, index) => {
        const y = 24 + index * 6;
        const half = Math.sqrt(76 ** 2 - (100 - y) ** 2) * share;
        const isSpread = index > 9;
        return (
          <path
            key={y}
            d={`M${100 - half} ${y}H${100 + half}M${100 - half} ${200 - y}H${100 + half}`}
            stroke={isSpread ? 'var(--coin)' : 'currentColor'}
            strokeWidth={isSpread ? 2 : 1}
          />
        );
      })}
    </svg>
  );
}

const LEVELS = [0.34, 0.5, 0.42, 0.66, 0.58, 0.8, 0.62, 0.9, 0.74, 0.86, 0.97, 1] as const;
