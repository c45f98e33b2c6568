import { ChevronDown, ChevronUp, CircleAlert, TriangleAlert } from 'lucide-react';
import { type ChangeEvent, type KeyboardEvent, useId, useState } from 'react';
import { grouped, readTyped } from '@/lib/numbers';
import type { FieldName, Problem } from './check';
import { stepped } from './draft';

export interface NumberFieldProps {
  readonly name: FieldName;
  readonly label: string;
  readonly unit: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly placeholder: string;
  readonly step: string;
  readonly scale: number;
  readonly testId: string;
  readonly problem?: Problem | null | undefined;
  readonly warning?: string | null;
  readonly use?: (fix: NonNullable<Problem['fix']>) => void;
  readonly hasStepper?: boolean;
}

/** A decimal field. What is typed stays; arrows move by steps; the wheel does nothing. */
export function NumberField(props: NumberFieldProps) {
  const { label, unit, value, change, placeholder, step, scale, testId, problem, warning } = props;
  const id = useId();
  const [isFocused, setIsFocused] = useState(false);
  const isBad = problem?.message != null;
  const plain = readTyped(value);
  // What is typed stays as typed; thousands are set apart only while nobody writes there.
  const shown = isFocused || plain !== value ? value : grouped(value);
  const tone = isBad ? 'is-bad' : warning ? 'is-warn' : '';

  function type(event: ChangeEvent<HTMLInputElement>) {
    const native = event.nativeEvent as InputEvent;
    const typed = event.target.value;
    const isTypedComma = native.inputType === 'insertText' && native.data === ',';
    change(isTypedComma ? typed.replace(',', '.') : typed);
  }

  function key(event: KeyboardEvent<HTMLInputElement>) {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    move(event.shiftKey ? way * 10 : way);
  }

  function move(count: number) {
    change(stepped(value, step, scale, count));
  }

  return (
    <div>
      <div className={`f ${tone}`}>
        <label htmlFor={id}>{label}</label>
        <input
          id={id}
          className="num"
          data-testid={testId}
          inputMode="decimal"
          autoComplete="off"
          spellCheck={false}
          value={shown}
          data-value={plain ?? ''}
          placeholder={placeholder}
          aria-invalid={isBad}
          aria-describedby={`${id}-message`}
          onFocus={() => setIsFocused(true)}
          onBlur={() => setIsFocused(false)}
          onChange={type}
          onKeyDown={key}
        />
        <span className="u">{unit}</span>
        {props.hasStepper !== false && (
          <span className="st">
            <button
              type="button"
              tabIndex={-1}
              aria-label={`${label} one step up`}
              onClick={() => move(1)}
            >
              <ChevronUp className="i" />
            </button>
            <button
              type="button"
              tabIndex={-1}
              aria-label={`${label} one step down`}
              onClick={() => move(-1)}
            >
              <ChevronDown className="i" />
            </button>
          </span>
        )}
      </div>
      <div id={`${id}-message`}>
        {isBad && <BadMessage problem={problem} use={props.use} />}
        {!isBad && warning && (
          <p className="msg warn">
            <TriangleAlert className="i" aria-hidden="true" />
            <span>{warning}</span>
          </p>
        )}
      </div>
    </div>
  );
}

interface MessageProps {
  readonly problem: Problem;
  readonly use: NumberFieldProps['use'];
}

function BadMessage({ problem, use }: MessageProps) {
  const { fix } = problem;
  return (
    <p className="msg bad" role="alert" data-testid="form-error">
      <CircleAlert className="i" aria-hidden="true" />
      <span>
        {problem.message}{' '}
        {fix !== undefined && use !== undefined && (
          <button type="button" className="link" onClick={() => use(fix)}>
            Use {fix.value}
          </button>
        )}
      </span>
    </p>
  );
}
