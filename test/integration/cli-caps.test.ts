import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { capabilityBits, decodeAsCapsh } from '../../shared/capabilities.ts';
import { buildCli, porthole, portholeJson, run } from './cli-run.ts';

const MASKS = 300;
/** Masks of all widths, with and without `0x`, in either case, and the two ends. */
const anyMask = fc
  .tuple(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.integer({ min: 0, max: 63 }), fc.boolean(), fc.boolean())
  .map(([value, shift, prefix, upper]) => {
    const digits = (value >> BigInt(shift)).toString(16);
    return `${prefix ? '0x' : ''}${upper ? digits.toUpperCase() : digits}`;
  });
const masks = ['0', 'ffffffffffffffff', '00000000a80425fb', '1ffffffffff', ...fc.sample(anyMask, MASKS)];

/** What capsh prints for each, in one shell. */
const capsh = async (wanted: readonly string[]): Promise<string[]> => {
  const loop = 'for mask; do capsh --decode="$mask"; done';
  return (await run(['sh', '-c', loop, 'sh', ...wanted])).stdout.split('\n').slice(0, -1);
};

describe('capability masks', () => {
  it('are decoded as capsh decodes them', async () => {
    expect(masks.map(decodeAsCapsh)).toEqual(await capsh(masks));
  });
});

describe('porthole caps', () => {
  beforeAll(buildCli);

  it('decodes a mask as capsh does', async () => {
    // Few digits without a letter among them are a pid here.
    const some = masks.filter((mask) => !/^[1-9]\d{0,6}$/.test(mask)).slice(0, 8);
    const theirs = await capsh(some);
    for (const [i, mask] of some.entries()) {
      expect(await porthole(['caps', mask])).toEqual({ code: 0, stdout: `${theirs[i]!}\n`, stderr: '' });
    }
  });

  it('decodes the sets of a process', async () => {
    const status = readFileSync('/proc/self/status', 'utf8');
    const lines = [...status.matchAll(/^(Cap\w+):\t([0-9a-f]{16})$/gm)];
    const decoded = await capsh(lines.map(([, , mask]) => mask!));
    const { code, stdout } = await porthole(['caps', String(process.pid)]);
    expect(code).toBe(0);
    const text = Buffer.from(stdout, 'latin1').toString('utf8');
    expect(text.startsWith(lines.map(([, name], i) => `${name!}: ${decoded[i]!}\n`).join(''))).toBe(true);
    expect(text).toMatch(/^NoNewPrivs: [01]\nLSM: \S.*$/m);
    const uidMap = readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n');
    expect(await portholeJson(['caps', String(process.pid)])).toMatchObject({
      noNewPrivs: /^NoNewPrivs:\t1$/m.test(status),
      uidMap: {
        ok: true,
        value: uidMap.map((line) => {
          const [inside, outside, count] = line.trim().split(/\s+/).map(Number);
          return { inside, outside, count };
        }),
      },
    });
  });

  it('says what each capability of a process allows, and in which of its sets it is', async () => {
    const [, bounding] = /^CapBnd:\t([0-9a-f]{16})$/m.exec(readFileSync('/proc/1/status', 'utf8'))!;
    const { stdout } = await porthole(['caps', '--of', '1']);
    const said = stdout.split('\n').filter((line) => /^ {2}[ipeba-]{5} {2}/.test(line));
    expect(said.filter((line) => line[5] === 'b')).toHaveLength(capabilityBits(bounding!).length);
    expect(stdout).toContain('(i inheritable, p permitted, e effective, b bounding, a ambient)');
  });

  it('tells the same as JSON, with a sentence for each', async () => {
    expect(await portholeJson(['caps', '0x20000001000'])).toMatchObject({
      mask: '0000020000001000',
      text: '0x0000020000001000=cap_net_admin,41',
      capabilities: [
        { bit: 12, name: 'cap_net_admin', meaning: expect.stringContaining('interfaces') as string },
        { bit: 41, name: null, meaning: null },
      ],
    });
  });
});
