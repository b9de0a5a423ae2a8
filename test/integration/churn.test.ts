/**
 * Porthole and the tools that everybody trusts, while processes come, change and go all the time. Each comparison is between
 * two looks of ours, and is made of what was the same in both; how much that was, is asserted.
 */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCgroupDetail } from '../../electron/host/collect/cgroup-detail.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import { memoryUse } from '../../shared/cgroup-memory-use.ts';
import { NAMESPACE_TYPES, type Process, type World } from '../../shared/model.ts';
import { pstreeNodes } from '../../shared/pstree-nodes.ts';
import { pstreeText } from '../../shared/pstree-text.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { changed, Looker, rowsBy, startChurn, steady, type Churn } from './churn.ts';
import { gather, type Crowd } from './crowd.ts';

const ROUNDS = 20;
/** A machine that does other things as well takes its time. */
const BUSY_MILLIS = 120_000;
const root = process.getuid?.() === 0;
const ran = async (program: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(program, args, { maxBuffer: 1 << 28, timeout: 20_000 })).stdout;

let churn: Churn;
let crowd: Crowd;
beforeAll(async () => {
  crowd = await gather({
    comm: 'porthole-still',
    children: [{ comm: 'one', children: [{ comm: 'two (x)' }, { comm: 'three' }] }, { comm: 'four' }],
  });
  churn = startChurn(crowd.pid);
});
afterAll(async () => {
  await churn.end();
  await crowd.end();
});

/** Without what changes from one moment to the next and back; whether a process is dead, sampler-agrees compares at rest. */
const asPs = ({ pid, ppid, pgrp, session, tty, uid, user, comm }: Process): string =>
  [pid, ppid, pgrp, session, tty ?? '?', uid, user, comm].join(' ');
const alive = (line: string | undefined): string | undefined =>
  line
    ?.replace(/ <defunct>$/, '')
    .trim()
    .replace(/ +/g, ' ');

describe('while processes come and go', { timeout: BUSY_MILLIS }, () => {
  it('ps says the same of all that did not change', async () => {
    const looker = new Looker();
    let compared = 0;
    let unrest = 0;
    // A machine that is busy with other things lets fewer come and go in one round.
    for (let round = 0; round < ROUNDS || (unrest <= ROUNDS * 3 && round < ROUNDS * 10); round++) {
      const columns = ['pid', 'ppid', 'pgid', 'sess', 'tty', 'ruid', 'euser:60', 'comm'];
      const { theirs, ...ours } = await looker.around(() =>
        ran('ps', '-e', '-ww', ...columns.flatMap((one) => ['-o', `${one}=`])),
      );
      unrest += changed(ours);
      const keys = new Set(ours.after.processes.map(({ key }) => key));
      const before = { ...ours.before, processes: ours.before.processes.filter(({ key }) => keys.has(key)) };
      const same = steady(rowsBy(before, asPs), rowsBy(ours.after, asPs));
      const lines = new Map(theirs.split('\n').map((line) => [Number(/\d+/.exec(line)?.[0]), line]));
      for (const [pid, row] of same) {
        // A name that ps prints with question marks cannot be compared as text, and that of a worker of the kernel tells what
        // it works on just now: between two looks it may be another and the same again.
        if (!/^[ -~]*$/.test(row) || row.includes(' kworker/')) continue;
        expect(alive(lines.get(pid))).toBe(alive(row));
        compared++;
      }
    }
    expect(unrest).toBeGreaterThan(ROUNDS * 3);
    expect(compared).toBeGreaterThan(ROUNDS * 10);
  });

  const members = (world: World): ReadonlyMap<string, string> => {
    const pids = new Map<string, number[]>();
    for (const { pid, namespaces } of world.processes) {
      for (const type of NAMESPACE_TYPES) {
        const id = namespaces[type];
        if (id !== null) pids.set(id, [...(pids.get(id) ?? []), pid]);
      }
    }
    return new Map([...pids].map(([id, list]) => [id, list.join(' ')]));
  };

  it('lsns counts whom it must in every namespace that did not change', async ({ skip }) => {
    const looker = new Looker();
    const broken = looker.look().processes.find(({ comm }) => comm.includes('\n'));
    if (broken !== undefined) skip(`lsns gives up where a name holds a newline, as that of ${broken.pid} does`);
    const apart = await spawnApart(6);
    let rounds = 0;
    let ours = 0;
    let compared = 0;
    try {
      for (let attempt = 0; attempt < ROUNDS * 10 && rounds < ROUNDS; attempt++) {
        const { theirs, before, after } = await looker.around(() =>
          spawnSync('lsns', ['-J', '-o', 'NS,TYPE,NPROCS,PID'], { encoding: 'utf8', timeout: 20_000 }),
        );
        // It gives up when a process ends while it reads it.
        if (theirs.status !== 0) continue;
        rounds++;
        const rows = (JSON.parse(theirs.stdout) as { namespaces: Record<'ns' | 'type' | 'nprocs' | 'pid', string>[] })
          .namespaces;
        const told = new Map(rows.map((row) => [`${row.type}:[${row.ns}]`, row]));
        const own = new Set<unknown>(
          Object.values(before.processes.find(({ pid }) => pid === process.pid)!.namespaces),
        );
        for (const [id, pids] of steady(members(before), members(after))) {
          // lsns itself is a member of ours.
          if (own.has(id)) continue;
          const list = pids.split(' ').map(Number);
          const nprocs = Number(told.get(id)?.nprocs ?? 0);
          // Somebody may have been in it between our looks and in neither; but nobody comes to those that we made.
          if (list.every((pid) => apart.pids.has(pid))) {
            expect(`${id} ${nprocs} ${told.get(id)?.pid}`).toBe(`${id} 1 ${list[0]}`);
            ours++;
          } else expect(nprocs).toBeGreaterThanOrEqual(list.length);
          compared++;
        }
      }
    } finally {
      await apart.end();
    }
    expect(rounds).toBe(ROUNDS);
    // Six processes, each alone in three namespaces or four.
    expect(ours).toBeGreaterThanOrEqual(ROUNDS * 6 * 3);
    expect(compared).toBeGreaterThan(ours);
  });

  it('pstree draws the same tree of whom nobody left and nobody joined', async () => {
    const looker = new Looker();
    const drawn = ({ processes }: World, pid: number): string => {
      // Descendants alone: whose parent ended before we came to it, the whole tree would hang on its root.
      const below = new Set([pid]);
      for (let size = 0; size !== below.size;) {
        size = below.size;
        for (const row of processes) if (below.has(row.ppid)) below.add(row.pid);
      }
      const nodes = processes
        .filter((row) => below.has(row.pid))
        .map((row) => ({ pid: row.pid, ppid: row.ppid, comm: row.comm, uid: row.euid }));
      return pstreeText(pstreeNodes(nodes, pid)!, { pids: true, compact: false, lines: 'ascii', width: null });
    };
    let compared = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { theirs, before, after } = await looker.around(() =>
        ran('pstree', '-p', '-A', '-l', '-T', String(crowd.pid)),
      );
      const ours = drawn(before, crowd.pid);
      if (ours !== drawn(after, crowd.pid)) continue;
      expect(ours.trimEnd()).toBe(theirs.trimEnd());
      compared++;
    }
    expect(compared).toBe(ROUNDS);
  });
});

