import type { Theme } from '../store/settings.svelte.ts';

/**
 * Dark or light: `data-theme` on <html>, which tokens.css listens to. As chosen, or by the system's setting, whose changes are
 * followed. Ends with the answer.
 */
export const followTheme = (theme: Theme, root: HTMLElement = document.documentElement): (() => void) => {
  if (theme !== 'system') {
    root.dataset.theme = theme;
    return () => {};
  }
  const light = matchMedia('(prefers-color-scheme: light)');
  const put = (): void => {
    root.dataset.theme = light.matches ? 'light' : 'dark';
  };
  light.addEventListener('change', put);
  put();
  return () => light.removeEventListener('change', put);
};
