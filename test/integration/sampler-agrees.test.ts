/** What Porthole reads and what the tools everybody knows read, on the machine that runs the tests. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterEach, describe, expect, it } from 'vitest';
import { Collector } from '../../electron/host/collect/collector.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import { NAMESPACE_TYPES, type NamespaceFact, type Process, type World } from '../../shared/model.ts';

const root = process.getuid?.() === 0;
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
const start = (command: string, ...args: string[]): number => {
  const child = spawn(command, args, { stdio: 'ignore' });
  children.push(child);
  return child.pid ?? 0;
};
const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));
const look = (): World => new Collector(new LinuxKernel()).collect([], []);

/**
 * Other things happen on a machine: what was ours before and after may have been otherwise for a moment in between. So one
 * try must agree in everything; the last difference is told if none does.
 */
const agreeOnce = async (attempt: () => { readonly ours: unknown; readonly theirs: unknown }): Promise<void> => {
  let last = attempt();
  for (let tries = 0; tries < 60 && JSON.stringify(last.ours) !== JSON.stringify(last.theirs); tries++) {
    await pause(50);
    last = attempt();
  }
  expect(last.theirs).toEqual(last.ours);
};
const until = async <T>(what: () => T | null | undefined): Promise<T> => {
  for (let tries = 0; tries < 200; tries++) {
    const found = what();
    if (found !== null && found !== undefined) return found;
    await pause(25);
  }
  throw new Error('it did not happen within 5 s');
};

const COLUMNS = ['pid', 'ppid', 'stat', 'nlwp', 'pgid', 'sess', 'tty', 'ruid', 'rss', 'vsz', 'euser:60', 'comm'];
const asPs = (row: Process): string =>
  [
    row.pid,
    row.ppid,
    row.state,
    row.threads,
    row.pgrp,
    row.session,
    row.tty ?? '?',
    row.uid,
    (row.residentBytes ?? 0) / 1024,
    (row.virtualBytes ?? 0) / 1024,
    row.user,
    row.state === 'Z' ? `${row.comm} <defunct>` : row.comm,
  ].join(' ');

describe('ps', () => {
  it('says the same of every process that does not change meanwhile', async () => {
    const sleeper = start('sleep', '61');
    await until(() => look().processes.find(({ pid, comm }) => pid === sleeper && comm === 'sleep'));
    await agreeOnce(() => {
      const before = new Map(look().processes.map((row) => [row.pid, asPs(row)]));
      const columns = COLUMNS.flatMap((column) => ['-o', `${column}=`]);
      const printed = execFileSync('ps', ['-e', '-ww', ...columns], { encoding: 'utf8' });
      const after = new Map(look().processes.map((row) => [row.pid, asPs(row)]));
      const ours: string[] = [];
      const theirs: string[] = [];
      for (const line of printed.split('\n')) {
        const words = line.trim().split(/ +/);
        const row = before.get(Number(words[0]));
        // A name that ps prints with question marks cannot be compared as text.
        if (row === undefined || row !== after.get(Number(words[0])) || !/^[ -~]*$/.test(row)) continue;
        words[2] = words[2]?.slice(0, 1) ?? '';
        theirs.push(words.join(' '));
        ours.push(row.replace(/ +/g, ' ').trim());
      }
      expect(ours.some((row) => row.startsWith(`${sleeper} `))).toBe(true);
      return { ours, theirs };
    });
  });
});

interface Lsns {
  readonly namespaces: readonly {
    readonly ns: number | string;
    readonly type: string;
    readonly nprocs: number | string;
  }[];
}

describe('lsns', () => {
  it('counts the same processes in the same namespaces', async ({ skip }) => {
    const broken = look().processes.find(({ comm }) => comm.includes('\n'));
    if (broken !== undefined)
      skip(`lsns gives up on a machine where a name holds a newline, as that of ${broken.pid} does`);
    start('unshare', root ? '-mu' : '-Um', 'sleep', '61');
    const counted = (world: World): string => {
      const counts = new Map<string, number>();
      for (const { namespaces } of world.processes) {
        for (const type of NAMESPACE_TYPES) {
          const id = namespaces[type];
          if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
        }
      }
      return [...counts]
        .map(([id, count]) => `${id} ${count}`)
        .sort()
        .join('\n');
    };
    const own = new Set(Object.values(look().processes.find(({ pid }) => pid === process.pid)?.namespaces ?? {}));
    await agreeOnce(() => {
      const ours = counted(look());
      const {
        status,
        stderr,
        stdout: printed,
      } = spawnSync('lsns', ['-J', '-o', 'NS,TYPE,NPROCS'], { encoding: 'utf8' });
      // It gives up when a process ends while it reads it.
      if (status !== 0) return { ours, theirs: `lsns ended with ${status}: ${stderr}` };
      const rows = (JSON.parse(printed) as Lsns).namespaces.map(({ ns, type, nprocs }) => {
        const id = `${type}:[${ns}]`;
        // It counts itself, and ran in our namespaces.
        return `${id} ${Number(nprocs) - (own.has(id as never) ? 1 : 0)}`;
      });
      expect(rows.length).toBeGreaterThan(8);
      return { ours: ours.split('\n'), theirs: rows.sort() };
    });
  });
});

