import { describe, expect, it } from 'vitest';
import { typedWithoutTty, withReturns } from '../../../electron/host/shells/without-tty.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (of: Uint8Array): string => new TextDecoder().decode(of);

describe('a program without a terminal', () => {
  it.each([
    ['a\nb\n', 'a\r\nb\r\n'],
    ['\n\n', '\r\n\r\n'],
    ['a\r\nb', 'a\r\nb'],
    ['none', 'none'],
    ['', ''],
  ])('%j is shown as %j', (written, shown) => {
    expect(text(withReturns(bytes(written)))).toBe(shown);
  });

  it('reads lines where Return was pressed, and shows what is typed', () => {
    const { sent, shown, ends } = typedWithoutTty(bytes('word\r'));
    expect({ sent: text(sent), shown: text(shown), ends }).toEqual({ sent: 'word\n', shown: 'word\r\n', ends: false });
  });

  it('reads the end of its input at Ctrl+D', () => {
    const { sent, ends } = typedWithoutTty(bytes('last\u0004lost'));
    expect({ sent: text(sent), ends }).toEqual({ sent: 'last', ends: true });
  });
});
