/** Under /proc/PID the machine's own ls, cat and readlink are the judges. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listProc, readProc } from '../../electron/host/collect/proc-browse.ts';
import { decode } from '../../electron/host/read/bytes.ts';
import { linuxProcessFolders } from '../../electron/host/read/process-folder.ts';
import { PortholeError } from '../../shared/frames.ts';
import { processKey, type ProcessKey } from '../../shared/model.ts';
import { PROC_FILES, procFile } from '../../shared/proc-files.ts';
import { PROC_FILE_BYTES, type ProcEntry } from '../../shared/proc-model.ts';
import { bytesOf } from '../../shared/proc-text.ts';
import { buildCli, portholeCommand, run } from './cli-run.ts';

const list = (key: ProcessKey, path = '') => listProc(linuxProcessFolders, key, path);
const read = (key: ProcessKey, path: string, offset = 0) => readProc(linuxProcessFolders, key, path, offset);
const entries = (key: ProcessKey, path = ''): readonly ProcEntry[] => {
  const listed = list(key, path).entries;
  if (!listed.ok) throw new Error(`${listed.call}: ${listed.errno}`);
  return listed.value;
};
const textOf = (key: ProcessKey, path: string): string => {
  const { content } = read(key, path);
  if (content?.ok !== true) throw new Error(`${path} was not read`);
  return content.value.text;
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
const keyOf = (pid: number): ProcessKey => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return processKey(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]));
};

describe('files under /proc/PID', () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-proc-'));
  const HOSTILE = Buffer.from('we:ird \u001b[31m\xff\n(name)', 'latin1');
  let child: ChildProcess;
  let key: ProcessKey;
  let at: string;

  beforeAll(async () => {
    const file = Buffer.concat([Buffer.from(`${folder}/`), HOSTILE]);
    writeFileSync(file, 'x');
    const script =
      'for f in "$1"/*; do exec 7<"$f"; done; printf "\\e]0;\\377" >/proc/self/comm; echo ready; read -r _';
    child = spawn('bash', ['-c', script, 'bash', folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'], ODD: 'a=b\nc', BIG: 'x'.repeat(100_000), BIGGER: 'y'.repeat(100_000), MORE: 'z'.repeat(100_000) }, // prettier-ignore
    });
    await once(createInterface(child.stdout!), 'line');
    key = keyOf(child.pid!);
    at = `/proc/${child.pid}`;
  });
  afterAll(async () => {
    child.stdin?.end();
    if (child.exitCode === null) await once(child, 'exit');
    rmSync(folder, { recursive: true });
  });

  it('lists what ls -A lists, in every directory that no link leads to', () => {
    for (const path of ['', 'ns', 'fd', 'fdinfo', 'attr', 'task', `task/${child.pid}`, `task/${child.pid}/ns`, 'net']) {
      const byLs = execFileSync('ls', ['-A', `${at}/${path}`], { encoding: 'utf8' })
        .trim()
        .split('\n');
      expect([...entries(key, path)].map(({ name }) => name).sort(), path).toEqual(byLs.sort());
    }
  });

  it('says of each entry what ls -l says: type, permissions, owner, target', () => {
    for (const { name, attributes, holds } of entries(key)) {
      const [mode, owner] = execFileSync('stat', ['-c', '%A %u', `${at}/${name}`], { encoding: 'utf8' }).trim().split(' '); // prettier-ignore
      if (!attributes.ok) throw new Error(name);
      const letter = { file: '-', directory: 'd', link: 'l', other: '?' }[attributes.value.type];
      expect([letter, attributes.value.uid], name).toEqual([mode?.[0], Number(owner)]);
      if (attributes.value.type === 'link') expect(holds).toEqual({ ok: true, value: readlinkSync(`${at}/${name}`) });
    }
  });

  it('holds byte for byte what cat prints', () => {
    for (const path of [
      'cmdline',
      'limits',
      'cgroup',
      'mountinfo',
      'uid_map',
      'auxv',
      'maps',
      'oom_score_adj',
      'fdinfo/0',
      `task/${child.pid}/comm`,
    ]) {
      // prettier-ignore
      expect(Buffer.from(bytesOf(textOf(key, path))), path).toEqual(execFileSync('cat', [`${at}/${path}`]));
    }
    expect(textOf(key, 'comm')).toBe('\u001b]0;\udcff\n');
    expect(textOf(key, 'environ')).toContain('ODD=a=b\nc\0');
  });

  it('gives the beginning of a long file and counts the rest', () => {
    const { content } = read(key, 'environ');
    const whole = execFileSync('cat', [`${at}/environ`], { maxBuffer: 1e7 });
    expect(whole.length).toBeGreaterThan(PROC_FILE_BYTES);
    if (content?.ok !== true) throw new Error('it was not read');
    expect(content.value).toMatchObject({ offset: 0, wholeBytes: whole.length, cut: true });
    expect(content.value.bytes).toBeLessThanOrEqual(PROC_FILE_BYTES);
    // No string is torn apart.
    expect(content.value.text.endsWith('\0')).toBe(true);
    const rest = read(key, 'environ', content.value.bytes).content;
    expect(rest).toMatchObject({ value: { offset: content.value.bytes, wholeBytes: whole.length, cut: false } });
    expect(content.value.text + (rest?.ok ? rest.value.text : '')).toBe(decode(whole));
  });

  it('are printed whole by the command, however large, and nothing is read that is not to be', async () => {
    buildCli();
    const told = async (path: string) => run(['bash', '-c', portholeCommand(`process ${child.pid} --file ${path}`)]);
    const strings = readFileSync(`/proc/${child.pid}/environ`, 'latin1').split('\0').slice(0, -1);
    expect((await told('environ')).stdout.replaceAll('\\n', '\n')).toBe(`${strings.join('\n')}\n`);
    expect((await told('maps')).stdout).toBe(readFileSync(`/proc/${child.pid}/maps`, 'latin1'));
    expect(await told('fd')).toMatchObject({ code: 1, stderr: expect.stringContaining('is a directory') });
    expect(await told('../1/environ')).toMatchObject({ code: 2, stderr: expect.stringContaining('below /proc/PID') });
    expect(await told('mem')).toMatchObject({ code: 1, stderr: expect.stringContaining('is not read') });
  });

  it('shows links and follows none, at the end of a path or in it', () => {
    expect(read(key, 'cwd')).toMatchObject({
      attributes: { value: { type: 'link' } },
      content: { ok: true, value: { text: readlinkSync(`${at}/cwd`) } },
    });
    expect(read(key, 'fd/7').content).toMatchObject({ ok: true, value: { text: `${folder}/${decode(HOSTILE)}` } });
    for (const path of ['root/etc', 'root/etc/hostname', 'cwd/package.json', 'fd/0/x', `task/${child.pid}/root/etc`]) {
      expect(list(key, path).entries, path).toMatchObject({ ok: false });
      expect(read(key, path).attributes, path).toMatchObject({ ok: false });
    }
    expect(list(key, 'cwd').entries).toMatchObject({ ok: false });
  });

  it('opens neither memory nor what is for writing only', () => {
    for (const path of ['mem', 'pagemap', 'clear_refs', `task/${child.pid}/mem`]) {
      expect(read(key, path), path).toMatchObject({ attributes: { ok: true }, content: null });
    }
  });

  it('knows every file that this kernel has for a process', () => {
    const own = entries(key).map(({ name }) => name);
    expect(own.filter((name) => procFile(name) === null)).toEqual([]);
    expect(entries(key, `task/${child.pid}`).filter(({ name }) => procFile(`task/1/${name}`) === null)).toEqual([]);
    expect(PROC_FILES.length).toBe(new Set(PROC_FILES.map(({ name }) => name)).size);
  });

  it('reads each file of a kernel thread and of a zombie, or says why not', async () => {
    // The child ends only once its parent is no shell any more: a shell would reap it.
    const script = '(while [ "$(</proc/$$/comm)" = bash ]; do :; done) & echo $!; exec tail -f /dev/null';
    const zombie = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(zombie.stdout), 'line')) as [string];
    await expect.poll(() => readFileSync(`/proc/${line}/stat`, 'utf8').includes(') Z ')).toBe(true);
    for (const pid of [Number(line), 2].filter((one) => readdirSync('/proc').includes(String(one)))) {
      for (const { name } of entries(keyOf(pid))) expect(() => read(keyOf(pid), name), `${pid} ${name}`).not.toThrow();
    }
    zombie.kill();
    await once(zombie, 'exit');
  });

  it('keeps names that the machine made up, whatever bytes are in them', async () => {
    const name = Buffer.from('\u001b[1m\xffx', 'latin1');
    const script = 'ip link set dev lo name "$(printf \'\\033[1m\\377x\')" && echo ready && read -r _';
    const inside = spawn('unshare', ['--net', 'bash', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(inside, 'exit');
    await once(createInterface(inside.stdout), 'line');
    const path = `net/dev_snmp6/${decode(name)}`;
    expect(entries(keyOf(inside.pid!), 'net/dev_snmp6').map((entry) => entry.name)).toEqual([decode(name)]);
    expect(textOf(keyOf(inside.pid!), path)).toContain('Ip6InReceives');
    inside.stdin.end();
    await ended;
  });

  it('is not found once the process has ended, or when its pid is another’s', async () => {
    const short = spawn('cat', { stdio: ['pipe', 'ignore', 'inherit'] });
    const shortKey = keyOf(short.pid!);
    expect(codeOf(() => list(shortKey))).toBe('no error');
    expect(codeOf(() => list(`${short.pid!}@1`))).toBe('not-found');
    short.stdin.end();
    await once(short, 'exit');
    expect(codeOf(() => list(shortKey))).toBe('not-found');
    expect(codeOf(() => read(shortKey, 'status'))).toBe('not-found');
  });

  const isRoot = process.getuid?.() === 0;
  it.skipIf(!isRoot)(`tells another user where the kernel says no${isRoot ? '' : ' (cannot run: needs root)'}`, () => {
    const denied = { ok: false, why: 'denied', errno: 'EACCES' };
    process.seteuid!(65534);
    try {
      const found = new Map(entries(key).map((entry) => [entry.name, entry]));
      for (const name of ['environ', 'io', 'exe', 'cwd', 'root', 'fd', 'map_files', 'ns']) {
        expect(found.get(name)?.holds, name).toMatchObject(name === 'ns' ? { ok: false, why: 'denied' } : denied);
      }
      expect(found.get('status')?.holds).toMatchObject({ ok: true });
      expect(read(key, 'environ').content).toEqual({ ...denied, call: `read("${at}/environ")` });
      expect(list(key, 'fd').entries).toEqual({ ...denied, call: `getdents("${at}/fd")` });
    } finally {
      process.seteuid!(0);
    }
  });
});
