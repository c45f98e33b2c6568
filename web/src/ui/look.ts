/** How the page looks: saved on this device, applied before the first paint by `theme.js`. */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type Theme = 'system' | 'dark' | 'light';

interface Look {
  readonly theme: Theme;
}

const LIGHT = '(prefers-color-scheme: light)';

export const useLook = create<Look>()(
  persist((): Look => ({ theme: 'system' }), { name: 'bezant.look' }),
);

/** Return the theme that is shown: dark or light. */
export function shownTheme(theme: Theme): 'dark' | 'light' {
  if (theme !== 'system') return theme;
  return matchMedia(LIGHT).matches ? 'light' : 'dark';
}

/** Keep the page's attribute in step with the choice and with the system. */
export function followLook(): void {
  const apply = () => {
    document.documentElement.dataset.theme = shownTheme(useLook.getState().theme);
  };
  useLook.subscribe(apply);
  matchMedia(LIGHT).addEventListener('change', apply);
  apply();
}
