import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failed, failedAnyhow } from '../../../electron/host/read/errno.ts';
import { LinuxKernel } from '../../../electron/host/read/kernel.ts';
import { loadLibc } from '../../../electron/host/read/libc.ts';
import type { Reading } from '../../../shared/model.ts';

let kernel = new LinuxKernel();
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'porthole-kernel-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('errno', () => {
  it('becomes a word', () => {
    const thrown = (code: string) => Object.assign(new Error(code), { code });
    expect(failed(thrown('ESRCH'), 'read("x")')).toEqual({ ok: false, why: 'gone', call: 'read("x")', errno: 'ESRCH' });
    expect(failed(thrown('EACCES'), 'x')).toMatchObject({ why: 'denied' });
    expect(failed(thrown('EPERM'), 'x')).toMatchObject({ why: 'denied' });
    expect(failed(thrown('ENOENT'), 'x')).toMatchObject({ why: 'absent' });
    expect(failed(thrown('EINVAL'), 'x')).toMatchObject({ why: 'absent' });
    expect(failed(thrown('ENXIO'), 'x')).toMatchObject({ why: 'malformed' });
  });

  it('of a file system that fails is no failure of the look', () => {
    const thrown = (code: string) => Object.assign(new Error(code), { code });
    for (const code of ['EIO', 'ESTALE', 'ENOKEY', 'EUCLEAN'])
      expect(failed(thrown(code), 'x')).toEqual({ ok: false, why: 'malformed', call: 'x', errno: code });
  });

  it('keeps its name where a process chose the file, unless the mistake is ours', () => {
    const thrown = (code: string) => Object.assign(new Error(code), { code });
    expect(failedAnyhow(thrown('EDOTDOT'), 'x')).toEqual({ ok: false, why: 'malformed', call: 'x', errno: 'EDOTDOT' });
    expect(failedAnyhow(thrown('ENOENT'), 'x')).toMatchObject({ why: 'absent' });
    expect(() => failedAnyhow(thrown('ERR_INVALID_ARG_TYPE'), 'x')).toThrow('ERR_INVALID_ARG_TYPE');
    expect(() => failedAnyhow(new TypeError('a mistake of ours'), 'x')).toThrow(TypeError);
  });

  it('throws on when it is not one we know', () => {
    expect(() => failed(Object.assign(new Error('x'), { code: 'EMFILE' }), 'x')).toThrow('x');
    expect(() => failed(Object.assign(new Error('x'), { code: 'constructor' }), 'x')).toThrow('x');
    expect(() => failed(new TypeError('a mistake of ours'), 'x')).toThrow(TypeError);
  });
});

describe('LinuxKernel', () => {
  it('reads a file larger than its buffer whole, or as much as was asked', () => {
    const text = 'abcdefghij'.repeat(50_000);
    writeFileSync(join(folder, 'large'), text);
    expect(kernel.text(join(folder, 'large'))).toEqual({ ok: true, value: text });
    expect(kernel.record(join(folder, 'large'))).toEqual({ ok: true, value: text });
    expect(kernel.text(join(folder, 'large'), 7)).toEqual({ ok: true, value: 'abcdefg' });
  });

  it('reads and lists names that are not UTF-8', () => {
    const name = Buffer.concat([Buffer.from(`${folder}/x`), Buffer.from([0xff])]);
    writeFileSync(name, 'found');
    expect(kernel.list(folder)).toEqual({ ok: true, value: ['x\udcff'] });
    expect(kernel.text(`${folder}/x\udcff`)).toEqual({ ok: true, value: 'found' });
    symlinkSync(name, join(folder, 'link'));
    expect(kernel.link(join(folder, 'link'))).toEqual({ ok: true, value: `${folder}/x\udcff` });
  });

  it('says absent of what is not there', () => {
    const call = `open("${folder}/no")`;
    expect(kernel.text(join(folder, 'no'))).toEqual({ ok: false, why: 'absent', call, errno: 'ENOENT' });
  });

  it('follows no link, waits for no pipe and opens no device where a hostile program could put them', () => {
    mkdirSync(join(folder, 'etc'));
    writeFileSync(join(folder, 'etc/passwd'), 'names');
    symlinkSync(join(folder, 'etc/passwd'), join(folder, 'etc/link'));
    symlinkSync('etc', join(folder, 'elsewhere'));
    execFileSync('mkfifo', [join(folder, 'etc/pipe')]);
    expect(kernel.regularText(join(folder, 'etc'), 'passwd', 3)).toEqual({ ok: true, value: 'nam' });
    expect(kernel.regularText(join(folder, 'etc'), 'link', 3)).toMatchObject({ ok: false });
    expect(kernel.regularText(join(folder, 'elsewhere'), 'passwd', 3)).toMatchObject({ ok: false });
    expect(kernel.regularText(join(folder, 'etc'), 'pipe', 3)).toMatchObject({ ok: false, why: 'malformed' });
    expect(kernel.regularText('/dev', 'zero', 3)).toMatchObject({ ok: false, why: 'malformed' });
  });
});

