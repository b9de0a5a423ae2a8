import { describe, expect, it } from 'vitest';
import { terminalKey } from '../../../renderer/app/dock/terminal-keys.ts';

const press = (
  code: string,
  key: string,
  held: { ctrl?: boolean; shift?: boolean; alt?: boolean; meta?: boolean } = {},
) =>
  terminalKey({
    code,
    key,
    ctrlKey: held.ctrl ?? false,
    shiftKey: held.shift ?? false,
    altKey: held.alt ?? false,
    metaKey: held.meta ?? false,
  });
const ctrlShift = { ctrl: true, shift: true };

describe('keys inside a terminal', () => {
  it.each([
    ['KeyC', 'c', { ctrl: true }],
    ['KeyK', 'k', { ctrl: true }],
    ['Backquote', '`', { ctrl: true }],
    ['F2', 'F2', {}],
    ['F6', 'F6', { ctrl: true }],
    ['Escape', 'Escape', {}],
    ['Slash', '/', {}],
    ['KeyC', 'C', { shift: true }],
    ['KeyC', 'C', { ...ctrlShift, alt: true }],
  ])('leaves %s (%s, %o) to the program', (code, key, held) => {
    expect(press(code, key, held)).toBeNull();
  });

  it.each([
    ['KeyC', 'C', 'copy'],
    ['KeyV', 'V', 'paste'],
    ['KeyF', 'F', 'search'],
    ['KeyM', 'M', 'maximise'],
    ['Equal', '+', 'zoom-in'],
    ['Minus', '_', 'zoom-out'],
    ['Digit0', ')', 'zoom-reset'],
    ['Backquote', '~', 'close-dock'],
    ['KeyL', 'L', 'links'],
    ['Enter', 'Enter', 'new'],
    ['Backspace', 'Backspace', 'close'],
    ['ArrowDown', 'ArrowDown', 'next'],
    ['ArrowUp', 'ArrowUp', 'previous'],
  ])('takes Ctrl+Shift+%s', (code, key, action) => {
    expect(press(code, key, ctrlShift)).toBe(action);
  });

  it('goes by the letter where a layout has it elsewhere: C of Dvorak lies on I', () => {
    expect(press('KeyI', 'C', ctrlShift)).toBe('copy');
    expect(press('KeyC', 'J', ctrlShift)).toBe('frame');
  });

  it('hands F6 and every other Ctrl+Shift key to the window, with Shift or without', () => {
    expect(press('F6', 'F6')).toBe('frame');
    expect(press('F6', 'F6', { shift: true })).toBe('frame');
    expect(press('KeyP', 'P', ctrlShift)).toBe('frame');
  });

  it('does nothing on a key that a browser keeps for itself', () => {
    for (const letter of 'NTWPQ') expect(press(`Key${letter}`, letter, ctrlShift)).toBe('frame');
    for (const key of ['Tab', 'PageUp', 'PageDown']) expect(press(key, key, ctrlShift)).toBe('frame');
  });
});
