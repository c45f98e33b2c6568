import { type KeyboardEvent, type PointerEvent, useRef } from 'react';

const MARKS = [0, 25, 50, 75, 100] as const;

interface Props {
  readonly percent: number | null;
  readonly choose: (percent: number) => void;
  readonly isOff: boolean;
}

/** The share of what is available: a rule with five marks, by pointer, keys or its labels. */
export function PercentSlider({ percent, choose, isOff }: Props) {
  const rule = useRef<HTMLDivElement>(null);
  const shown = percent ?? 0;

  function pick(event: PointerEvent) {
    const box = rule.current?.getBoundingClientRect();
    if (isOff || box === undefined || event.buttons === 0) return;
    const share = Math.round(((event.clientX - box.left) / box.width) * 100);
    const near = MARKS.find((mark) => Math.abs(mark - share) <= 2);
    choose(near ?? Math.min(100, Math.max(0, share)));
  }

  function key(event: KeyboardEvent) {
    const step = {
      ArrowRight: 1,
      ArrowUp: 1,
      ArrowLeft: -1,
      ArrowDown: -1,
      PageUp: 25,
      PageDown: -25,
    }[event.key];
    const edge = { Home: 0, End: 100 }[event.key];
    if (isOff || (step === undefined && edge === undefined)) return;
    event.preventDefault();
    choose(edge ?? Math.min(100, Math.max(0, shown + (step ?? 0) * (event.shiftKey ? 10 : 1))));
  }

  return (
    <>
      <div
        ref={rule}
        className={`sl ${isOff ? 'is-off' : ''}`}
        role="slider"
        tabIndex={isOff ? -1 : 0}
        aria-label="Share of available"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={shown}
        aria-valuetext={`${shown}%`}
        aria-disabled={isOff}
        data-testid="form-percent"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          pick(event);
        }}
        onPointerMove={pick}
        onKeyDown={key}
      >
        <span className="on" style={{ width: `${shown}%` }} />
        {MARKS.map((mark) => (
          <span
            key={mark}
            className={`k ${mark <= shown ? 'p' : ''}`}
            style={{ left: `${mark}%` }}
          />
        ))}
        <span className="h" style={{ left: `${shown}%` }} />
      </div>
      <div className="row sp slab lab num">
        {MARKS.map((mark) => (
          <button
            key={mark}
            type="button"
            tabIndex={-1}
            disabled={isOff}
            aria-label={`Use ${mark} percent of available`}
            onClick={() => choose(mark)}
          >
            {mark === 0 ? '0' : `${mark}%`}
          </button>
        ))}
      </div>
    </>
  );
}
