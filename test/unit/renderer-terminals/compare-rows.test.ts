import { describe, expect, it } from 'vitest';
import { compareText } from '../../../renderer/views/compare/compare-text.ts';
import {
  ageSeconds,
  capabilityCount,
  capabilityNote,
  countWords,
  differing,
  limitCell,
  membersWords,
  stripOf,
} from '../../../renderer/views/compare/rows.ts';
import type { CapabilityRow } from '../../../shared/compare-capabilities.ts';
import { compare, type Subject } from '../../../shared/compare.ts';
import type { CgroupLimit, ProcessDetail } from '../../../shared/model.ts';
import { HOST, process, world } from './machine.ts';

const rows = (...sames: (boolean | null)[]) => sames.map((same) => ({ same }));

describe('counts', () => {
  it.each([
    [rows(false, true, true), '1 differs, 2 the same'],
    [rows(false, false), '2 differ'],
    [rows(true, true), 'the same'],
    [rows(false, null), '1 differs, 1 not known'],
    [rows(), 'nothing on either side'],
  ])('of %j', (given, words) => {
    expect(countWords(given)).toBe(words);
  });

  it('keep what is not known among the differences', () => {
    expect(differing(rows(true, null, false))).toEqual(rows(null, false));
  });
});

describe('membersWords', () => {
  const pid = 'pid:[9]' as const;
  const machine = world({
    processes: [
      process(5, 'shim'),
      process(6, 'ng\u001binx', { nspid: [6, 1], namespaces: { pid } }),
      process(7, 'worker', { nspid: [7, 29], namespaces: { pid } }),
    ],
  });

  it('counts who is in it, and names its PID 1 as text', () => {
    expect(membersWords(machine, pid, 'pid')).toBe('2 processes, ng\\einx is PID 1');
    expect(membersWords(machine, HOST.net, 'net')).toBe('3 processes');
    expect(membersWords(machine, null, 'net')).toBe('');
  });
});

describe('ageSeconds', () => {
  it('counts from the boot in clock ticks', () => {
    expect(ageSeconds(world({ uptimeSeconds: 1000 }), { starttime: 90_000 })).toBe(100);
  });
});

const limit = (more: Partial<CgroupLimit>): CgroupLimit => ({
  resource: 'memory',
  file: 'memory.max',
  path: '/sys/fs/cgroup/x/memory.max',
  limit: { ok: true, value: 'max' },
  used: { ok: true, value: 2 ** 20 },
  ...more,
});

describe('a limit', () => {
  it('has words, use and a share of the bar', () => {
    expect(limitCell(limit({ limit: { ok: true, value: 4 * 2 ** 20 } }))).toEqual({
      words: '4 MiB',
      used: '1 MiB used',
      share: 0.25,
      state: 'limited',
    });
    expect(limitCell(limit({ resource: 'cpu', limit: { ok: true, value: 0.5 }, used: null }))).toMatchObject({
      words: 'half a CPU',
      used: '',
      share: null,
    });
    expect(
      limitCell(limit({ resource: 'pids', limit: { ok: true, value: 100 }, used: { ok: true, value: 6 } })),
    ).toMatchObject({ words: '100', used: '6 now', share: 0.06 });
  });

  it('never draws more than full: a limit can be set below what is used', () => {
    expect(limitCell(limit({ limit: { ok: true, value: 2 ** 19 } })).share).toBe(1);
  });

  it('that is none, that could not be read, and that nothing sets are three things', () => {
    expect(limitCell(limit({}))).toMatchObject({ words: 'no limit', state: 'unlimited', share: null });
    const denied = { ok: false, why: 'denied', call: 'open', errno: 'EACCES' } as const;
    expect(limitCell(limit({ limit: denied }))).toMatchObject({ words: 'not readable', state: 'unread' });
    expect(limitCell(null)).toMatchObject({ words: 'no controller', state: 'none' });
  });
});

const row = (set: CapabilityRow['set'], a: string | null, b: string | null): CapabilityRow => ({
  set,
  a,
  b,
  same: null,
  onlyA: [],
  onlyB: [],
});
const status = (more: { uid?: number; bounding?: string }) =>
  ({
    status: {
      ok: true,
      value: { uids: [0, more.uid ?? 0, 0, 0], capabilities: { bounding: more.bounding ?? '0' } },
    },
  }) as unknown as ProcessDetail;

describe('capabilities', () => {
  it('mark the bits that only this side has, in the bounding set as solid among outlined', () => {
    expect(stripOf(row('effective', '5', '1'), 'a')).toEqual({ effective: '5', bounding: '0', differs: [2] });
    expect(stripOf(row('bounding', '5', '1'), 'a')).toEqual({ effective: '4', bounding: '5', differs: [2] });
    expect(stripOf(row('bounding', '5', '1'), 'b')).toEqual({ effective: '0', bounding: '1', differs: [] });
  });

  it('draw nothing for a set that was not read, and claim no difference against one', () => {
    expect(stripOf(row('ambient', null, '0'), 'a')).toBeNull();
    expect(stripOf(row('effective', '1', null), 'a')).toEqual({ effective: '1', bounding: '0', differs: [] });
  });

  it('have a word beside the number', () => {
    expect(capabilityCount('0')).toBe('none');
    expect(capabilityCount('5')).toBe('2');
    expect(capabilityNote(row('effective', '0', null), 'a', status({ uid: 999 }))).toBe('it runs as uid 999');
    expect(capabilityNote(row('effective', '5', null), 'a', status({ bounding: '0005' }))).toBe(
      'all of its bounding set',
    );
    expect(capabilityNote(row('bounding', '00000000a80425fb', null), 'a', status({}))).toBe('Docker’s default');
    expect(capabilityNote(row('bounding', '5', null), 'a', null)).toBe('');
  });
});

describe('compareText', () => {
  it('is the answer, then every section in columns, hostile text as text', () => {
    const environ = (value: string | null) => ({ ok: true, value: [{ name: 'HOME', value }] });
    const detail = (value: string) =>
      ({
        environ: environ(value),
        limits: [limit({})],
        status: { ok: false, why: 'denied', call: 'open', errno: 'EACCES' },
      }) as unknown as ProcessDetail;
    const subject = (pid: number, label: string, home: string, net: string): Subject => ({
      kind: 'process',
      label,
      process: process(pid, label, { namespaces: { net: net as 'net:[1]' } }),
      container: null,
      detail: detail(home),
    });
    const text = compareText(
      compare(subject(7, 'db', '/a\u001b[2J', 'net:[1]'), subject(8, 'web', '/b', 'net:[2]'), HOST),
    );
    expect(text).toContain('db (db 7)  |  web (web 8)');
    expect(text).toContain('Namespaces: 1 differs, 7 the same');
    expect(text).toMatch(/^≠ net {5}net:\[1\] +net:\[2\]$/m);
    expect(text).toMatch(/^= mnt {5}mnt:\[4026531830\] +mnt:\[4026531830\] {2}the host’s$/m);
    expect(text).toMatch(/^\? effective +not readable +not readable$/m);
    expect(text).toMatch(/^≠ HOME {2}\/a\\e\[2J {2}\/b$/m);
    expect(text).not.toContain('\u001b');
  });
});