/** Each in namespaces of its own; resolves when they are. */
const spawnApart = async (count: number) => {
  const argv = [root ? '-mui' : '-Umui', 'sh', '-c', 'echo apart; exec sleep 120'];
  const children = Array.from({ length: count }, () =>
    spawn('unshare', argv, { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const closed = children.map((child) => once(child, 'close'));
  await Promise.all(children.map((child) => once(child.stdout, 'data')));
  return {
    pids: new Set(children.map(({ pid }) => pid!)),
    end: async () => {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(closed);
    },
  };
};

const SCRIPTS: Readonly<Record<string, string>> = {
  still: 'sleep 1000 & sleep 1001 & wait',
  full: 'x=$(head -c 8000000 /dev/zero | tr "\\0" x); while :; do sleep 1000; done',
};

const reason = await labUnavailable();

describe.skipIf(reason !== null)(
  `Docker under churn${reason === null ? '' : ` (cannot run: ${reason})`}`,
  { timeout: BUSY_MILLIS },
  () => {
    let lab: Lab;
    const looker = new Looker();
    const ids: Record<string, string> = {};
    beforeAll(async () => {
      lab = await startLab();
      const busybox = (name: string, script: string, ...more: string[]) =>
        lab.docker('run', '-d', '--name', name, ...more, 'busybox:latest', 'sh', '-c', script);
      // One that forks all the time, one that keeps its processes, one that keeps 8 MB.
      await busybox('restless', 'while :; do sleep 0.1 & sleep 0.05; done');
      await busybox('still', SCRIPTS['still']!, '-m', '64m');
      await busybox('full', SCRIPTS['full']!);
      for (const name of ['still', 'full']) await busybox(`${name}2`, SCRIPTS[name]!, '-m', '64m');
      const { stdout } = await lab.docker('ps', '--no-trunc', '--format', '{{.Names}} {{.ID}}');
      for (const line of stdout.trim().split('\n')) {
        const [name = '', id = ''] = line.split(' ');
        ids[name] = id;
      }
    }, 120_000);
    afterAll(() => lab?.down(), 60_000);

    const inside = (world: World, name: string, words: (row: Process) => string): ReadonlyMap<number, string> =>
    new Map([...rowsBy(world, words)].filter(([pid]) => world.processes.find((row) => row.pid === pid)!.container === ids[name])); // prettier-ignore

    it('docker top lists the same processes', async () => {
      const words = ({ pid, ppid, comm }: Process) => `${pid} ${ppid} ${comm}`;
      const compared: Record<string, number> = {};
      for (let round = 0; round < ROUNDS; round++) {
        const name = round % 2 === 0 ? 'restless' : 'still';
        const { theirs, before, after } = await looker.around(() => lab.docker('top', name, '-eo', 'pid,ppid,comm'));
        const told = theirs.stdout.trim().split('\n').slice(1);
        const lines = told.map((line) => line.trim().replace(/ +/g, ' '));
        const same = steady(inside(before, name, words), inside(after, name, words));
        for (const row of same.values()) expect(lines).toContain(row);
        if (name === 'still') expect(lines).toHaveLength(same.size);
        compared[name] = (compared[name] ?? 0) + same.size;
      }
      expect(compared['still']).toBe((ROUNDS / 2) * 3);
      expect(compared['restless']).toBeGreaterThanOrEqual(ROUNDS / 2);
    });

    it('docker inspect names the same first process while other containers start and end', async () => {
      let going = true;
      const others = (async () => {
        while (going) await lab.docker('run', '--rm', 'busybox:latest', 'true');
      })();
      let met = 0;
      try {
        for (let round = 0; round < ROUNDS; round++) {
          const { theirs, before, after } = await looker.around(() =>
            lab.docker('inspect', '--format', '{{.Id}} {{.State.Pid}}', ...Object.values(ids)),
          );
          const ours = (world: World) => new Map(world.containers.map(({ id, pid }) => [id, pid]));
          const same = steady(ours(before), ours(after));
          for (const line of theirs.stdout.trim().split('\n')) {
            const [id = '', pid = ''] = line.split(' ');
            expect(`${id} ${same.get(id)}`).toBe(`${id} ${pid}`);
            met++;
          }
        }
      } finally {
        going = false;
        await others;
      }
      expect(met).toBe(ROUNDS * Object.keys(ids).length);
    });

    it('docker stats counts the same tasks and, within a digit, the same memory', async () => {
      const kernel = new LinuxKernel();
      const bytes = (text: string): number => {
        const [, digits = '', unit = ''] = /^([\d.]+)([KMG]?i?B)/.exec(text) ?? [];
        return Number(digits) * ({ B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }[unit] ?? NaN);
      };
      const ours = (name: string) => {
        const world = looker.look();
        const cgroup = world.processes.find(({ container }) => container === ids[name])!.cgroups;
        const path = cgroup.find(
          ({ controllers, hierarchy }) => controllers.includes('memory') || hierarchy === 0,
        )!.path;
        const detail = readCgroupDetail(kernel, path, world.host);
        const pids = detail.limits.find(({ resource }) => resource === 'pids')?.own?.used;
        return { memory: memoryUse(detail)?.workingSetBytes ?? null, tasks: pids?.ok ? pids.value : null };
      };
      const names = ['still', 'full', 'still2', 'full2'];
      let compared = 0;
      for (let round = 0; round < ROUNDS / 4; round++) {
        const before = names.map(ours);
        const { stdout } = await lab.docker('stats', '--no-stream', '--format', '{{.Name}} {{.PIDs}} {{.MemUsage}}', ...names); // prettier-ignore
        const after = names.map(ours);
        for (const [i, name] of names.entries()) {
          const [, tasks, used = ''] = new RegExp(`^${name} (\\d+) (\\S+)`, 'm').exec(stdout) ?? [];
          const [one, other] = [before[i]!, after[i]!];
          if (one.tasks === other.tasks) expect(`${name} ${tasks}`).toBe(`${name} ${one.tasks}`);
          // It prints four digits; the kernel accounts in batches of up to 64 pages a CPU, mm/memcontrol.c.
          const slack = 2 ** 18 + bytes(used) / 1000;
          expect(bytes(used)).toBeGreaterThanOrEqual(Math.min(one.memory!, other.memory!) - slack);
          expect(bytes(used)).toBeLessThanOrEqual(Math.max(one.memory!, other.memory!) + slack);
          compared++;
        }
      }
      expect(compared).toBe(ROUNDS);
      expect(ours('full').memory).toBeGreaterThan(8_000_000);
    });
  },
);
