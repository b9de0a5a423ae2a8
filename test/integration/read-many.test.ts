/** What read-many.c answers of real processes, beside the same files read one after the other. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Collector } from '../../electron/host/collect/collector.ts';
import { SIGHT } from '../../electron/host/collect/one-process.ts';
import { LinuxHeldFiles } from '../../electron/host/read/held-files.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import {
  loadReadMany,
  type Answers,
  type ReadMany,
  type Target,
  type Wanted,
} from '../../electron/host/read/read-many.ts';
import type { Reading } from '../../shared/model.ts';
import { buildCli } from './cli-run.ts';

const WANTED: Wanted = { ...SIGHT, targets: 'fd' };
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Runs until the test ends; `line`: what it said first. */
const start = async (command: string, ...args: string[]): Promise<{ pid: number; line: string }> => {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const { value } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  return { pid: child.pid!, line: String(value) };
};
const shell = (script: string, ...args: string[]) =>
  start('sh', '-c', `${script}; echo ready; read -r _`, 'sh', ...args);

const hasCompiler = ['cc', 'gcc', 'clang'].some((name) => spawnSync(name, ['--version']).error === undefined);
const cannotRun = hasCompiler ? '' : ' (cannot run: it needs a C compiler)';

let many: ReadMany;
beforeAll(() => {
  buildCli();
  if (!hasCompiler) return;
  const loaded = loadReadMany();
  if (loaded === null) throw new Error('dist/read-many.so could not be loaded');
  many = loaded;
});

interface Said {
  readonly records: readonly Reading<string>[];
  readonly links: readonly Reading<string>[];
  readonly targets: Reading<readonly Target[]>;
}
const saidIn = (answers: Answers): Said => ({
  records: WANTED.records.map(({ name }) => answers.record(name)),
  links: answers.links('ns', WANTED.links!.names),
  targets: answers.targets('fd'),
});
const together = (pids: readonly number[]): ReadonlyMap<number, Reading<Said>> => {
  const said = new Map<number, Reading<Said>>();
  many.ofProcesses(pids, WANTED, (pid, answers) =>
    said.set(pid, answers.ok ? { ok: true, value: saidIn(answers.value) } : answers),
  );
  return said;
};

/** The same by way of node:fs alone. */
const apart = (pid: number): Said => {
  const pinned = new LinuxKernel(null, null).pin(`/proc/${pid}`);
  if (!pinned.ok) throw new Error(pinned.call);
  const directory = pinned.value;
  try {
    const names = directory.list('fd');
    if (!names.ok) throw new Error(names.call);
    const pointed = directory.links('fd', names.value);
    return {
      records: WANTED.records.map(({ name, limit }) => directory.record(name, limit)),
      links: directory.links('ns', WANTED.links!.names),
      targets: {
        ok: true,
        value: names.value.flatMap((name, index): Target[] => {
          const link = pointed[index];
          return link?.ok === true && !link.value.startsWith('/') ? [[name, link.value]] : [];
        }),
      },
    };
  } finally {
    directory.close();
  }
};
const of = (said: ReadonlyMap<number, Reading<Said>>, pid: number): Said => {
  const reading = said.get(pid);
  if (reading?.ok !== true) throw new Error(`nothing of ${pid}`);
  return reading.value;
};

