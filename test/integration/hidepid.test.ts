/** A /proc that keeps other users' processes from the reader, mounted for real, and nobody who looks. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { World } from '../../shared/model.ts';
import { buildCli, portholeCommand, run, type Answer } from './cli-run.ts';

const isRoot = process.getuid?.() === 0;
const AS_NOBODY = 'setpriv --reuid=65534 --regid=65534 --clear-groups';

/** Runs a porthole command where /proc is mounted with these options. */
const where = (options: string, args: string, as = AS_NOBODY): Promise<Answer> =>
  run([
    'unshare',
    '--mount',
    'bash',
    '-c',
    `mount -t proc -o ${options} proc /proc && exec ${as} ${portholeCommand(args)}`,
  ]);
const world = ({ stdout }: Answer): World => JSON.parse(stdout) as World;
const tasks = (): number => Number(/\/(\d+) /.exec(readFileSync('/proc/loadavg', 'latin1'))?.[1]);

describe.skipIf(!isRoot)(`a /proc with hidepid${isRoot ? '' : ' (cannot run: mounting one needs root)'}`, () => {
  beforeAll(buildCli);

  it('2: says that others are hidden, and about how many tasks the kernel counts besides', async () => {
    const before = tasks();
    const answer = await where('hidepid=2', 'snapshot --json');
    const { host, unread, processes } = world(answer);
    expect(host.procHides).toEqual({ hidepid: 'invisible', gid: 0 });
    expect(processes.every(({ uid }) => uid === 65534)).toBe(true);
    expect(unread.hidden).toBe(0);
    const seen = processes.reduce((sum, { threads }) => sum + threads, 0);
    // Others start and end tasks meanwhile.
    expect(Math.abs(unread.tasks! + seen - before)).toBeLessThan(before / 2 + 30);
    expect(unread.tasks).toBeGreaterThan(20);
    expect(answer.stderr).toContain('/proc is mounted with hidepid=invisible');
    expect(answer.stderr).toContain(`about ${unread.tasks} tasks`);
  });

  it('1: counts the processes that are closed as well', async () => {
    const { host, unread } = world(await where('hidepid=1', 'snapshot --json'));
    expect(host.procHides?.hidepid).toBe('noaccess');
    expect(unread.hidden).toBeGreaterThan(3);
    expect(unread.tasks).toBeGreaterThan(unread.hidden - 10);
  });

  it('is said beside the namespaces, and beside a tree that begins with whom nobody may see the parent of', async () => {
    const ns = await where('hidepid=2', 'ns');
    expect([ns.code, ns.stderr]).toEqual([0, expect.stringContaining('hidepid=invisible')]);
    const tree = await where('hidepid=2', 'tree -p');
    expect([tree.code, tree.stderr]).toEqual([
      0,
      expect.stringContaining('processes of other users are not in the list'),
    ]);
    expect(tree.stdout).toMatch(/^node\(\d+\)|^MainThread\(\d+\)/);
  });

  it('keeps nothing from root, nor from the group it names', async () => {
    const root = world(await where('hidepid=2', 'snapshot --json', ''));
    expect([root.host.procHides, root.unread.tasks]).toEqual([undefined, undefined]);
    const group = world(await where('hidepid=2,gid=65534', 'snapshot --json'));
    expect(group.host.procHides).toBeUndefined();
    expect(group.processes.some(({ uid }) => uid === 0)).toBe(true);
  });

  it('says what is amiss where /proc has nothing but processes', async () => {
    const { code, stderr } = await where('subset=pid', 'ns');
    expect([code, stderr]).toEqual([1, expect.stringContaining('subset=pid')]);
  });
});
