import { useSyncExternalStore } from 'react';

/** Return whether a media query holds now, and follow it. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
  );
}

/** Full layout from 1024 px; below it the phone's. */
export const WIDE = '(min-width: 1024px)';
