import { describe, expect, it } from 'vitest';
import { followsLink } from '../../../renderer/app/dock/terminal-links.ts';
import { webAddress } from '../../../shared/web-address.ts';

describe('a link in a terminal', () => {
  it.each([
    ['https://example.org/a?b#c', 'https://example.org/a?b#c'],
    ['HTTP://LOCALHOST:8080', 'HTTP://LOCALHOST:8080'],
    ['https://example.org/\u202etxt.exe', null],
    ['javascript:alert(1)', null],
    ['file:///etc/passwd', null],
    ['vscode://x', null],
    ['/etc/passwd', null],
    ['https://', null],
  ])('%j leads to %j', (uri, address) => expect(webAddress(uri)).toBe(address));

  it('is followed with Ctrl, or the Mac’s command key, and the first button only', () => {
    const click = { ctrlKey: false, metaKey: false, button: 0 };
    expect(followsLink(click)).toBe(false);
    expect(followsLink({ ...click, ctrlKey: true })).toBe(true);
    expect(followsLink({ ...click, metaKey: true })).toBe(true);
    expect(followsLink({ ...click, ctrlKey: true, button: 1 })).toBe(false);
  });
});
