import { describe, expect, it } from 'vitest';
import { calledWords, tabTitle } from '../../../renderer/app/dock/tab-words.ts';

const tab = (said: string | null, named = false) => ({
  title: 'bash · host',
  named,
  ...(said === null ? {} : { signs: { said, bells: 0, wrote: 1 } }),
});

describe('what a program calls its terminal', () => {
  it('stands behind the title, and whole in the tooltip as what it is: the program’s word', () => {
    expect(calledWords(tab('root@db: /var'))).toBe('root@db: /var');
    expect(tabTitle(tab('root@db: /var'))).toBe('bash · host\nIts program calls it: root@db: /var');
  });

  it('gives way to a name that the user chose, and is still in the tooltip', () => {
    expect(calledWords(tab('root@db: /var', true))).toBeNull();
    expect(tabTitle(tab('root@db: /var', true))).toContain('root@db');
  });

  it('is not said where it says nothing', () => {
    for (const said of [null, '', '  ', 'bash · host']) expect(calledWords(tab(said))).toBeNull();
    expect(tabTitle(tab(null))).toBe('bash · host');
  });

  it('cannot reorder or hide what stands beside it', () => {
    expect(calledWords(tab('a\u202eb'))).toBe('a\\u{202e}b');
  });
});
