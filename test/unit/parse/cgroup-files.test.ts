import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCgroupValue } from '../../../electron/host/parse/cgroup-value.ts';
import { FormatError } from '../../../electron/host/parse/format-error.ts';
import { decode } from '../../../electron/host/read/bytes.ts';
import { cgroupFile, CGROUP_FILES } from '../../../shared/cgroup-files.ts';
import type { CgroupVersion } from '../../../shared/cgroup-file.ts';

const parse = (name: string, version: CgroupVersion, text: string) => {
  const info = cgroupFile(name, version);
  if (info === null) throw new Error(`${name} is not known`);
  return parseCgroupValue(info, text, 4096);
};
const refused = (name: string, version: CgroupVersion, text: string) =>
  expect(() => parse(name, version, text)).toThrow(FormatError);

describe('limits', () => {
  it('keeps max a word', () => {
    expect(parse('memory.max', 2, 'max\n')).toEqual({ kind: 'limit', limit: 'max' });
    expect(parse('pids.max', 1, '100\n')).toEqual({ kind: 'limit', limit: 100 });
    refused('memory.max', 2, 'lots\n');
    refused('memory.max', 2, '1\n2\n');
    refused('memory.max', 2, '');
  });

  it('takes LONG_MAX in whole pages for none in v1, and nothing below it', () => {
    expect(parse('memory.limit_in_bytes', 1, '9223372036854771712\n')).toEqual({ kind: 'limit', limit: 'max' });
    expect(parse('memory.limit_in_bytes', 1, '9223372036854767616\n')).toEqual({
      kind: 'limit',
      limit: '9223372036854767616',
    });
    expect(parse('memory.limit_in_bytes', 1, '7999488\n')).toEqual({ kind: 'limit', limit: 7999488 });
  });

  it('counts huge pages in their own size', () => {
    expect(parse('hugetlb.2MB.limit_in_bytes', 1, '9223372036852678656\n')).toEqual({ kind: 'limit', limit: 'max' });
    expect(parse('hugetlb.1GB.limit_in_bytes', 1, '9223372035781033984\n')).toEqual({ kind: 'limit', limit: 'max' });
    expect(parse('hugetlb.2MB.limit_in_bytes', 1, '2097152\n')).toEqual({ kind: 'limit', limit: 2097152 });
  });

  it('reads CPU time for each period', () => {
    expect(parse('cpu.max', 2, 'max 100000\n')).toEqual({ kind: 'bandwidth', quota: 'max', period: 100000 });
    expect(parse('cpu.max', 2, '50000 100000\n')).toEqual({ kind: 'bandwidth', quota: 50000, period: 100000 });
    refused('cpu.max', 2, '50000\n');
    expect(parse('cpu.cfs_quota_us', 1, '-1\n')).toEqual({ kind: 'limit', limit: 'max' });
  });
});

describe('numbers', () => {
  it('keeps what no number holds as its digits', () => {
    expect(parse('cpuacct.usage', 1, '9007199254740991\n')).toEqual({ kind: 'number', value: 9007199254740991 });
    expect(parse('cpuacct.usage', 1, '9007199254740993\n')).toEqual({ kind: 'number', value: '9007199254740993' });
    expect(parse('cpu.weight.nice', 2, '-20\n')).toEqual({ kind: 'number', value: -20 });
  });

  it('takes no flag but 0 and 1', () => {
    expect(parse('cgroup.freeze', 2, '1\n')).toEqual({ kind: 'number', value: 1 });
    refused('cgroup.freeze', 2, '2\n');
  });
});

describe('flat keyed files', () => {
  it('reads keys with their numbers', () => {
    expect(parse('memory.events', 2, 'low 0\nhigh 3\nmax 12\noom 1\noom_kill 1\n')).toEqual({
      kind: 'flat',
      entries: [['low', 0], ['high', 3], ['max', 12], ['oom', 1], ['oom_kill', 1]], // prettier-ignore
    });
    expect(parse('io.weight', 2, 'default 100\n8:16 200\n')).toEqual({
      kind: 'flat',
      entries: [['default', 100], ['8:16', 200]], // prettier-ignore
    });
    expect(parse('blkio.throttle.read_bps_device', 1, '')).toEqual({ kind: 'flat', entries: [] });
  });

  it('leaves out what it does not know, and says so of what it knows', () => {
    expect(parse('memory.stat', 2, 'anon 4096\nfancy 1.5/2\n')).toEqual({ kind: 'flat', entries: [['anon', 4096]] });
    refused('memory.stat', 2, 'anon many\n');
    refused('memory.stat', 1, 'total_rss many\n');
  });
});

