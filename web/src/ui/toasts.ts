import { create } from 'zustand';

export interface Toast {
  /** A toast with the id of one on screen takes its place: one order, one toast. */
  readonly id: string;
  readonly tone: 'done' | 'news' | 'failed';
  readonly title: string;
  readonly text?: string;
}

const ON_SCREEN_MAX = 3;
const SHOWN_MS = 6_000;

const timers = new Map<string, ReturnType<typeof setTimeout>>();

export const useToasts = create<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }));

/** Show a toast, or change the one with its id. Errors stay until they are closed. */
export function showToast(toast: Toast): void {
  useToasts.setState(({ toasts }) => {
    const isShown = toasts.some(({ id }) => id === toast.id);
    const next = isShown
      ? toasts.map((old) => (old.id === toast.id ? toast : old))
      : [...toasts, toast];
    return { toasts: next.slice(-ON_SCREEN_MAX) };
  });
  clearTimeout(timers.get(toast.id));
  timers.delete(toast.id);
  if (toast.tone === 'failed') return;
  timers.set(
    toast.id,
    setTimeout(() => closeToast(toast.id), SHOWN_MS),
  );
}

export function closeToast(id: string): void {
  timers.delete(id);
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}
