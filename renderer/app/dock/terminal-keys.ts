/** What the dock does on a key pressed inside a terminal. `frame`: not the terminal's, the window's handlers decide. */
export type TerminalKey =
  | 'copy'
  | 'paste'
  | 'search'
  | 'new'
  | 'close'
  | 'next'
  | 'previous'
  | 'links'
  | 'split'
  | 'turn'
  | 'maximise'
  | 'close-dock'
  | 'zoom-in'
  | 'zoom-out'
  | 'zoom-reset'
  | 'frame';

/**
 * None of these does a browser keep for itself, as Chromium keeps Ctrl+Shift+N, T, W and Tab, Firefox P and the page keys
 * besides; nor do input methods, as IBus takes E and U.
 */
const CTRL_SHIFT: Readonly<Record<string, TerminalKey>> = {
  KeyC: 'copy',
  KeyV: 'paste',
  KeyF: 'search',
  Enter: 'new',
  NumpadEnter: 'new',
  Backspace: 'close',
  ArrowDown: 'next',
  ArrowUp: 'previous',
  KeyL: 'links',
  KeyD: 'split',
  KeyO: 'turn',
  KeyM: 'maximise',
  Backquote: 'close-dock',
  Equal: 'zoom-in',
  NumpadAdd: 'zoom-in',
  Minus: 'zoom-out',
  NumpadSubtract: 'zoom-out',
  Digit0: 'zoom-reset',
  Numpad0: 'zoom-reset',
};

type Key = Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'>;

/**
 * Which keys are ours inside a terminal: F6 and Ctrl+Shift, and no others; `null` belongs to the program. Keys are told by
 * their place (`code`), since Shift changes the character, except on layouts where the letter is elsewhere.
 */
export const terminalKey = (event: Key): TerminalKey | null => {
  if (event.code === 'F6' && !event.ctrlKey && !event.altKey && !event.metaKey) return 'frame';
  if (!event.ctrlKey || !event.shiftKey || event.altKey || event.metaKey) return null;
  const letter = /^[a-z]$/i.test(event.key) ? `Key${event.key.toUpperCase()}` : event.code;
  return CTRL_SHIFT[letter] ?? 'frame';
};
