/** Every parser, on anything at all: an answer or a FormatError, and soon. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../electron/host/read/bytes.ts';
import { parseAuxv } from '../../../electron/host/parse/auxv.ts';
import { parseCgroup } from '../../../electron/host/parse/cgroup.ts';
import { parseCmdline } from '../../../electron/host/parse/cmdline.ts';
import { parseEnviron } from '../../../electron/host/parse/environ.ts';
import { FormatError } from '../../../electron/host/parse/format-error.ts';
import { parseIdMap } from '../../../electron/host/parse/id-map.ts';
import { parseMountinfo } from '../../../electron/host/parse/mountinfo.ts';
import { namespaceOf, parseNsLink } from '../../../electron/host/parse/ns-link.ts';
import { parsePasswd } from '../../../electron/host/parse/passwd.ts';
import { parseStat } from '../../../electron/host/parse/stat.ts';
import { parseStatus, parseStatusHead } from '../../../electron/host/parse/status.ts';
import {
  parseMemTotalBytes,
  parseSchedstatRunNanos,
  parseSystemStat,
  parseUptime,
} from '../../../electron/host/parse/system.ts';

const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  parseCgroup,
  parseCmdline,
  parseEnviron,
  parseIdMap,
  parseMountinfo,
  parseNsLink,
  namespaceOf,
  parsePasswd,
  parseStat,
  parseStatus,
  parseStatusHead,
  parseMemTotalBytes,
  parseSchedstatRunNanos,
  parseSystemStat,
  parseUptime,
};

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
  .concat(['net:[', '4026531840', ']', 'cgroup', 'nsfs', '/', '=', 'x:x:0:0:::', '3.14 2.71', '__proto__']);
const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => decode(Buffer.from(array)));
const nearly = fc.array(fc.oneof(fc.constantFrom(...PIECES), bytes), { maxLength: 60 }).map((parts) => parts.join(''));

describe.each(Object.entries(PARSERS))('%s', (_, parse) => {
  it('answers or says FormatError, whatever it reads', () => {
    fc.assert(
      fc.property(fc.oneof(bytes, nearly), (text) => {
        try {
          parse(text);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(FormatError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('does not slow down out of proportion on long input', () => {
    for (const piece of PIECES) {
      const started = performance.now();
      try {
        parse(piece.repeat(100_000));
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(FormatError);
      }
      // A parser that is quadratic here would take minutes.
      expect(performance.now() - started).toBeLessThan(5000);
    }
  });
});

describe('parseAuxv', () => {
  it('answers or says FormatError, whatever it reads', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (array) => {
        try {
          parseAuxv(array);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(FormatError);
        }
      }),
    );
  });

  it('finds the page size and the clock', () => {
    const words = new BigUint64Array([33n, 1n, 6n, 16384n, 17n, 100n, 0n, 0n]);
    expect(parseAuxv(new Uint8Array(words.buffer))).toEqual({ pageBytes: 16384, clockTicksPerSecond: 100 });
  });
});
