import { describe, expect, it } from 'vitest';
import { shortcutOf, type Key } from '../../../renderer/app/shortcuts.ts';

const key = (name: string, with_: Partial<Key> = {}): Key => ({
  key: name,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...with_,
});

describe('shortcuts', () => {
  it('go to a view, the palette, the dock', () => {
    expect(shortcutOf(key('3', { ctrlKey: true }), false, false)).toEqual({ do: 'view', index: 2 });
    expect(shortcutOf(key('K', { metaKey: true }), true, false)).toEqual({ do: 'palette' });
    expect(shortcutOf(key('Dead', { code: 'Backquote', ctrlKey: true }), false, false)).toEqual({ do: 'dock' });
  });

  it('leave letters to whoever is typing', () => {
    expect(shortcutOf(key('/'), false, false)).toEqual({ do: 'filter' });
    expect(shortcutOf(key('/'), true, false)).toBeNull();
    expect(shortcutOf(key('Escape'), true, false)).toBeNull();
    expect(shortcutOf(key('ArrowLeft', { altKey: true }), true, false)).toBeNull();
  });

  it('leave everything but F6 to a terminal', () => {
    expect(shortcutOf(key('F6'), true, true)).toEqual({ do: 'next-region' });
    for (const name of ['k', '1', '/', 'Escape']) {
      expect(shortcutOf(key(name, { ctrlKey: true }), true, true)).toBeNull();
      expect(shortcutOf(key(name), true, true)).toBeNull();
    }
  });

  it('leave the browser its own keys', () => {
    expect(shortcutOf(key('k', { ctrlKey: true, shiftKey: true }), false, false)).toBeNull();
    expect(shortcutOf(key('r', { ctrlKey: true }), false, false)).toBeNull();
  });
});
