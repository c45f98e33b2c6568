import { type RefObject, useEffect, useState } from 'react';

/** Return how many rows of the book fit into the element. */
export function useRowCount(ref: RefObject<HTMLElement | null>, fallback: number): number {
  const [count, setCount] = useState(fallback);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = () => {
      const row = Number.parseFloat(getComputedStyle(element).getPropertyValue('--row-book')) || 20;
      setCount(Math.max(1, Math.floor(element.clientHeight / row)));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [ref]);
  return count;
}
