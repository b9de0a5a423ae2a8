import { beforeEach, describe, expect, it } from 'vitest';
import { Collector } from '../../../electron/host/collect/collector.ts';
import type { CapturedKernel } from '../../trees/captured-kernel.ts';
import { put, tree } from './tree.ts';

/** As long as it takes until each cgroup has had its turn. */
const TURNS = 5;

let kernel: CapturedKernel;
let collector: Collector;
beforeEach(() => {
  kernel = tree('unshared');
  kernel.write('/proc/self/cgroup', '4:freezer:/\n0::/\n');
  kernel.write(
    '/proc/self/mountinfo',
    '30 29 0:30 / /sys/fs/cgroup/freezer rw - cgroup cgroup rw,freezer\n31 29 0:31 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n',
  );
  collector = new Collector(kernel);
  freezer('a', 'THAWED');
});
const freezer = (name: string, state: string) => kernel.write(FILE(name), `${state}\n`);
const FILE = (name: string) => `/sys/fs/cgroup/freezer/${name}/freezer.state`;
const inCgroup = (pid: number, path: string, ran = 1000) =>
  put(kernel, pid, { cgroup: `4:freezer:${path}\n0::/\n`, ran });
const look = () => {
  kernel.reads.length = 0;
  const { processes } = collector.collect([], []);
  const frozen = (pid: number) => processes.find((process) => process.pid === pid)?.frozen;
  return { frozen, asked: kernel.reads.filter((path) => path.endsWith('freezer.state')) };
};

describe('what is frozen', () => {
  it('is asked once for each cgroup, and of that alone', () => {
    inCgroup(900, '/a');
    inCgroup(901, '/a');
    inCgroup(902, '/');
    freezer('a', 'FROZEN');
    const { frozen, asked } = look();
    expect([frozen(900), frozen(901), frozen(902)]).toEqual(['frozen', 'frozen', 'thawed']);
    expect(asked).toEqual([FILE('a')]);
  });

  it('is met at once where a process of it ran, and else when its turn comes', () => {
    inCgroup(900, '/a');
    inCgroup(901, '/a');
    look();
    freezer('a', 'FROZEN');
    put(kernel, 901, { cgroup: '4:freezer:/a\n0::/\n', ran: 2000, state: 'D' });
    expect([look().frozen(900), look().frozen(901)]).toEqual(['frozen', 'frozen']);
    freezer('a', 'THAWED');
    const answers = Array.from({ length: TURNS }, () => look());
    expect(answers.flatMap(({ asked }) => asked)).toEqual([FILE('a')]);
    expect(answers.at(-1)?.frozen(900)).toBe('thawed');
  });

  it('is asked of the cgroup that a process was moved to', () => {
    freezer('b', 'FROZEN');
    inCgroup(900, '/a');
    expect(look().frozen(900)).toBe('thawed');
    inCgroup(900, '/b', 2000);
    expect(look().frozen(900)).toBe('frozen');
  });

  it('is not known where no word can be read, and none is made up', () => {
    inCgroup(900, '/unseen');
    inCgroup(901, '/../a');
    put(kernel, 902, { cgroup: '1:name=systemd:/x\n' });
    freezer('a', 'ICY');
    inCgroup(903, '/a');
    const { frozen } = look();
    expect([900, 901, 902, 903].map(frozen)).toEqual([null, null, null, null]);
  });
});
