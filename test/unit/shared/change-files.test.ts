import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changeFile,
  OOM_SCORE_ADJ,
  readBackOf,
  sameReading,
  textFor,
  textToRestore,
  type ChangeUnit,
} from '../../../shared/change-files.ts';
import { cpuListText, parseCpuList } from '../../../shared/cpu-list.ts';

const file = (name: string, version: 1 | 2) => changeFile(name, version)!;
const typed = (name: string, version: 1 | 2, words: string, unit: ChangeUnit = 'plain', period = 100_000) => {
  const text = textFor(file(name, version), words, unit, period);
  return text.ok ? text.text : `! ${text.problem}`;
};

describe('the files that are written', () => {
  it('are told by name and version', () => {
    expect(changeFile('memory.max', 1)).toBeNull();
    expect(changeFile('memory.limit_in_bytes', 2)).toBeNull();
    expect(changeFile('cgroup.procs', 2)).toBeNull();
    expect(changeFile('release_agent', 1)).toBeNull();
    expect(changeFile('constructor', 1)).toBeNull();
    expect(changeFile('pids.max', 1)).toMatchObject({ form: 'tasks' });
  });
});

describe('what a person types', () => {
  it.each([
    ['50000000', 'plain', '50000000'],
    [' 64 MiB ', 'plain', '67108864'],
    ['64M', 'plain', '67108864'],
    ['1.5GiB', 'plain', '1610612736'],
    ['47.5', 'MiB', '49807360'],
    ['100 bytes', 'MiB', '100'],
    ['max', 'plain', 'max'],
    ['none', 'MiB', 'max'],
    ['9223372036854775807', 'plain', '9223372036854775807'],
  ] as const)('of memory, %j in %s, goes to the kernel as %j', (words, unit, text) => {
    expect(typed('memory.max', 2, words, unit)).toBe(text);
  });

  it.each(['64 MB', '1.5', '-5', '1e9', '0x10', '64 MiB; rm', '9223372036854775808', 'MiB', '١٢'])(
    'of memory, %j goes nowhere',
    (words) => expect(typed('memory.max', 2, words)).toMatch(/^! ./),
  );

  it('has the word of its version for no limit', () => {
    expect(typed('memory.limit_in_bytes', 1, 'max')).toBe('-1');
    expect(typed('cpu.cfs_quota_us', 1, 'no limit')).toBe('-1');
    expect(typed('cpu.max', 2, 'max')).toBe('max 100000');
    expect(typed('pids.max', 1, 'max')).toBe('max');
  });

  it.each([
    ['cpu.max', 2, '0.5', 'CPUs', '50000 100000'],
    ['cpu.max', 2, '1.5 CPUs', 'plain', '150000 100000'],
    ['cpu.max', 2, '50 %', 'plain', '50000 100000'],
    ['cpu.max', 2, '20000', 'plain', '20000 100000'],
    ['cpu.max', 2, '20000 50000', 'CPUs', '20000 50000'],
    ['cpu.max', 2, 'max 50000', 'plain', 'max 50000'],
    ['cpu.cfs_quota_us', 1, '2', 'CPUs', '200000'],
    ['cpu.cfs_quota_us', 1, '50000', 'plain', '50000'],
  ] as const)('of %s (v%i), %j in %s, is %j', (name, version, words, unit, text) => {
    expect(typed(name, version, words, unit)).toBe(text);
  });

  it.each([
    ['cpu.max', 2, '999'],
    ['cpu.max', 2, '50000 999'],
    ['cpu.max', 2, '50000 1000001'],
    ['cpu.cfs_quota_us', 1, '50000 100000'],
    ['pids.max', 2, '-2'],
    ['pids.max', 2, '1.5'],
    ['cpu.weight', 2, '0'],
    ['cpu.shares', 1, '1'],
    ['cgroup.freeze', 2, '2'],
    ['freezer.state', 1, 'FREEZING'],
  ] as const)('of %s (v%i), %j is refused with a reason', (name, version, words) => {
    expect(typed(name, version, words)).toMatch(/^! ./);
  });

  it('of a score is between -1000 and 1000', () => {
    expect(textFor(OOM_SCORE_ADJ, '-1000', 'plain', 0)).toEqual({ ok: true, text: '-1000' });
    expect(textFor(OOM_SCORE_ADJ, '1001', 'plain', 0)).toMatchObject({ ok: false });
  });

  it('never becomes anything but digits and the kernel’s own words', () => {
    const any = fc.oneof(fc.string(), fc.stringMatching(/^[-\d.]{0,6} ?[a-zA-Zµ%]{0,4}$/));
    const files = ['memory.max', 'cpu.max', 'cpu.weight', 'pids.max', 'cgroup.freeze'].map((name) => file(name, 2));
    fc.assert(
      fc.property(any, fc.constantFrom(...files), fc.constantFrom('plain', 'MiB', 'CPUs'), (words, of, unit) => {
        const text = textFor(of, words, unit as ChangeUnit, 100_000);
        if (text.ok) expect(text.text).toMatch(/^(?:-1|\d+|max|(?:max|\d+) \d+)$/);
      }),
    );
  });
});

