/** Dark and light by the system's setting: `data-theme` on <html>, which tokens.css listens to. Follows changes. */
export const followSystemTheme = (root: HTMLElement = document.documentElement): void => {
  const light = matchMedia('(prefers-color-scheme: light)');
  const put = (): void => {
    root.dataset.theme = light.matches ? 'light' : 'dark';
  };
  light.addEventListener('change', put);
  put();
};
