/** What a person chose for this browser, kept in its storage. A convenience: a missing or strange memory is simply not used. */
import { lastingStorage } from './dock-memory.ts';

export const THEMES = ['system', 'dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'porthole.settings';

export class Settings {
  /** `system`: as the desktop is, and with it when it changes. */
  theme = $state.raw<Theme>('system');
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'> | null;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'> | null) {
    this.#storage = storage;
    try {
      const kept = JSON.parse(storage?.getItem(KEY) ?? 'null') as { theme?: unknown } | null;
      this.theme = THEMES.find((theme) => theme === kept?.theme) ?? 'system';
    } catch {
      // Not our JSON, or no storage: as if nothing was kept.
    }
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    try {
      this.#storage?.setItem(KEY, JSON.stringify({ theme }));
    } catch {
      // Forbidden or full: the next load starts with the usual.
    }
  }
}

export const settings = new Settings(lastingStorage());