describe('what it will read back', () => {
  it('is whole pages of memory', () => {
    expect(readBackOf(file('memory.limit_in_bytes', 1), '8000000', 4096)).toBe('7999488');
    expect(readBackOf(file('memory.max', 2), '50000000', 65_536)).toBe('49938432');
    expect(readBackOf(file('memory.max', 2), '4095', 4096)).toBe('0');
  });

  it('is the largest number of pages where v1 has no limit, and max where v2 has none', () => {
    expect(readBackOf(file('memory.limit_in_bytes', 1), '-1', 4096)).toBe('9223372036854771712');
    expect(readBackOf(file('memory.max', 2), '9223372036854775807', 4096)).toBe('max');
  });

  it('is what was written of all else', () => {
    expect(readBackOf(file('cpu.max', 2), '50000 100000', 4096)).toBe('50000 100000');
    expect(readBackOf(file('cpu.cfs_quota_us', 1), '-1', 4096)).toBe('-1');
  });

  it('may be on its way, of a freezer alone', () => {
    expect(sameReading(file('freezer.state', 1), 'FREEZING', 'FROZEN')).toBe(true);
    expect(sameReading(file('freezer.state', 1), 'THAWED', 'FROZEN')).toBe(false);
    expect(sameReading(file('memory.max', 2), '1', '2')).toBe(false);
  });
});

describe('CPUs and memory nodes', () => {
  it.each([
    ['0-1', '0-1'],
    ['1, 0,3', '0-1,3'],
    ['2', '2'],
    ['none', ''],
  ])('%j goes to the kernel as %j', (words, text) => expect(typed('cpuset.cpus', 2, words)).toBe(text));
  it.each(['3-1', '0-', 'a', '0;1', '0-8192', '-2-3'])('%j goes nowhere', (words) =>
    expect(typed('cpuset.cpus', 1, words)).toMatch(/^! ./),
  );
  it('are listed as the kernel prints them, whatever the order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 200 })), (numbers) => {
        const sorted = numbers.toSorted((a, b) => a - b);
        expect(parseCpuList(cpuListText(sorted))).toEqual(sorted);
      }),
    );
  });
});

describe('a limit of one disk', () => {
  it.each([
    ['io.max', 2, '254:0 rbps=10', 'MiB', '254:0 rbps=10485760'],
    ['io.max', 2, '254:0 wbps 1 GiB riops=100', 'plain', '254:0 wbps=1073741824 riops=100'],
    ['io.max', 2, '8:16 wiops=max', 'MiB', '8:16 wiops=max'],
    ['blkio.throttle.read_bps_device', 1, '254:0 1 MiB', 'plain', '254:0 1048576'],
    ['blkio.throttle.write_iops_device', 1, '254:0 max', 'plain', '254:0 0'],
  ] as const)('of %s (v%i), %j in %s, is %j', (name, version, words, unit, text) =>
    expect(typed(name, version, words, unit)).toBe(text),
  );
  it.each([
    ['io.max', 2, '254:0'],
    ['io.max', 2, '254:0 10'],
    ['io.max', 2, '254:0 rbps=0'],
    ['io.max', 2, '254:0 riops=10 MiB'],
    ['io.max', 2, '/dev/sda rbps=1'],
    ['io.max', 2, '254:0 rbps=1 evil=2'],
    ['blkio.throttle.read_bps_device', 1, '1048576'],
    ['blkio.throttle.read_iops_device', 1, '254:0 1.5'],
  ] as const)('of %s (v%i), %j is refused with a reason', (name, version, words) =>
    expect(typed(name, version, words)).toMatch(/^! ./),
  );
  it('is a line of the file, which goes with the last limit', () => {
    const now = '8:0 rbps=max wbps=max riops=9 wiops=max\n254:0 rbps=1048576 wbps=max riops=max wiops=max';
    const max = file('io.max', 2);
    const back = readBackOf(max, '8:0 wbps=5', 4096, now);
    expect(back).toBe('8:0 rbps=max wbps=5 riops=9 wiops=max\n254:0 rbps=1048576 wbps=max riops=max wiops=max');
    expect(readBackOf(max, '254:0 rbps=max', 4096, now)).toBe('8:0 rbps=max wbps=max riops=9 wiops=max');
    expect(sameReading(max, now, now.split('\n').reverse().join('\n'))).toBe(true);
    expect(textToRestore(max, now, '8:0 wbps=5')).toBe('8:0 rbps=max wbps=max riops=9 wiops=max');
    expect(textToRestore(max, now, '7:0 wbps=5')).toBe('7:0 rbps=max wbps=max riops=max wiops=max');
    const v1 = file('blkio.throttle.read_bps_device', 1);
    expect(readBackOf(v1, '254:0 0', 4096, '8:0 5\n254:0 7')).toBe('8:0 5');
    expect(textToRestore(v1, '8:0 5', '254:0 7')).toBe('254:0 0');
    expect(textToRestore(v1, '8:0 5', '8:0 7')).toBe('8:0 5');
  });
});

it('keeps the weights of single devices beside the usual one', () => {
  const weight = file('io.weight', 2);
  expect(typed('io.weight', 2, '200')).toBe('default 200');
  expect(readBackOf(weight, 'default 200', 4096, 'default 100\n8:0 50')).toBe('default 200\n8:0 50');
  expect(textToRestore(weight, 'default 100\n8:0 50', 'default 200')).toBe('default 100');
});
