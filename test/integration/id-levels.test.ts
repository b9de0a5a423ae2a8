/** User namespaces within user namespaces, for real: the number that a user has on each level, and what it is told there. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Collector } from '../../electron/host/collect/collector.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import { detailChain, idLevels, uidLevels, userChain } from '../../shared/id-levels.ts';
import { buildCli, portholeCommand, run } from './cli-run.ts';

const isRoot = process.getuid?.() === 0;

/** Each level says what id(1) is told there, and begins the next; the last waits. */
const level = (next: string, uid: number): string =>
  `echo $(id -u) $(id -g); unshare -U --map-user=${uid} --map-group=${uid + 10} sh -c "$${next}"; true`;
const LEVELS = { A: level('B', 5), B: level('C', 7), C: level('D', 9), D: 'echo $(id -u) $(id -g); read _' };

describe.skipIf(!isRoot)(
  `three user namespaces deep${isRoot ? '' : ' (cannot run: becoming another user needs root)'}`,
  () => {
    let child: ChildProcess;
    const told: string[][] = [];
    beforeAll(async () => {
      buildCli();
      const argv = ['--reuid=4242', '--regid=4343', '--clear-groups', 'sh', '-c', LEVELS.A];
      child = spawn('setpriv', argv, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...LEVELS } });
      for await (const line of createInterface({ input: child.stdout! })) {
        told.push(line.split(' '));
        if (told.length === 4) break;
      }
    }, 30_000);
    afterAll(() => {
      child?.stdin?.end('\n');
    });

    const look = () => {
      const collector = new Collector(new LinuxKernel());
      const world = collector.collect([], []);
      // The shell of each level stands below that of the one before.
      const shells = [world.processes.find(({ pid }) => pid === child.pid)!];
      for (let at = shells[0]; at !== undefined; at = world.processes.find(({ ppid }) => ppid === shells.at(-1)!.pid)) {
        if (at !== shells[0]) shells.push(at);
      }
      return { collector, world, shells };
    };

    it('has on every level the numbers that id tells there', () => {
      const { collector, world, shells } = look();
      expect(shells).toHaveLength(4);
      expect(told.map(([uid, gid]) => [Number(uid), Number(gid)])).toEqual([
        [4242, 4343],
        [5, 15],
        [7, 17],
        [9, 19],
      ]);
      shells.forEach((shell, depth) => {
        const levels = [{ number: 4242 }, ...uidLevels(world, shell)].map(({ number }) => String(number));
        expect(levels).toEqual(told.slice(0, depth + 1).map(([uid]) => uid));
        const groups = idLevels(4343, detailChain(world, shell, collector.detail(shell.key), 'gid'));
        expect(groups.map(({ number }) => String(number))).toEqual(told.slice(1, depth + 1).map(([, gid]) => gid));
      });
      const ids = shells.map(({ namespaces }) => namespaces.user);
      expect(userChain(world, shells[3]!, 'uid').map(({ id }) => id)).toEqual(ids.slice(1));
      // Who is mapped nowhere on the way has no number there.
      expect(idLevels(0, userChain(world, shells[3]!, 'uid')).map(({ number }) => number)).toEqual([
        'unmapped',
        'unmapped',
        'unmapped',
      ]);
    });

    it('is told on the command line, numbers side by side', async () => {
      const { shells } = look();
      const { stdout } = await run(['bash', '-c', portholeCommand(`process ${shells[3]!.pid}`)]);
      expect(stdout).toContain('uid 4242 host, 5 between, 7 between, 9 inside');
      expect(stdout).toContain('gid 4343 host, 15 between, 17 between, 19 inside');
      expect(stdout).toMatch(/^state +S, sleeping$/m);
    });
  },
);
