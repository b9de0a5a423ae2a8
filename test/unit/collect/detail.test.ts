import { beforeEach, describe, expect, it } from 'vitest';
import { Collector } from '../../../electron/host/collect/collector.ts';
import { PortholeError } from '../../../shared/frames.ts';
import type { ProcessKey } from '../../../shared/model.ts';
import type { CapturedKernel } from '../../trees/captured-kernel.ts';
import { tree } from './tree.ts';

let kernel: CapturedKernel;
let collector: Collector;
beforeEach(() => {
  kernel = tree('unshared');
  collector = new Collector(kernel);
});
const keyOf = (pid: number): ProcessKey => {
  const found = collector.collect([], []).processes.find((process) => process.pid === pid);
  if (found === undefined) throw new Error(`no process ${pid}`);
  return found.key;
};
const codeOf = (call: () => unknown): string => {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof PortholeError) return thrown.code;
    throw thrown;
  }
  return 'no error';
};

describe('detail', () => {
  it('reads everything of one process, each file with its own answer', () => {
    kernel.write('/proc/411/environ', 'HOME=/root\0TOKEN=a=b\0odd\0');
    kernel.write('/proc/411/oom_score_adj', '-500\n');
    const detail = collector.detail(keyOf(411));
    expect(detail).toMatchObject({
      environ: {
        ok: true,
        value: [
          { name: 'HOME', value: '/root' },
          { name: 'TOKEN', value: 'a=b' },
          { name: 'odd', value: null },
        ],
      },
      exe: { ok: true, value: '/usr/bin/sleep' },
      uidMap: { ok: true, value: [{ inside: 0, outside: 0, count: 1 }] },
      namespaces: { pid: { ok: true, value: 'pid:[4026532179]' } },
      status: { ok: true, value: { nspid: [411, 1], seccomp: 0, noNewPrivs: false } },
      oomScoreAdj: { ok: true, value: -500 },
    });
  });

  it('says of what is denied by which call and errno', () => {
    expect(collector.detail(keyOf(1)).exe).toEqual({
      ok: false,
      why: 'denied',
      call: 'readlink("/proc/1/exe")',
      errno: 'EACCES',
    });
  });

  it('is not found once the process has ended, or when its pid is another process by now', () => {
    const key = keyOf(411);
    expect(codeOf(() => collector.detail('411@1'))).toBe('not-found');
    kernel.remove('/proc/411');
    expect(codeOf(() => collector.detail(key))).toBe('not-found');
    expect(codeOf(() => collector.detail('999999@1'))).toBe('not-found');
  });

  it('gives a command line whole', () => {
    kernel.write('/proc/411/cmdline', `${'a'.repeat(128 * 1024)}\0`);
    expect(collector.detail(keyOf(411)).cmdline).toEqual({ ok: true, value: ['a'.repeat(128 * 1024)] });
  });

  it("names the user by the process's own database where that differs", () => {
    kernel.write('/proc/411/root/etc/passwd', 'captain:x:0:0::/:\n');
    expect(collector.detail(keyOf(411)).userInside).toBe('captain');
    kernel.write('/proc/411/root/etc/passwd', 'root:x:0:0::/:\n');
    expect(collector.detail(keyOf(411)).userInside).toBeNull();
  });

  it('touches nothing inside that a program there could let us wait for', () => {
    const key = keyOf(411);
    kernel.write('/proc/411/root/etc/passwd', 'captain:x:0:0::/:\n');
    const mounts = '30 29 0:9 / / rw - overlay overlay rw\n31 30 0:40 / /etc rw - fuse.trap trap rw\n';
    kernel.write('/proc/411/mountinfo', mounts);
    kernel.reads.length = 0;
    expect(collector.detail(key).userInside).toBeNull();
    expect(kernel.reads.filter((path) => path.includes('/root/'))).toEqual([]);
  });
});