describe.skipIf(!hasCompiler)(`many processes at once${cannotRun}`, () => {
  it('answer what each would have answered by itself, names and arguments of any bytes included', async () => {
    const hostile = await shell(`printf 'a) R 1 (b' > /proc/$$/comm`, `\u001b[31m${'x'.repeat(3000)}`, '\n\n');
    const raw = await start('bash', '-c', `exec -a $'caf\\xe9' sh -c 'echo ready; read -r _' $'\\xff\\xfe'`);
    const long = await shell('true', 'y'.repeat(100_000), 'z'.repeat(28_000));
    for (const { pid } of [hostile, raw, long]) expect(of(together([pid]), pid)).toEqual(apart(pid));
    expect(of(together([hostile.pid]), hostile.pid).records[0]).toMatchObject({
      value: expect.stringContaining('(a) R 1 (b)') as string,
    });
    expect(of(together([raw.pid]), raw.pid).records[3]).toMatchObject({
      value: expect.stringContaining('\udcff\udcfe') as string,
    });
    const cmdline = of(together([long.pid]), long.pid).records[3];
    expect(cmdline?.ok === true && cmdline.value.length).toBe(4097);
  });

  it('are never taken one for another, however many there are and whatever ends meanwhile', async () => {
    const crowd = await start(
      'sh',
      '-c',
      'n=0; while [ $n -lt 400 ]; do sleep 60 & pids="$pids $!"; n=$((n+1)); done; echo $pids; wait',
    );
    const pids = crowd.line.trim().split(' ').map(Number);
    try {
      for (let round = 0; round < 5; round++) {
        // In the middle of a read, from another process.
        const [first, last] = [pids[round * 2], pids.at(-1 - round)];
        const killer = spawn('sh', ['-c', `kill -9 ${first} ${last}`], { stdio: 'ignore' });
        const said = [...together(pids)];
        expect(said.map(([pid]) => pid)).toEqual(pids);
        for (const [pid, reading] of said) {
          if (!reading.ok) expect(reading).toMatchObject({ why: expect.stringMatching(/gone|absent/) as string });
          else {
            const [stat] = reading.value.records;
            if (stat?.ok === true) expect(stat.value.split(' ', 2)).toEqual([String(pid), '(sleep)']);
          }
        }
        await new Promise((resolve) => killer.once('exit', resolve));
      }
    } finally {
      for (const pid of pids) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // One of those that were ended before.
        }
      }
    }
  });

  it('of one that has ended says that it is gone, and of one that lives that a file is not there', async () => {
    const { pid } = await shell('true');
    const wanted: Wanted = { records: [{ name: 'stat' }, { name: 'no-such-file' }], targets: 'no-such-folder' };
    many.ofProcesses([pid], wanted, (_, answers) => {
      if (!answers.ok) throw new Error(answers.call);
      expect(answers.value.record('stat').ok).toBe(true);
      const call = `read("/proc/${pid}/no-such-file")`;
      expect(answers.value.record('no-such-file')).toEqual({ ok: false, why: 'absent', call, errno: 'ENOENT' });
      expect(answers.value.targets('no-such-folder')).toMatchObject({ ok: false, why: 'absent' });
      expect(() => answers.value.record('status')).toThrow('was not read');
    });
    const ended = new Promise((resolve) => children[0]?.once('exit', resolve));
    children[0]?.kill('SIGKILL');
    await ended;
    expect(together([pid]).get(pid)).toEqual({
      ok: false,
      why: 'absent',
      call: `open("/proc/${pid}")`,
      errno: 'ENOENT',
    });
  });

  it('leave out who says too much, whom the collector then asks by itself', async () => {
    const net = await start(
      process.execPath,
      '-e',
      `const fs = require('fs');
       for (let i = 0; i < 4000; i++) fs.openSync('/proc/self/ns/net', 'r');
       console.log('ready');
       process.stdin.resume();`,
    );
    expect(together([net.pid]).size).toBe(0);
    const kernel = new LinuxKernel();
    const collector = new Collector(kernel);
    const world = collector.collect([], []);
    collector.close();
    expect(world.processes.find(({ pid }) => pid === net.pid)).toMatchObject({ unread: [] });
    const held = world.namespaces.flatMap(({ fds }) => fds.filter(({ pid }) => pid === net.pid));
    expect(held).toHaveLength(4000);
  });

  it('make the same world as when each is read by itself', async () => {
    await shell('exec 7< /proc/self/ns/net');
    const worlds = [new LinuxKernel(), new LinuxKernel(undefined, null), new LinuxKernel(null, null)].map((kernel) => {
      const collector = new Collector(kernel);
      return () => {
        // A whole one, one of who did not run, and one for which all is due.
        for (let i = 0; i < 2; i++) collector.collect([], []);
        collector.lookAnew();
        const { processes, namespaces, unread } = collector.collect([], []);
        // We run while we look, as others do.
        const others = processes
          .filter(({ pid }) => pid !== process.pid && pid !== process.ppid)
          .map((row) => ({ ...row, state: '', cpuTicks: 0, residentBytes: 0 }));
        return JSON.stringify({ others, namespaces, unread });
      };
    });
    // What runs on the machine meanwhile may make a difference; not each time.
    await vi.waitFor(() => expect(new Set(worlds.map((look) => look())).size).toBe(1), { timeout: 20_000 });
  });

  it('end what was begun where one who is told throws', async () => {
    const { pid } = await shell('true');
    const pids = Array.from({ length: 200 }, () => pid);
    const threads = readdirSync('/proc/self/task').length;
    let told = 0;
    const tell = () =>
      many.ofProcesses(pids, WANTED, () => {
        told++;
        throw new Error('enough');
      });
    for (let i = 0; i < 20; i++) expect(tell).toThrow('enough');
    expect(told).toBe(20);
    expect(readdirSync('/proc/self/task').length).toBe(threads);
    expect(together([pid]).size).toBe(1);
  });

  it('say what it took of other CPUs', async () => {
    const { pid } = await shell('true');
    const before = many.cpuMillisBeside();
    const pids = Array.from({ length: 2000 }, () => pid);
    many.ofProcesses(pids, WANTED, () => {});
    expect(many.cpuMillisBeside() > before).toBe(availableParallelism() > 1);
  });
});

