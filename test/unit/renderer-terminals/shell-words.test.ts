import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { joinWords, splitWords, wordsRemark } from '../../../renderer/views/unshare/shell-words.ts';

const words = (text: string) => {
  const split = splitWords(text);
  return split.ok ? split.words : `open ${split.open}`;
};

describe('splitWords', () => {
  it.each<[string, readonly string[] | string]>([
    ['', []],
    ['  bash\t--norc \n', ['bash', '--norc']],
    [`sh -c 'echo "a b"'`, ['sh', '-c', 'echo "a b"']],
    [`"a b"c'd e'`, ['a bcd e']],
    [`'' ""`, ['', '']],
    ['a\\ b \\\\ \\"', ['a b', '\\', '"']],
    [`"\\$ \\\` \\" \\\\ \\n"`, ['$ ` " \\ \\n']],
    [`'\\'`, ['\\']],
    ['a\\\nb', ['ab']],
    ['\\\n', []],
    [`it's`, `open '`],
    ['"a', 'open "'],
    ['a\\', 'open \\'],
  ])('%j', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it('gives back what it joined, for any arguments', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (argv) => {
        expect(words(joinWords(argv))).toEqual(argv);
      }),
    );
  });

  it('splits as sh does, for quotes and backslashes', () => {
    const character = fc.constantFrom('a', 'b', ' ', "'", '"', '\\', '\t', '-', '=');
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 12 }), (text) => {
        const split = splitWords(text);
        if (!split.ok) return;
        const script = `for word in ${text}\ndo printf '%s\\0' "$word"; done`;
        const told = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
        expect(told.split('\0').slice(0, -1)).toEqual(split.words);
      }),
      { numRuns: 150 },
    );
  });

  it('names what a shell would have acted on, outside of quotes only', () => {
    const literal = (text: string) => {
      const split = splitWords(text);
      return split.ok ? split.literal : null;
    };
    expect(literal('echo $HOME | wc')).toEqual(['$', '|']);
    expect(literal(`sh -c 'echo $HOME | wc'`)).toEqual([]);
    expect(literal('"$HOME" \\$HOME a~b a#b')).toEqual(['$']);
    expect(literal('~/bin')).toEqual(['~']);
  });
});

describe('wordsRemark', () => {
  it('speaks only where something is amiss', () => {
    expect(wordsRemark(splitWords('bash --norc'))).toBeNull();
    expect(wordsRemark(splitWords('"bash'))).toBe('the quote " is not closed');
    expect(wordsRemark(splitWords('a | b'))).toBe('no shell reads this: | is passed on as written');
    expect(wordsRemark(splitWords('a > $b'))).toBe('no shell reads this: > $ are passed on as written');
  });
});
