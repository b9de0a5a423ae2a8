/** nsenter into a real container: its processes, its inodes, its end. */
import { readFileSync, readlinkSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nsenterSupport } from '../../electron/host/shells/nsenter-support.ts';
import { Terminals } from '../../electron/host/shells/terminals.ts';
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from '../../shared/model.ts';
import { NSENTER_FLAGS, NSENTER_NAMESPACES } from '../../shared/nsenter-argv.ts';
import { NO_NSENTER, NSENTER_PRESETS } from '../../shared/nsenter-presets.ts';
import { OWN_PROC } from '../../shared/own-proc.ts';
import type { TerminalInfo } from '../../shared/terminal.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';

const reason = await labUnavailable();

const namespacesOf = async (pid: number): Promise<Record<NamespaceType, NamespaceId | null> | null> => {
  try {
    return Object.fromEntries(NAMESPACE_TYPES.map((type) => [type, readlinkSync(`/proc/${pid}/ns/${type}`)])) as Record<
      NamespaceType,
      NamespaceId
    >;
  } catch {
    return null;
  }
};
/** Field 22 of stat, which names a process for good; man 5 proc_pid_stat. */
const keyOf = (pid: number): string => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return `${pid}@${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
};

describe.skipIf(reason !== null)(`nsenter${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  const FIVE = ['mnt', 'uts', 'ipc', 'net', 'pid'] as const;
  let lab: Lab;
  let db = 0;
  let terminals = new Terminals({ namespacesOf });

  beforeAll(async () => {
    lab = await startLab();
    await lab.docker('run', '-d', '--name=db', 'redis:alpine');
    db = Number((await lab.docker('inspect', '-f', '{{.State.Pid}}', 'db')).stdout);
  });
  afterAll(() => lab?.down(), 60_000);
  afterEach(async () => {
    await terminals.shutdown();
    terminals = new Terminals({ namespacesOf });
  });

  const until = (id: string, wanted: (info: TerminalInfo) => boolean): Promise<TerminalInfo> =>
    new Promise((resolve) => {
      const look = (list: readonly TerminalInfo[]): void => {
        const info = list.find((terminal) => terminal.id === id);
        if (info === undefined || !wanted(info)) return;
        stop();
        resolve(info);
      };
      const stop = terminals.onChange(look);
      queueMicrotask(() => look(terminals.list()));
    });
  const ended = (id: string) => until(id, (info) => info.ended !== null);

  /** What a terminal has written, once it holds this. */
  const output = (id: string, pattern: RegExp): Promise<string> =>
    new Promise((resolve) => {
      let text = '';
      terminals.attach('page', id, (bytes) => {
        text += new TextDecoder().decode(bytes);
        terminals.acknowledge('page', id, bytes.length);
        if (pattern.test(text)) resolve(text);
      });
    });
  const start = (program: readonly string[], more: Partial<typeof NO_NSENTER> = {}) =>
    terminals.nsenter(
      { ...NO_NSENTER, target: keyOf(db), namespaces: [...FIVE], program: [...program], ...more },
      'db',
      80,
      24,
    );

  it('shows the container’s processes, and no others', async () => {
    const { id, argv, title, how } = await start(['ps', 'aux']);
    expect(argv.join(' ')).toBe(`nsenter --target ${db} --mount --uts --ipc --net --pid ps aux`);
    expect({ title, how }).toEqual({ title: 'ps · db', how: 'nsenter' });
    const text = await output(id, /ps aux\s*\r\n/);
    const numbers = [...text.matchAll(/^\s*(\d+) /gm)].map(([, pid]) => Number(pid));
    expect(text).toMatch(/^\s*1 .*redis-server/m);
    expect(numbers.length).toBeLessThanOrEqual(3);
    expect((await ended(id)).ended).toMatchObject({ exitCode: 0, signal: null });
  });

  it('reads back the container’s inodes, and the host’s for the rest', async () => {
    const { id } = await start(['sh']);
    const { inside, before } = await until(id, (info) => info.inside !== null);
    for (const type of NAMESPACE_TYPES) {
      const whose = (FIVE as readonly string[]).includes(type) ? db : process.pid;
      expect(inside?.namespaces[type]).toBe(readlinkSync(`/proc/${whose}/ns/${type}`));
    }
    expect(before.net).not.toBe(inside?.namespaces.net);
    terminals.input(id, new TextEncoder().encode('exit 42\r'));
    expect((await ended(id)).ended).toMatchObject({ exitCode: 42 });
  });

  it('runs the host’s tools in the container’s network', async () => {
    const { id, argv } = await start(['sleep', '60'], { namespaces: ['net'] });
    expect(argv).toEqual(['nsenter', '--target', String(db), '--net', 'sleep', '60']);
    const { inside, before } = await until(id, (info) => info.inside !== null);
    expect(inside?.namespaces.net).toBe(readlinkSync(`/proc/${db}/ns/net`));
    expect(inside?.namespaces.mnt).toBe(before.mnt);
  });

  it('enters a namespace that has a file and no target', async () => {
    const file = `/proc/${db}/ns/uts`;
    const { id } = await start(['sleep', '60'], { target: null, namespaces: ['uts'], files: { uts: file } });
    const { inside } = await until(id, (info) => info.inside !== null);
    expect(inside?.namespaces.uts).toBe(readlinkSync(file));
  });

  it('enters every namespace by its file, and is then where the target is', async () => {
    const files = Object.fromEntries(NAMESPACE_TYPES.map((type) => [type, `/proc/${db}/ns/${type}`]));
    // The container is in the host's user namespace, which nobody may enter again.
    const namespaces = NAMESPACE_TYPES.filter((type) => type !== 'user');
    const { id, argv } = await start(['sleep', '60'], { target: null, namespaces, files });
    expect(argv.slice(1, 3)).toEqual([`--mount=/proc/${db}/ns/mnt`, `--uts=/proc/${db}/ns/uts`]);
    const { inside } = await until(id, (info) => info.inside !== null);
    expect(inside?.namespaces).toEqual(await namespacesOf(db));
  });

  it.each<[string, Partial<typeof NO_NSENTER>, string, string]>([
    ['-Z, where SELinux is off', { followContext: true }, 'echo here', 'here'],
    ['--preserve-credentials', { preserveCredentials: true }, 'id -u', '0'],
    ['-S and -G', { setuid: 12, setgid: 7 }, 'echo $(id -u) $(id -g)', '12 7'],
    ['-r and -w, the target’s own, without its mounts', { namespaces: ['uts'], root: true, wd: true }, 'pwd; ls /bin/redis-server /usr/bin/redis-server 2>/dev/null | head -n 1 | wc -l', '1'], // prettier-ignore
    ['-w of a directory outside', { namespaces: ['uts'], wd: '/proc' }, 'pwd', '/proc'],
    ['-W of a directory inside', { wdns: '/tmp' }, 'pwd', '/tmp'],
    ['-F without a PID namespace', { namespaces: ['net', 'uts'], noFork: true }, 'echo here', 'here'],
  ])('does as it is told: %s', async (_, options, script, said) => {
    const { id } = await start(['sh', '-c', `${script}; exit 3`], options);
    const text = await output(id, new RegExp(`(^|\\n)${said}\\r\\n`));
    expect(text).not.toMatch(/nsenter:/);
    expect((await ended(id)).ended).toMatchObject({ exitCode: 3 });
  });

  it('says that an image has no such program, in nsenter’s words and with its code', async () => {
    const { id } = await start(['no-such-shell']);
    await output(id, /failed to execute no-such-shell: No such file or directory/);
    expect((await ended(id)).ended).toMatchObject({ exitCode: 127 });
  });

  it('is refused where the advice says so', async () => {
    const own = await start(['true'], { namespaces: ['user'] });
    await output(own.id, /Invalid argument/);
    expect((await ended(own.id)).ended).toMatchObject({ exitCode: 1 });
    const both = await start(['true'], { wd: '/', wdns: '/' });
    await output(both.id, /mutually exclusive/);
  });

  it('stays in its PID namespace with --no-fork, as the advice says', async () => {
    const { id } = await start(['sleep', '60'], { noFork: true });
    const { inside, before } = await until(id, (info) => info.inside !== null);
    expect(inside?.namespaces.pid).toBe(before.pid);
    expect(inside?.namespaces.mnt).toBe(readlinkSync(`/proc/${db}/ns/mnt`));
  });

  it('has the host’s tools and the container’s processes in a debug shell, and says where its files are', async () => {
    const { options } = NSENTER_PRESETS.find(({ id }) => id === 'debug')!;
    expect(options.program).toEqual([...OWN_PROC, 'bash']);
    const look = 'ps -eo pid,comm; cat /proc/1/root/etc/hostname; echo so far; read -r; exit 4';
    const { id, title } = await start([...OWN_PROC, 'bash', '-c', look], { namespaces: options.namespaces });
    expect(title).toBe('bash · db');
    const text = await output(id, /so far/);
    const comms = [...text.matchAll(/^\s*\d+ (\S+)/gm)].map(([, comm]) => comm);
    // Others are what terminals before this one have started in it.
    expect(comms[0]).toBe('redis-server');
    expect(
      comms
        .slice(1)
        .filter((comm) => comm !== 'sleep' && comm !== 'sh')
        .sort(),
    ).toEqual(['bash', 'ps']);
    expect(text).toContain(readFileSync(`/proc/${db}/root/etc/hostname`, 'utf8').trim());
    const { inside, before } = await until(id, (info) => info.inside !== null);
    expect(inside?.comm).toBe('bash');
    expect(inside?.namespaces.pid).toBe(readlinkSync(`/proc/${db}/ns/pid`));
    expect([before.mnt, readlinkSync(`/proc/${db}/ns/mnt`)]).not.toContain(inside?.namespaces.mnt);
    terminals.input(id, new TextEncoder().encode('\r'));
    expect((await ended(id)).ended).toMatchObject({ exitCode: 4 });
  });

  it('enters all of them with --all', async () => {
    const { id } = await start(['sleep', '60'], { namespaces: [], all: true });
    const { inside } = await until(id, (info) => info.inside !== null);
    expect(inside?.namespaces).toEqual(await namespacesOf(db));
  });

  it('joins the container’s cgroups on request, and starts its program in them', async () => {
    const { id } = await start(['sleep', '60'], { namespaces: ['pid'], joinCgroups: true });
    const { inside } = await until(id, (info) => info.inside !== null);
    expect(inside?.comm).toBe('sleep');
    const cgroups = (pid: number | undefined) => readFileSync(`/proc/${pid}/cgroup`, 'utf8');
    expect(cgroups(inside?.pid)).toBe(cgroups(db));
    expect(cgroups(db)).not.toBe(cgroups(process.pid));
    expect(inside?.namespaces.pid).toBe(readlinkSync(`/proc/${db}/ns/pid`));
  });

  it('does not enter what has another’s number', async () => {
    await expect(start(['sh'], { target: `${db}@1` })).rejects.toMatchObject({ code: 'not-found' });
    expect(terminals.list()).toEqual([]);
  });

  it('ends when the container does, and does not start again in another', async () => {
    await lab.docker('run', '-d', '--name=short', 'redis:alpine');
    const pid = Number((await lab.docker('inspect', '-f', '{{.State.Pid}}', 'short')).stdout);
    const { id } = await start(['sh'], { target: keyOf(pid) });
    await until(id, (info) => info.inside !== null);
    await lab.docker('kill', 'short');
    expect((await ended(id)).ended).toMatchObject({ signal: 'SIGKILL' });
    await expect(terminals.restart(id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('offers all that the installed nsenter has', async () => {
    const { options } = await nsenterSupport();
    const offered = ['target', ...[...NSENTER_NAMESPACES, ...NSENTER_FLAGS].map(({ option }) => option)];
    // Joining cgroups is offered where nsenter cannot do it, too.
    const others = ['help', 'version', 'join-cgroup'];
    expect(options.length).toBeGreaterThan(15);
    expect(options.filter((option) => !offered.includes(option) && !others.includes(option))).toEqual([]);
  });
});
