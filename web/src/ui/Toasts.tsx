import { CircleAlert, CircleCheck, CircleDot, X } from 'lucide-react';
import { closeToast, useToasts } from './toasts';

const ICONS = { done: CircleCheck, news: CircleDot, failed: CircleAlert } as const;
const TONES = { done: 'ok', news: 'gold', failed: 'bad' } as const;

export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  return (
    <div className="toasts" role="status" aria-label="Messages">
      {toasts.map(({ id, tone, title, text }) => {
        const Icon = ICONS[tone];
        return (
          <div key={id} className="toast" data-testid="toast">
            <Icon className={`i ${TONES[tone]}`} aria-hidden="true" />
            <b className="b6">{title}</b>
            <button
              type="button"
              className="ib s"
              aria-label="Close message"
              onClick={() => closeToast(id)}
            >
              <X className="i i14" />
            </button>
            {text !== undefined && <p className="num">{text}</p>}
          </div>
        );
      })}
    </div>
  );
}