/** Both ways of reading: by libc, and by Node alone as where koffi's native part cannot be loaded. */
describe.each([
  ['libc', loadLibc],
  ['node:fs', () => null],
])('LinuxKernel by way of %s', (name, libc) => {
  beforeEach(() => {
    kernel = new LinuxKernel(libc());
  });

  it('tells of a pinned process that ended that it is gone, by the path a person would type', () => {
    const pinned = pinOfOneThatEnds(
      (pid) => kernel.pin(`/proc/${pid}`),
      (directory) => directory.text('stat'),
    );
    expect(pinned.text('status')).toEqual({
      ok: false,
      why: 'gone',
      call: expect.stringMatching(/^(open|read)\("\/proc\/\d+\/status"\)$/) as string,
      errno: 'ESRCH',
    });
    pinned.close();
  });

  it('tells of a pinned process that lives that a file is absent', () => {
    const pinned = kernel.pin(`/proc/${process.pid}`);
    if (!pinned.ok) throw new Error(pinned.call);
    expect(pinned.value.text('no-such-file')).toMatchObject({ why: 'absent' });
    pinned.value.close();
  });

  it('reads what a directory holds, of any length, links, and names that are not UTF-8', () => {
    if (name === 'libc') expect(loadLibc()).not.toBeNull();
    const text = 'abcdefghij'.repeat(50_000);
    writeFileSync(join(folder, 'large'), text);
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/x`), Buffer.from([0xff])]), 'found');
    symlinkSync('net:[1]', join(folder, 'link'));
    // More than one buffer full of names.
    for (let i = 0; i < 300; i++) symlinkSync('x', join(folder, `${'n'.repeat(240)}${i}`));
    const pinned = kernel.pin(folder);
    if (!pinned.ok) throw new Error(pinned.call);
    const directory = pinned.value;
    expect(directory.text('large')).toEqual({ ok: true, value: text });
    expect(directory.record('large')).toEqual({ ok: true, value: text });
    expect(directory.text('large', 7)).toEqual({ ok: true, value: 'abcdefg' });
    expect(directory.text('x\udcff')).toEqual({ ok: true, value: 'found' });
    expect(directory.link('link')).toEqual({ ok: true, value: 'net:[1]' });
    const call = `readlink("${folder}/large")`;
    expect(directory.link('large')).toEqual({ ok: false, why: 'absent', call, errno: 'EINVAL' });
    mkdirSync(join(folder, 'ns'));
    symlinkSync('net:[2]', join(folder, 'ns/net'));
    const absent = (name: string) => ({
      ok: false,
      why: 'absent',
      call: `readlink("${folder}/${name}")`,
      errno: 'ENOENT',
    });
    expect(directory.links('ns', ['net', 'pid'])).toEqual([{ ok: true, value: 'net:[2]' }, absent('ns/pid')]);
    expect(directory.links('no', ['net'])).toEqual([absent('no/net')]);
    expect(directory.record('large', 7)).toEqual({ ok: true, value: 'abcdefg' });
    const listed = directory.list('.');
    expect(listed.ok && listed.value.length).toBe(304);
    expect(listed.ok && listed.value).toContain('x\udcff');
    expect(directory.list('no')).toMatchObject({ ok: false, why: 'absent' });
    directory.close();
    expect(kernel.pin(join(folder, 'large'))).toMatchObject({ ok: false, why: 'absent', errno: 'ENOTDIR' });
  });

  it('reads a file that it holds from the beginning each time, and never that of another process', () => {
    const child = spawn('sleep', ['61'], { stdio: 'ignore' });
    const held = kernel.hold(`/proc/${child.pid}/schedstat`);
    if (!held.ok) throw new Error(held.call);
    const stable = soon(() => {
      const [first, second] = [held.value.record(), held.value.record()];
      return first.ok && second.ok && first.value === second.value ? first.value : null;
    });
    expect(stable).toMatch(/^\d+ \d+ \d+\n$/);
    const grandchild = pinOfOneThatEnds(
      (pid) => kernel.hold(`/proc/${pid}/schedstat`),
      (file) => file.record(),
    );
    expect(grandchild.record()).toMatchObject({ ok: false, why: 'gone', errno: 'ESRCH' });
    grandchild.close();
    held.value.close();
    child.kill('SIGKILL');
    expect(kernel.hold('/proc/no')).toMatchObject({ ok: false, why: 'absent' });
  });
});

const sleep = (millis: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);
const soon = <T>(what: () => T | null): T => {
  for (let tries = 0; tries < 1000; tries++) {
    const found = what();
    if (found !== null) return found;
    sleep(5);
  }
  throw new Error('it did not happen within 5 s');
};

/** What was opened of it while it lived. Its parent shell reaps it. */
const pinOfOneThatEnds = <T>(open: (pid: number) => Reading<T>, ask: (opened: T) => Reading<unknown>): T => {
  const marker = join(folder, 'pid');
  spawn('sh', ['-c', `sleep 30 & echo $! > ${marker}; wait`], { stdio: 'ignore' });
  const pid = soon(() => {
    const read = kernel.text(marker);
    return read.ok && read.value.endsWith('\n') ? Number(read.value) : null;
  });
  const pinned = open(pid);
  process.kill(pid, 'SIGKILL');
  if (!pinned.ok) throw new Error(pinned.call);
  // Until it is reaped it is a zombie and still answers.
  soon(() => (ask(pinned.value).ok ? null : true));
  return pinned.value;
};
