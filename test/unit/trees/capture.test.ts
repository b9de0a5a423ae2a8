import { beforeEach, describe, expect, it } from 'vitest';
import { Collector } from '../../../electron/host/collect/collector.ts';
import { NAMESPACE_TYPES } from '../../../shared/model.ts';
import { capture } from '../../trees/capture.ts';
import { CapturedKernel } from '../../trees/captured-kernel.ts';
import { RecordingKernel } from '../../trees/recording-kernel.ts';
import { redactArgv } from '../../trees/redact.ts';
import { formatTree, parseTree } from '../../trees/tree-text.ts';
import { put, tree } from '../collect/tree.ts';

const COMMENT = 'A machine.';
let kernel: CapturedKernel;
beforeEach(() => {
  kernel = tree('unshared');
});
const captured = (pids?: readonly number[], cgroups?: readonly string[]): string =>
  capture(kernel, { comment: COMMENT, ...(pids && { pids }), ...(cgroups && { cgroups }) });
const fileOf = (text: string, path: string): string => {
  const kernel = new CapturedKernel(text);
  const reading = kernel.text(path);
  return reading.ok ? reading.value : reading.why;
};

describe('a capture', () => {
  it('lets the collectors see what they saw on the machine itself', () => {
    const world = (of: CapturedKernel) => {
      const { takenAt, scanMillis, scanCpuMillis, host, ...rest } = new Collector(of).collect([], []);
      expect([takenAt, scanMillis, scanCpuMillis].every(Number.isFinite)).toBe(true);
      return { ...rest, host };
    };
    expect(world(new CapturedKernel(captured([1, 2, 301, 410, 411])))).toEqual(world(tree('unshared')));
  });

  it('of a captured machine is the same again, byte by byte', () => {
    const once = captured();
    kernel = new CapturedKernel(once);
    expect(captured()).toBe(once);
    expect(once.startsWith(`${COMMENT}\n`)).toBe(true);
  });

  it('takes the first processes, those apart, and who began them; not others, not itself', () => {
    put(kernel, 700, { ppid: 1 });
    put(kernel, 701, { ppid: 700, cgroup: `0::/docker/${'f'.repeat(64)}\n` });
    put(kernel, 702, { ppid: 1 });
    for (const name of NAMESPACE_TYPES) {
      const own = kernel.link(`/proc/self/ns/${name}`);
      if (own.ok) kernel.symlink(`/proc/702/ns/${name}`, own.value);
    }
    const world = new Collector(new CapturedKernel(captured())).collect([], []);
    expect(world.processes.map(({ pid }) => pid)).toEqual(expect.arrayContaining([1, 2, 411, 700, 701]));
    expect(world.processes.map(({ pid }) => pid)).not.toContain(702);
  });

  it('keeps of the environment the names alone', () => {
    put(kernel, 700, { ppid: 1 });
    kernel.write('/proc/700/environ', 'HOME=/root\0AWS_SECRET=hunter2\0odd\0');
    const text = captured([700]);
    expect(fileOf(text, '/proc/700/environ')).toBe('HOME=redacted\0AWS_SECRET=redacted\0odd\0');
    expect(text).not.toContain('hunter2');
  });

  it('takes names of the machine and of people out of all files and links', () => {
    kernel.write('/proc/sys/kernel/hostname', 'production-7\n');
    kernel.write('/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000:Alice:/home/alice:/bin/zsh\n');
    kernel.write('/etc/machine-id', '4f3b2a1908070605040302010f0e0d0c\n');
    put(kernel, 700, { ppid: 1, cmdline: 'ssh\0alice@production-7\0--id=4f3b2a1908070605040302010f0e0d0c\0' });
    kernel.symlink('/proc/700/cwd', '/home/alice/work');
    const text = captured([700]);
    expect(text).not.toMatch(/alice|production-7|4f3b2a/i);
    expect(fileOf(text, '/proc/700/cmdline')).toBe(`ssh\0user1@harbour\0--id=${'0'.repeat(32)}\0`);
    expect(new CapturedKernel(text).link('/proc/700/cwd')).toMatchObject({ value: '/home/user1/work' });
    expect(fileOf(text, '/etc/passwd')).toBe('root:x:0:0:::\nuser1:x:1000:1000:::\n');
  });

  it('takes every file of the cgroups that are named, and of the others none that only a look at them asks for', () => {
    const v2 = '31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n';
    kernel = new CapturedKernel(captured([1, 2]));
    for (const path of ['/proc/self/mountinfo', '/proc/1/mountinfo']) kernel.write(path, v2);
    kernel.write('/proc/self/cgroup', '0::/\n');
    put(kernel, 700, { ppid: 1, cgroup: '0::/a\n' });
    for (const at of ['', '/a', '/b']) {
      kernel.write(`/sys/fs/cgroup${at}/cgroup.procs`, '700\n701\n0\n');
      kernel.write(`/sys/fs/cgroup${at}/memory.stat`, 'anon 1\n');
    }
    const text = captured([700], ['/a']);
    expect(fileOf(text, '/sys/fs/cgroup/a/memory.stat')).toBe('anon 1\n');
    expect(fileOf(text, '/sys/fs/cgroup/a/cgroup.procs')).toBe('700\n0\n');
    expect(fileOf(text, '/sys/fs/cgroup/memory.stat')).toBe('absent');
    expect(text).not.toContain('/sys/fs/cgroup/b');
  });
});

