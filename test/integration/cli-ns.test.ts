import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { World } from '../../shared/model.ts';
import type { NamespaceView } from '../../shared/namespaces.ts';
import { buildCli, porthole, portholeJson, run, whileQuiet } from './cli-run.ts';

const isRoot = process.getuid?.() === 0;

interface Lsns {
  readonly namespaces: readonly { ns: number; type: string; nprocs: number; pid: number }[];
}
const lsns = async (): Promise<string> => (await run(['lsns', '-J', '-o', 'NS,TYPE,NPROCS,PID'])).stdout;

/** Its namespaces are new, it leaves a zombie, and it holds a uts namespace that nobody is in any more. */
const UNSHARED = `
  unshare --uts sleep 1000 & other=$!
  while [ "$(readlink /proc/$other/ns/uts)" = "$(readlink /proc/self/ns/uts)" ]; do :; done
  exec 4</proc/$other/ns/uts
  kill -9 $other; wait $other 2>/dev/null
  (while [ "$(</proc/$$/comm)" = bash ]; do :; done) & zombie=$!
  echo "$(readlink /proc/self/fd/4) $zombie"
  exec cat
`;

describe.skipIf(!isRoot)(`porthole ns${isRoot ? '' : ' (cannot run: making namespaces for it needs root)'}`, () => {
  let child: ChildProcess;
  let held: string;

  beforeAll(async () => {
    buildCli();
    child = spawn('unshare', ['--net', '--ipc', '--mount', '--cgroup', 'bash', '-c', UNSHARED], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
    const [uts, zombie] = line.split(' ');
    held = uts!;
    await vi.waitUntil(() => readFileSync(`/proc/${zombie}/stat`, 'latin1').includes(') Z '), { timeout: 20_000 });
  });
  afterAll(async () => {
    child.stdin!.end();
    await once(child, 'close');
  });

  it('agrees with lsns on every namespace that has a process: same inodes, same counts', async () => {
    const sorted = (rows: string[]) => rows.sort();
    const agree = async (): Promise<void> => {
      const [theirs, ours] = await whileQuiet(lsns, () => portholeJson(['ns']) as Promise<NamespaceView[]>);
      const { namespaces } = JSON.parse(theirs) as Lsns;
      const populated = ours.filter(({ processes }) => processes.length > 0);
      expect(sorted(populated.map(({ type, inode, processes }) => `${type}:[${inode}] ${processes.length}`))).toEqual(
        sorted(namespaces.map(({ ns, type, nprocs }) => `${type}:[${ns}] ${nprocs}`)),
      );
      const lowest = new Map(namespaces.map(({ ns, type, pid }) => [`${type}:[${ns}]`, pid]));
      for (const { id, processes } of populated) expect([id, processes[0]]).toEqual([id, lowest.get(id)]);
      for (const type of ['net', 'ipc', 'mnt', 'cgroup']) {
        expect(populated.map(({ id }) => id)).toContain(readlinkSync(`/proc/${child.pid}/ns/${type}`));
      }
    };
    // A stranger that lived only between the two witnesses makes one comparison fail; a real difference fails each.
    await vi.waitFor(agree, { timeout: 50_000, interval: 100 });
  });

  it('shows what lsns cannot: a namespace that only an open file holds', async () => {
    const ours = (await portholeJson(['ns', '--type', 'uts'])) as NamespaceView[];
    expect(ours.every(({ type }) => type === 'uts')).toBe(true);
    expect(ours.find(({ id }) => id === held)).toMatchObject({
      processes: [],
      leader: null,
      container: null,
      heldBy: expect.arrayContaining([{ kind: 'fd', pid: child.pid, fd: 4 }]) as unknown,
    });
    expect(await lsns()).not.toContain(held.slice('uts:['.length, -1));
  });

  it('says owner and parent as the kernel does', async () => {
    const ours = (await portholeJson(['ns'])) as NamespaceView[];
    const user = readlinkSync(`/proc/${child.pid}/ns/user`);
    expect(ours.find(({ id }) => id === readlinkSync(`/proc/${child.pid}/ns/net`))).toMatchObject({
      owner: user,
      parent: 'none',
      leader: child.pid,
    });
    expect(ours.find(({ id }) => id === user)?.heldBy).toContainEqual({
      kind: 'owned',
      id: readlinkSync(`/proc/${child.pid}/ns/net`),
    });
  });

  it('has a line for each as text, below a head', async () => {
    const { code, stdout } = await porthole(['ns', '--type', 'net']);
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(head!.trim().split(/ {2,}/)).toEqual([
      ...['NS', 'TYPE', 'NPROCS', 'PID', 'USER', 'OF', 'OWNER', 'PARENT', 'HELD BY', 'COMMAND'],
    ]);
    const inode = /\d+/.exec(readlinkSync(`/proc/${child.pid}/ns/net`))![0];
    const owner = /\d+/.exec(readlinkSync(`/proc/${child.pid}/ns/user`))![0];
    const line = new RegExp(`net +[12] +${child.pid} +root +${owner} +process.*cat$`);
    expect(lines.find((one) => one.includes(inode))).toMatch(line);
  });

  it('says of one who is in it, who owns it and what holds it', async () => {
    const { stdout } = await porthole(['ns', readlinkSync(`/proc/${child.pid}/ns/net`)]);
    expect(stdout).toMatch(new RegExp(`MEMBERS\\noldest +${child.pid} cat\\nall +${child.pid}\\b`));
    expect(stdout).toMatch(/HELD BY\n\d+ process(?:es)?\n/);
    expect(stdout).toContain(`OWNER AND PARENT\nowner       ${readlinkSync(`/proc/${child.pid}/ns/user`)}\n`);
    expect((await porthole(['ns', readlinkSync(`/proc/${child.pid}/ns/user`)])).stdout).toContain(
      'created by  uid 0\n',
    );
  });
});

describe('porthole snapshot', () => {
  beforeAll(buildCli);
  const pids = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

  it('has every process that the machine had before and after, with its namespaces', async () => {
    const before = pids();
    const snapshot = (await portholeJson(['snapshot'])) as World;
    const after = new Set(pids());
    const seen = new Map(snapshot.processes.map((process) => [process.pid, process]));
    for (const pid of before.filter((candidate) => after.has(candidate)))
      expect([...seen.keys()]).toContain(Number(pid));
    const self = seen.get(process.pid)!;
    expect(self).toMatchObject({
      ppid: process.ppid,
      uid: process.getuid!(),
      key: `${process.pid}@${self.starttime}`,
      namespaces: { net: readlinkSync('/proc/self/ns/net'), mnt: readlinkSync('/proc/self/ns/mnt') },
    });
    expect(Object.keys(snapshot)).toEqual(
      expect.arrayContaining(['takenAt', 'host', 'processes', 'namespaces', 'containers', 'unread']),
    );
    expect(Math.abs(snapshot.takenAt - Date.now())).toBeLessThan(60_000);
  });

  it('is a summary without --json', async () => {
    const { code, stdout } = await porthole(['snapshot']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n\d+ processes, \d+ of them in \d+ containers; \d+ namespaces\n/);
  });
});
