/** Every parser, on anything at all: an answer or a FormatError, and soon. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../electron/host/read/bytes.ts';
import { parseAuxv } from '../../../electron/host/parse/auxv.ts';
import { parseCgroupValue } from '../../../electron/host/parse/cgroup-value.ts';
import { FormatError } from '../../../electron/host/parse/format-error.ts';
import { namespaceOf } from '../../../electron/host/parse/ns-link.ts';
import { CGROUP_FILES } from '../../../shared/cgroup-files.ts';
import { cgroupKey } from '../../../shared/cgroup-keys.ts';
import { containersIn } from '../../../shared/cgroup-path.ts';
import { procField } from '../../../shared/proc-fields.ts';
import { procFile } from '../../../shared/proc-files.ts';
import { fieldsOf, glimpseOf, stringsOf } from '../../../shared/proc-text.ts';

/** Whatever a module of this folder exports as `parse…`: a new parser is held against this without being named here. */
const MODULES = import.meta.glob<Record<string, unknown>>('../../../electron/host/parse/*.ts', { eager: true });

/** Those that take something else first; they have tests of their own below. */
const OTHERWISE = new Set(['parseAuxv', 'parseCgroupValue']);
/** What follows the text; for all others the file's name. */
const MORE: Readonly<Record<string, readonly unknown[]>> = {
  parseV1MemoryLimit: ['memory.limit_in_bytes', 4096],
  parseSysvipc: ['shm'],
  parseNetInet: [true],
  parseNetRoute: [true],
};

type Parser = (text: string) => unknown;
const PARSERS: [string, Parser][] = Object.values(MODULES)
  .flatMap((module) => Object.entries(module))
  .filter(([name, value]) => /^parse[A-Z]/.test(name) && typeof value === 'function' && !OTHERWISE.has(name))
  .map(([name, value]) => {
    const parse = value as (text: string, ...more: readonly unknown[]) => unknown;
    return [name, (text: string) => parse(text, ...(MORE[name] ?? ['file']))];
  });

/** Random bytes rarely come near a form; these pieces of real files do. */
const PIECES = [
  '1 (',
  ') ',
  'S ',
  '0 ',
  '18446744073709551615 ',
  '-1 ',
  '\n',
  '\0',
  ':',
  ' - ',
  'Uid:\t',
  'Gid:\t',
  '\t',
]
  .concat(['NSpid:\t', 'CapEff:\t', '00000000a80425fb', 'Threads:\t', 'btime ', 'cpu0 ', 'MemTotal:  12 kB', '\\040'])
  .concat([
    'net:[',
    '4026531840',
    ']',
    'cgroup',
    'nsfs',
    '/',
    '=',
    'x:x:0:0:::',
    '3.14 2.71',
    '__proto__',
    'max',
    '0-3,',
  ])
  .concat([
    'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
    'full ',
    '8:0 Read 5\n',
    'rbytes=1 ',
    'N0=5',
    'constructor',
  ])
  .concat(['0100007F:1F90 ', '00000000000000000000000001000000 80 ', 'eth0:', '|--', '/32 host LOCAL\n', '[{"', '"}]'])
  .concat(['monotonic ', 'key shmid perms\n', 'usage_usec 7\n']);

const CASES = 10_000;
const bytes = fc.uint8Array({ maxLength: 120 }).map((array) => decode(Buffer.from(array)));
const short = fc.uint8Array({ maxLength: 12 }).map((array) => decode(Buffer.from(array)));
const nearly = fc.array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...PIECES) }, short), { maxLength: 25 });
/** Drawn once for all of them: to make a text costs more than to parse it. */
const TEXTS = fc.sample(fc.oneof(bytes, nearly.map((parts) => parts.join(''))), CASES); // prettier-ignore

/** The texts on which it did neither. */
const wrong = (parse: Parser): string[] =>
  TEXTS.filter((text) => {
    try {
      parse(text);
      return false;
    } catch (thrown) {
      return !(thrown instanceof FormatError);
    }
  });

it('finds every parser there is', () => {
  expect(PARSERS.length).toBeGreaterThan(25);
  expect(PARSERS.map(([name]) => name)).toEqual(expect.arrayContaining(['parseStat', 'parseMountinfo', 'parsePsi']));
  expect(new Set(TEXTS).size).toBeGreaterThan(CASES / 2);
});

describe.each([...PARSERS, ['namespaceOf', namespaceOf] as [string, Parser]])('%s', (_, parse) => {
  it('answers or says FormatError, whatever it reads', () => {
    expect(wrong(parse)).toEqual([]);
  });

  // Of up to a megabyte; a parser that is quadratic would take minutes.
  it('comes to an end on long input', { timeout: 60_000 }, () => {
    for (const piece of PIECES) {
      try {
        parse(piece.repeat(20_000));
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(FormatError);
      }
    }
  });
});

describe('parseCgroupValue', () => {
  const forms = [...new Map(CGROUP_FILES.map((info) => [info.form, info])).values()];
  it.each(forms.map((info) => [info.form, info] as const))('answers or says FormatError for the form %s', (_, info) => {
    expect(wrong((text) => parseCgroupValue(info, text, 4096))).toEqual([]);
  });
});

describe('parseAuxv', () => {
  it('answers or says FormatError, whatever it reads', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (array) => {
        try {
          parseAuxv(array);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(FormatError);
        }
      }),
      { numRuns: CASES },
    );
  });

  it('finds the page size and the clock', () => {
    const words = new BigUint64Array([33n, 1n, 6n, 16384n, 17n, 100n, 0n, 0n]);
    expect(parseAuxv(new Uint8Array(words.buffer))).toEqual({ pageBytes: 16384, clockTicksPerSecond: 100 });
  });
});

/** What has something to say of a name or text that the machine chose: none may throw, none may find what is nobody's. */
const ASKED: Readonly<Record<string, (text: string) => unknown>> = {
  'cgroupKey by key, v1': (text) => cgroupKey('memory.stat', 1, text),
  'cgroupKey by key, v2': (text) => cgroupKey('memory.stat', 2, text),
  'cgroupKey by file': (text) => cgroupKey(text, 2, 'anon'),
  'procField by key': (text) => procField('status', text),
  'procField by file': (text) => procField(text, 'Name'),
  procFile,
  'glimpseOf, fields': (text) => glimpseOf(text, 'fields'),
  'glimpseOf, unknown': (text) => glimpseOf(text, null),
  fieldsOf,
  stringsOf,
  containersIn: (text) => containersIn(`/${text}`, () => false),
};

describe.each(Object.entries(ASKED))('%s', (_, ask) => {
  it('answers, whatever it is asked', () => {
    // An own property of Object's prototype would be a function.
    expect(TEXTS.filter((text) => typeof ask(text) === 'function')).toEqual([]);
  });
});