describe('secrets on a command line', () => {
  it.each([
    [
      ['mysqld', '--password=hunter2'],
      ['mysqld', '--password=redacted'],
    ],
    [
      ['curl', '--oauth-token', 'hunter2', 'x'],
      ['curl', '--oauth-token', 'redacted', 'x'],
    ],
    [
      ['env', 'API_KEY=hunter2', 'node'],
      ['env', 'API_KEY=redacted', 'node'],
    ],
    [
      ['psql', 'postgres://me:hunter2@db/x'],
      ['psql', 'postgres://redacted@db/x'],
    ],
    [
      ['curl', '-H', 'Authorization: Bearer hunter2'],
      ['curl', '-H', 'Authorization: redacted'],
    ],
    [
      ['ls', '--color=auto', '-l'],
      ['ls', '--color=auto', '-l'],
    ],
  ])('%j', (argv, expected) => expect(redactArgv(argv)).toEqual(expected));
});

describe('the text of a tree', () => {
  it('keeps names and contents that pretend to be something else', () => {
    const odd = new CapturedKernel();
    odd.write('/sys/fs/cgroup/with space\n== x/cgroup.procs', '== /proc/1/stat\n{} x\n-> y z\\0\n');
    odd.write('/sys/fs/cgroup/empty', '');
    odd.write('/sys/fs/cgroup/no-newline', 'é\0\udcff'.slice(0, 2));
    odd.symlink('/proc/7/exe', '/a b\nc\udcff');
    odd.close('/proc/7/io', 'denied');
    const recording = new RecordingKernel(odd);
    for (const name of ['with space\n== x/cgroup.procs', 'empty', 'no-newline'])
      recording.text(`/sys/fs/cgroup/${name}`);
    recording.link('/proc/7/exe');
    recording.text('/proc/7/io');
    const again = new CapturedKernel(formatTree(recording.tree()));
    for (const name of ['with space\n== x/cgroup.procs', 'empty', 'no-newline']) {
      expect(again.text(`/sys/fs/cgroup/${name}`)).toEqual(odd.text(`/sys/fs/cgroup/${name}`));
    }
    expect(again.link('/proc/7/exe')).toEqual(odd.link('/proc/7/exe'));
    expect(again.text('/proc/7/io')).toMatchObject({ ok: false, why: 'denied', errno: 'EACCES' });
  });

  it('keeps directories that are empty, files that nobody read, and errors that are no answer', () => {
    const text = '{} /proc/7/fd\n!! /sys/a throws EINVAL\n!! /sys/b denied EPERM\n== /sys/c\n';
    expect(formatTree(parseTree(text))).toBe(text);
    const odd = new CapturedKernel(text);
    expect(odd.list('/proc/7/fd')).toEqual({ ok: true, value: [] });
    expect(() => odd.text('/sys/a')).toThrow('EINVAL');
    expect(odd.text('/sys/b')).toMatchObject({ errno: 'EPERM' });
    const recording = new RecordingKernel(odd);
    recording.list('/sys');
    recording.list('/proc/7/fd');
    expect(() => recording.text('/sys/a')).toThrow('EINVAL');
    recording.text('/sys/b');
    expect(formatTree(recording.tree())).toBe(text);
  });
});
