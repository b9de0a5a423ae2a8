import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failed } from '../../../electron/host/read/errno.ts';
import { LinuxKernel } from '../../../electron/host/read/kernel.ts';

const kernel = new LinuxKernel();
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

  it('tells of a pinned process that ended that it is gone, by the path a person would type', () => {
    const pinned = pinOfOneThatEnds();
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

const sleep = (millis: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);
const soon = <T>(what: () => T | null): T => {
  for (let tries = 0; tries < 1000; tries++) {
    const found = what();
    if (found !== null) return found;
    sleep(5);
  }
  throw new Error('it did not happen within 5 s');
};

/** Its directory, opened while it lived. Its parent shell reaps it. */
const pinOfOneThatEnds = () => {
  const marker = join(folder, 'pid');
  spawn('sh', ['-c', `sleep 30 & echo $! > ${marker}; wait`], { stdio: 'ignore' });
  const pid = soon(() => {
    const read = kernel.text(marker);
    return read.ok && read.value.endsWith('\n') ? Number(read.value) : null;
  });
  const pinned = kernel.pin(`/proc/${pid}`);
  process.kill(pid, 'SIGKILL');
  if (!pinned.ok) throw new Error(pinned.call);
  // Until it is reaped it is a zombie and still answers.
  soon(() => (pinned.value.text('stat').ok ? null : true));
  return pinned.value;
};
