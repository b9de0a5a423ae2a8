/** The keys that work everywhere. One table, so that nothing is bound twice. */

export type Shortcut =
  | { readonly do: 'palette' | 'filter' | 'dock' | 'next-region' | 'previous-region' | 'back' | 'forward' | 'escape' }
  | { readonly do: 'view'; readonly index: number };

export type Key = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/**
 * What a key asks for, or `null`. `typing`: the focus is where letters are text. `terminal`: it is in a terminal, where
 * only F6 is ours; the rest belongs to the program inside.
 */
export const shortcutOf = (key: Key, typing: boolean, terminal: boolean): Shortcut | null => {
  if (key.key === 'F6') return { do: key.shiftKey ? 'previous-region' : 'next-region' };
  if (terminal) return null;
  const command = key.ctrlKey || key.metaKey;
  if (command && !key.altKey && !key.shiftKey) {
    if (key.key.toLowerCase() === 'k') return { do: 'palette' };
    // By place on the keyboard: on many layouts the key is dead.
    if (key.code === 'Backquote') return { do: 'dock' };
    if (/^[1-9]$/.test(key.key)) return { do: 'view', index: Number(key.key) - 1 };
    return null;
  }
  if (command || key.shiftKey) return null;
  if (key.altKey && !typing) {
    if (key.key === 'ArrowLeft') return { do: 'back' };
    if (key.key === 'ArrowRight') return { do: 'forward' };
    return null;
  }
  if (key.altKey || typing) return null;
  if (key.key === '/') return { do: 'filter' };
  if (key.key === 'Escape') return { do: 'escape' };
  return null;
};

/** Where F6 goes, in order; elements carry `data-region`. */
export const REGIONS = ['rail', 'main', 'inspector', 'dock'] as const;

const FOCUSABLE = '[data-region-focus], button:not(:disabled):not([tabindex="-1"]), input, [tabindex="0"], textarea';

/** Moves the focus to the next region that is on the screen. */
export const focusRegion = (step: 1 | -1, root: ParentNode = document): void => {
  const regions = REGIONS.map((name) => root.querySelector<HTMLElement>(`[data-region="${name}"]`)).filter(
    (element): element is HTMLElement => element !== null && element.offsetParent !== null,
  );
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  for (let n = 1; n <= regions.length; n++) {
    const from = at === -1 && step === -1 ? 0 : at;
    const region = regions[(((from + step * n) % regions.length) + regions.length) % regions.length];
    const target =
      region?.querySelector<HTMLElement>('[data-region-focus]') ?? region?.querySelector<HTMLElement>(FOCUSABLE);
    if (target) {
      target.focus();
      return;
    }
  }
};

/** Whether letters typed at this element are text. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !(target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type));

export const isTerminal = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('.xterm') !== null;