describe('nested keyed files', () => {
  it('reads io.stat and io.max', () => {
    expect(parse('io.stat', 2, '8:0 rbytes=90112 wbytes=0 rios=3 cost.vrate=100.50 fancy=1/2\n253:0 \n')).toEqual({
      kind: 'nested',
      rows: [
        { key: '8:0', entries: [['rbytes', 90112], ['wbytes', 0], ['rios', 3], ['cost.vrate', 100.5]] }, // prettier-ignore
        { key: '253:0', entries: [] },
      ],
    });
    expect(parse('io.max', 2, '8:16 rbps=2097152 wbps=max riops=max wiops=120\n')).toMatchObject({
      rows: [{ key: '8:16', entries: [['rbps', 2097152], ['wbps', 'max'], ['riops', 'max'], ['wiops', 120]] }], // prettier-ignore
    });
    refused('io.stat', 2, '8:0 rbytes=lots\n');
    refused('io.stat', 2, '8:0 8:16 rbytes=1\n');
  });

  it('reads v1’s own forms', () => {
    expect(parse('memory.numa_stat', 1, 'total=566 N0=566\nfile=177 N0=177\n')).toMatchObject({
      rows: [{ key: 'total', entries: [['total', 566], ['N0', 566]] }, { key: 'file' }], // prettier-ignore
    });
    expect(parse('blkio.throttle.io_serviced', 1, '8:0 Read 3\n8:0 Write 4\n8:0 Total 7\nTotal 7\n')).toEqual({
      kind: 'nested',
      rows: [
        { key: '8:0', entries: [['Read', 3], ['Write', 4], ['Total', 7]] }, // prettier-ignore
        { key: '', entries: [['Total', 7]] },
      ],
    });
    expect(parse('cpuacct.usage_all', 1, 'cpu user system\n0 319 81\n1 380 92\n')).toMatchObject({
      rows: [{ key: '0', entries: [['user', 319], ['system', 81]] }, { key: '1' }], // prettier-ignore
    });
    refused('cpuacct.usage_all', 1, 'cpu user system\n0 319\n');
    refused('blkio.throttle.io_serviced', 1, 'sda Read 3\n');
  });
});

describe('pressure', () => {
  const line = (name: string) => `${name} avg10=1.92 avg60=25.89 avg300=20.36 total=186108400\n`;
  it('reads both lines, or the one there is', () => {
    const numbers = { avg10: 1.92, avg60: 25.89, avg300: 20.36, total: 186108400 };
    expect(parse('cpu.pressure', 2, line('some') + line('full'))).toEqual({
      kind: 'psi',
      pressure: { some: numbers, full: numbers },
    });
    expect(parse('irq.pressure', 2, line('full'))).toEqual({ kind: 'psi', pressure: { some: null, full: numbers } });
    refused('cpu.pressure', 2, '');
    refused('cpu.pressure', 2, 'some avg10=nan avg60=0.00 avg300=0.00 total=0\n');
  });
});

describe('lists', () => {
  it('reads pids, words and ranges', () => {
    expect(parse('cgroup.procs', 2, '1\n0\n7\n7\n')).toEqual({ kind: 'pids', count: 4, pids: [1, 0, 7, 7] });
    expect(parse('cgroup.controllers', 2, 'cpuset cpu io\n')).toEqual({ kind: 'list', items: ['cpuset', 'cpu', 'io'] });
    expect(parse('cgroup.controllers', 2, '\n')).toEqual({ kind: 'list', items: [] });
    expect(parse('cpuset.cpus', 2, '0-3,8\n')).toEqual({ kind: 'text', text: '0-3,8' });
    expect(parse('cpuset.cpus', 2, '\n')).toEqual({ kind: 'text', text: '' });
    refused('cpuset.cpus', 2, 'all\n');
    refused('cgroup.procs', 2, 'redis\n');
  });

  it('counts more pids than it lists', () => {
    const value = parse('cgroup.procs', 2, '7\n'.repeat(5000));
    expect(value).toMatchObject({ kind: 'pids', count: 5000 });
    expect(value.kind === 'pids' ? value.pids.length : 0).toBe(1000);
  });
});

describe.each(CGROUP_FILES.filter(({ form }) => form !== 'nothing'))('$version $name', (info) => {
  const pieces = [
    'max',
    '0',
    '-1',
    '18446744073709551615',
    ' ',
    '\n',
    'N0=',
    '8:0 ',
    'rbytes=',
    'some ',
    'avg10=0.00 ',
  ];
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => decode(Buffer.from(array)));
  const nearly = fc
    .array(fc.oneof(fc.constantFrom(...pieces, '__proto__', 'Total ', 'anon '), bytes), { maxLength: 30 })
    .map((parts) => parts.join(''));
  it('answers or says FormatError, whatever it reads', () => {
    fc.assert(
      fc.property(fc.oneof(bytes, nearly), (text) => {
        try {
          parseCgroupValue(info, text, 4096);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(FormatError);
        }
      }),
      { numRuns: 100 },
    );
  });
});