const ways: readonly (readonly [string, () => ReadMany | null])[] = [
  ...(hasCompiler ? [['by read-many.c', () => many] as const] : []),
  ['by Node alone', () => null],
];
describe.each(ways)('files held open, read %s', (_, how) => {
  it('are read from their beginning each time, and are the same text as long as they say the same', async () => {
    const held = new LinuxHeldFiles(how());
    const { pid } = await shell('echo ready; read -r _; printf other > /proc/$$/comm');
    const comm = held.open(`/proc/${pid}/comm`)!;
    held.readAll();
    const first = held.record(comm);
    expect(first).toEqual({ ok: true, value: 'sh\n' });
    held.readAll();
    expect(held.record(comm)).toBe(first);
    children[0]?.stdin?.write('\n');
    await vi.waitFor(() => {
      held.readAll();
      expect(held.record(comm)).toEqual({ ok: true, value: 'other\n' });
    });
    held.close(comm);
  });

  it('say of a process that ended that it is gone, and nothing of who is held in its place', async () => {
    const held = new LinuxHeldFiles(how());
    const { pid } = await shell('true');
    const file = held.open(`/proc/${pid}/comm`)!;
    held.readAll();
    const ended = new Promise((resolve) => children[0]?.once('exit', resolve));
    children[0]?.kill('SIGKILL');
    await ended;
    held.readAll();
    expect(held.record(file)).toMatchObject({ ok: false, why: 'gone', errno: 'ESRCH' });
    held.close(file);
    const next = held.open('/proc/self/comm')!;
    expect(next).toBe(file);
    held.readAll();
    expect(held.record(next)).toEqual({ ok: true, value: readFileSync('/proc/self/comm', 'utf8') });
    held.close(next);
    expect(held.open(`/proc/${pid}/comm`)).toBeNull();
  });

  it('may be hundreds', () => {
    const before = readdirSync('/proc/self/fd').length;
    const held = new LinuxHeldFiles(how());
    const files = Array.from({ length: 300 }, () => held.open('/proc/self/comm')!);
    held.readAll();
    expect(new Set(files.map((file) => JSON.stringify(held.record(file)))).size).toBe(1);
    expect(new Set(files).size).toBe(300);
    for (const file of files) held.close(file);
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });
});
