import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';

interface Props {
  readonly title: string;
  readonly close: () => void;
  readonly children: ReactNode;
  readonly footer: ReactNode;
}

/** A question in front of the page. The browser keeps the focus inside and closes on Escape. */
export function Dialog({ title, close, children, footer }: Props) {
  const ref = useModal(close);
  return (
    <dialog ref={ref} className="dlg" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <button type="button" className="ib" aria-label="Close" onClick={close}>
          <X className="i" />
        </button>
      </header>
      <div className="bd t2">{children}</div>
      <footer>{footer}</footer>
    </dialog>
  );
}

/** Return the ref of a dialog that is open while it is mounted; a click beside it closes it. */
export function useModal(close: () => void) {
  const ref = useRef<HTMLDialogElement>(null);
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    dialog.showModal();
    const onClose = () => latest.current();
    const onClick = (event: MouseEvent) => {
      if (event.target !== dialog) return;
      const box = dialog.getBoundingClientRect();
      const { clientX: x, clientY: y } = event;
      const isInside = x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
      if (!isInside) latest.current();
    };
    dialog.addEventListener('close', onClose);
    dialog.addEventListener('click', onClick);
    return () => {
      dialog.removeEventListener('close', onClose);
      dialog.removeEventListener('click', onClick);
      dialog.close();
    };
  }, []);
  return ref;
}