describe('namespaces and what is above them', () => {
  const factOf = (facts: readonly NamespaceFact[], id: string | null | undefined) =>
    facts.find((fact) => fact.id === id);

  it.skipIf(!root)('are followed up to the first one, through one that no process is in (needs root)', async () => {
    const pid = start('unshare', '-Ur', 'unshare', '-Urn', 'sleep', '61');
    const world = await until(() => {
      const now = look();
      return now.processes.find((row) => row.pid === pid)?.comm === 'sleep' ? now : null;
    });
    const { net, user } = world.processes.find((row) => row.pid === pid)?.namespaces ?? {};
    expect(factOf(world.namespaces, net)).toMatchObject({ owner: user, parent: 'none' });
    const between = factOf(world.namespaces, user)?.parent;
    expect(world.processes.some(({ namespaces }) => namespaces.user === between)).toBe(false);
    const own = world.processes.find((row) => row.pid === process.pid)?.namespaces.user;
    expect(factOf(world.namespaces, between)).toMatchObject({ type: 'user', parent: own, ownerUid: 0 });
  });

  it.skipIf(!root)('are found where only a path holds them (needs root)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'porthole-netns-'));
    try {
      // In a mount namespace of its own, so that nothing is left of the mount when it ends.
      const pid = start(
        'unshare',
        '-m',
        'sh',
        '-c',
        'touch "$0/net"; unshare "--net=$0/net" true; exec sleep 61',
        folder,
      );
      const bound = await until(() =>
        look().namespaces.find(({ binds }) => binds.some(({ path }) => path === `${folder}/net`)),
      );
      expect(bound).toMatchObject({ type: 'net', binds: [{ path: `${folder}/net`, pid }], fds: [] });
      expect(bound.owner).toMatch(/^user:/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.skipIf(!root)('are found where only an open file holds them (needs root)', async () => {
    const pid = start('unshare', '-u', 'sleep', '61');
    await until(() => look().processes.find((row) => row.pid === pid && row.comm === 'sleep'));
    const fd = openSync(`/proc/${pid}/ns/uts`, 'r');
    try {
      process.kill(pid, 'SIGKILL');
      const world = await until(() => {
        const now = look();
        return now.processes.some((row) => row.pid === pid) ? null : now;
      });
      const held = world.namespaces.find(({ fds }) => fds.some((one) => one.pid === process.pid && one.fd === fd));
      expect(held).toMatchObject({ type: 'uts' });
      expect(held?.owner).toMatch(/^user:/);
      expect(world.processes.some(({ namespaces }) => namespaces.uts === held?.id)).toBe(false);
    } finally {
      closeSync(fd);
    }
  });
});

/** In a worker thread of a Node of its own, by the very call; says which thread it is. */
const UNSHARES = `
  const { Worker } = require('node:worker_threads');
  new Worker(\`
    const koffi = require('koffi');
    const { readlinkSync } = require('node:fs');
    const unshare = koffi.load(null).func('int unshare(int)');
    if (unshare(0x04000000) !== 0) throw new Error('unshare: ' + koffi.errno());
    console.log(readlinkSync('/proc/thread-self').split('/').at(-1));
    setInterval(() => {}, 1e6);
  \`, { eval: true, stdout: false });
`;

describe('a thread', () => {
  it.skipIf(!root)('that left its process is found with the namespace that it alone holds (needs root)', async () => {
    const cwd = fileURLToPath(new URL('../../', import.meta.url));
    const child = spawn(process.execPath, ['-e', UNSHARES], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const tid = await new Promise<number>((resolve, reject) => {
      child.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())));
      child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
    });
    const expected = readlinkSync(`/proc/${child.pid}/task/${tid}/ns/uts`);
    expect(expected).not.toBe(readlinkSync(`/proc/${child.pid}/ns/uts`));
    const fact = look().namespaces.find(({ id }) => id === expected);
    expect(fact).toMatchObject({ threads: [{ pid: child.pid, tid, link: 'uts' }], binds: [], fds: [] });
    expect(fact?.owner).toMatch(/^user:/);
  });
});

describe('an ordinary user', () => {
  it.skipIf(!root)('sees what the kernel lets it see, and is told what not (needs root, to become one)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'porthole-nobody-'));
    try {
      const host = fileURLToPath(new URL('../../electron/host/', import.meta.url));
      writeFileSync(
        join(folder, 'look.ts'),
        `import { Collector } from '${host}collect/collector.ts';
         import { LinuxKernel } from '${host}read/kernel.ts';
         const collector = new Collector(new LinuxKernel());
         const world = collector.collect([], []);
         const first = world.processes.find(({ pid }) => pid === ${process.pid});
         console.log(JSON.stringify({ world, detail: collector.detail(first.key) }));`,
      );
      // Bundled alone, it cannot find koffi: there must be an answer without ioctl, too.
      const bundle = await rolldown({ input: join(folder, 'look.ts'), platform: 'node', external: ['koffi'] });
      await bundle.write({ file: join(folder, 'look.mjs'), format: 'esm' });
      chmodSync(folder, 0o755);
      const printed = execFileSync(process.execPath, [join(folder, 'look.mjs')], {
        uid: 65534,
        gid: 65534,
        encoding: 'utf8',
        env: {},
      });
      const { world, detail } = JSON.parse(printed) as { world: World; detail: unknown };
      const ours = world.processes.find(({ pid }) => pid === process.pid);
      expect(ours).toMatchObject({ uid: 0, user: 'root', namespaces: { net: null } });
      expect(ours?.unread).toContainEqual({ file: 'ns/net', why: 'denied', errno: 'EACCES' });
      expect(detail).toMatchObject({ environ: { ok: false, why: 'denied' }, status: { ok: true } });
      expect(world.host).toMatchObject({ uid: 65534, namespacesOf: 'this process' });
      const denied = world.unread.files.find(({ file, why }) => file === 'ns/*' && why === 'denied');
      expect(denied?.count).toBe(world.unread.processes);
      expect(world.unread.processes).toBeGreaterThan(0);
      expect(new Set(world.namespaces.map(({ owner }) => owner))).toEqual(new Set(['unknown']));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
