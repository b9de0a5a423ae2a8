import { describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { commandLine, errorText, hasUnseen, shellQuoted, wordFilter } from '../../../shared/text.ts';

describe('wordFilter', () => {
  it('wants every word, anywhere, in any order and case', () => {
    const matches = wordFilter('  Redis 42\t');
    expect(matches('pid 42\nREDIS-server')).toBe(true);
    expect(matches('redis-server')).toBe(false);
  });

  it('takes everything when nothing was typed', () => {
    expect(wordFilter('')('anything')).toBe(true);
    expect(wordFilter(' \n ')('')).toBe(true);
  });

  it('takes what is typed as text, not as a pattern', () => {
    expect(wordFilter('a.c (')('abc')).toBe(false);
    expect(wordFilter('a.c (')('( a.c')).toBe(true);
  });
});

describe('errorText', () => {
  it('is the message of an error, and anything else as text', () => {
    expect(errorText(new TypeError('no such pipe'))).toBe('no such pipe');
    expect(errorText('gone')).toBe('gone');
    expect(errorText(undefined)).toBe('undefined');
  });
});

describe('a command line', () => {
  it('is quoted where a shell would act on a character, and else as it is', () => {
    expect(commandLine(['ls', '-l', 'a b', "it's", 'pörthole', ''])).toBe(`ls -l 'a b' 'it'\\''s' 'pörthole' ''`);
  });

  it('holds nothing that acts on the terminal it is pasted into, and no end of a bracketed paste', () => {
    expect(shellQuoted("/run/\u001b[201~it's\n\\x")).toBe("$'/run/\\033[201~it\\'s\\n\\\\x'");
    expect(shellQuoted('a\u202eb\udcff1')).toBe("$'a\\342\\200\\256b\\3771'");
    const units = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
    expect(units.filter((unit) => hasUnseen(shellQuoted(unit)))).toEqual([]);
  });

  it('is to bash what it was made of, whatever that is', () => {
    const unit = fc.constantFrom(
      'a',
      '7',
      ' ',
      "'",
      '\\',
      '$',
      '\n',
      '\t',
      '\r',
      '\u001b',
      '\u007f',
      '\u0001',
      '\u202e',
      '👩‍👧',
      'ö',
    );
    fc.assert(
      fc.property(fc.array(fc.string({ unit, maxLength: 8 }), { minLength: 1, maxLength: 4 }), (argv) => {
        const told = execFileSync('bash', ['-c', `printf '%s\\0' ${commandLine(argv)}`], { encoding: 'utf8' });
        expect(told.split('\0').slice(0, -1)).toEqual(argv);
      }),
      { numRuns: 60 },
    );
  });
});
