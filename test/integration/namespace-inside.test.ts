/** What is inside a namespace, held against ip, ss, findmnt and the namespaces themselves at the same moment. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Collector } from '../../electron/host/collect/collector.ts';
import { readInside } from '../../electron/host/collect/inside.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import type { Inside, NamespaceInside, NetInside } from '../../shared/inside.ts';
import { socketWhere } from '../../shared/inside-words.ts';
import type { NamespaceId, NamespaceType } from '../../shared/model.ts';
import { mountTree } from '../../shared/mounts.ts';
import { routeWords } from '../../shared/route-words.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { buildCli, porthole, run } from './cli-run.ts';

const isRoot = process.getuid?.() === 0;
const reason = await labUnavailable();
const kernel = new LinuxKernel();

const said = (...argv: string[]): string => execFileSync(argv[0]!, argv.slice(1), { encoding: 'utf8' });
const link = (pid: number | string, type: NamespaceType): NamespaceId =>
  fs.readlinkSync(`/proc/${pid}/ns/${type}`) as NamespaceId;
const inside = async <T extends NamespaceType>(id: NamespaceId, type: T): Promise<Extract<Inside, { type: T }>> => {
  const { inside: told } = await readInside(kernel, new Collector(kernel).collect([], []), id);
  expect(told.type).toBe(type);
  return told as Extract<Inside, { type: T }>;
};

interface IpLink {
  readonly ifindex: number;
  readonly ifname: string;
  readonly link_index?: number;
  readonly mtu: number;
  readonly address: string;
  readonly operstate: string;
  readonly addr_info: readonly { local: string; prefixlen: number; scope: string }[];
}
/** As ip says it, by the options of nsenter that lead there. */
const ipAddresses = (...where: string[]) =>
  (JSON.parse(said('nsenter', ...where, 'ip', '-json', 'address')) as IpLink[]).map((one) => ({
    name: one.ifname,
    ifindex: one.ifindex,
    mtuBytes: one.mtu,
    state: one.operstate,
    addresses: one.addr_info.map(({ local, prefixlen, scope }) => `${local}/${prefixlen} ${scope}`),
  }));
/** One route a line, with the ways of those that have several. */
const ipRoutes = (...where: string[]): string[] =>
  (['-4', '-6'] as const).flatMap((family) =>
    said('nsenter', ...where, 'ip', family, '-oneline', 'route', 'show', 'table', 'all')
      .split('\n')
      .map((line) => line.replaceAll('\\', ' ').replaceAll(/\s+/g, ' ').trim())
      .filter((line) => line !== ''),
  );
const ours = ({ interfaces }: NetInside) => {
  if (!interfaces.ok) throw new Error(interfaces.words);
  return interfaces.value.map(({ name, ifindex, mtuBytes, state, addresses }) => ({
    ...{ name, ifindex, mtuBytes, state },
    addresses: addresses.map(({ address, prefix, scope }) => `${address}/${prefix} ${scope}`),
  }));
};
/** `tcp 0.0.0.0:6379 21801 21803` */
const ssSockets = (...where: string[]): string[] =>
  said('nsenter', ...where, 'ss', '-H', '-ltunp')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [protocol = '', , , , address = ''] = line.split(/\s+/);
      const six = address.startsWith('[') || address.startsWith('*');
      const pids = [...line.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid)).sort((a, b) => a - b);
      return [protocol + (six ? '6' : ''), address.replace(/^\*/, '[::]'), ...pids].join(' ');
    })
    .sort();
const ourSockets = ({ sockets }: NetInside): string[] => {
  if (!sockets.ok) throw new Error(sockets.words);
  return sockets.value.listening
    .filter(({ protocol }) => protocol !== 'unix')
    .map((one) => [one.protocol, socketWhere(one), ...[...one.holders].sort((a, b) => a - b)].join(' '))
    .sort();
};

describe.skipIf(reason !== null)(
  `the network of containers${reason === null ? '' : ` (cannot run: ${reason})`}`,
  () => {
    let lab: Lab;
    const pids: Record<string, string> = {};
    const net = (): Promise<NetInside> => inside(link(pids['db']!, 'net'), 'net');

    beforeAll(async () => {
      lab = await startLab();
      await lab.docker('run', '-d', '--name=db', 'redis:alpine');
      await lab.docker('run', '-d', '--name=web', '--net=container:db', 'nginx:alpine');
      for (const name of ['db', 'web'])
        pids[name] = (await lab.docker('inspect', '-f', '{{.State.Pid}}', name)).stdout.trim();
      await vi.waitUntil(() => ssSockets('-t', pids['db']!, '-n').length > 2, { timeout: 20_000 });
    });
    afterAll(() => lab?.down());

    it('has the interfaces and addresses that ip shows in it', async () => {
      expect(ours(await net())).toEqual(ipAddresses('-t', pids['db']!, '-n'));
    });

    it('leads by its pair to the namespace of the engine’s bridge, to the interface whose other end it is', async () => {
      const { interfaces } = await net();
      const eth0 = interfaces.ok ? interfaces.value.find(({ name }) => name === 'eth0') : undefined;
      expect(eth0).toMatchObject({ kind: 'veth', peer: { namespace: link(lab.pid(), 'net') } });
      const there = JSON.parse(said('nsenter', '-t', String(lab.pid()), '-n', 'ip', '-json', 'link')) as IpLink[];
      expect(there.find(({ ifindex }) => ifindex === eth0?.peer?.ifindex)?.link_index).toBe(eth0?.ifindex);
      const back = await inside(link(lab.pid(), 'net'), 'net');
      const veth = back.interfaces.ok ? back.interfaces.value.find(({ kind }) => kind === 'veth') : undefined;
      expect(veth).toMatchObject({
        master: 'docker0',
        peer: { namespace: link(pids['db']!, 'net'), ifindex: eth0?.ifindex },
      });
    });

    it('has the sockets that ss shows, each held by the same processes of both containers', async () => {
      const told = ourSockets(await net());
      expect(told).toEqual(ssSockets('-t', pids['db']!, '-n'));
      expect(told.join('\n')).toContain(`:6379 ${pids['db']}`);
      expect(told.join('\n')).toContain(`:80 ${pids['web']}`);
    });

    it('has the routes of ip', async () => {
      const { routes } = await net();
      expect(routes.ok ? routes.value.map(routeWords) : []).toEqual(ipRoutes('-t', pids['db']!, '-n'));
    });

    it('shows a container’s root as an overlay, every mount as findmnt does', async () => {
      const { mounts } = await inside(link(pids['db']!, 'mnt'), 'mnt');
      expect(mounts.ok && mounts.value.find(({ mountPoint }) => mountPoint === '/')?.type).toBe('overlay');
      agreesWithFindmnt(mounts.ok ? mountTree(mounts.value) : [], pids['db']!);
    });

    it('knows its host name', async () => {
      expect((await inside(link(pids['db']!, 'uts'), 'uts')).names).toMatchObject({
        value: { hostname: said('nsenter', '-t', pids['db']!, '-u', 'hostname').trim() },
      });
    });
  },
);

interface Found {
  readonly id: number;
  readonly parent: number;
  readonly target: string;
  readonly fstype: string;
  readonly propagation: string;
}
const agreesWithFindmnt = (nodes: ReturnType<typeof mountTree>, pid: string): void => {
  const { filesystems } = JSON.parse(
    said('findmnt', '-J', '-l', '-N', pid, '-o', 'ID,PARENT,TARGET,FSTYPE,PROPAGATION'),
  ) as { filesystems: Found[] };
  const theirs = new Map(filesystems.map((one) => [one.id, one]));
  expect(nodes.map(({ mount }) => mount.id).sort()).toEqual([...theirs.keys()].sort());
  for (const { mount } of nodes) {
    const { parent, target, fstype, propagation } = theirs.get(mount.id)!;
    expect([mount.parent, mount.mountPoint, mount.type]).toEqual([parent, target, fstype]);
    expect([mount.shared !== null, mount.master !== null, mount.unbindable], propagation).toEqual([
      propagation.includes('shared'),
      propagation.includes('slave'),
      propagation.includes('unbindable'),
    ]);
  }
};

const ROUTES = [
  'route add blackhole 10.9.0.0/16',
  'route add prohibit 10.8.0.0/16',
  'route add unreachable 10.7.0.0/16',
  'route add throw 10.6.0.0/16 table 100',
  'route add default proto static nexthop via 10.9.8.1 dev blue weight 2 nexthop via 10.9.8.2 dev blue weight 1',
  '-6 route add unreachable default metric 1024',
  '-6 route add blackhole fd01::/64 table 100',
  '-6 route add prohibit fd02::/64',
  'rule add from 10.1.0.0/24 table 100 priority 500',
  '-6 rule add to fd03::/64 fwmark 0x1 lookup 100 priority 700',
].map((line) => line.split(' '));

/** A table with a mount over a mount, one over a folder that has a mount in it, and every kind of propagation. */
const MOUNTS = `
  mount -t tmpfs first /mnt && mkdir -p /mnt/x/y && mount -t tmpfs second /mnt/x/y && mount -t tmpfs third /mnt/x
  mkdir /mnt/s /mnt/u && mount -t tmpfs four /mnt/s && mount --make-shared /mnt/s && mount --bind /mnt/s /mnt/u
  mount --make-slave /mnt/u; mount -t tmpfs five /srv; mount -t tmpfs six /srv; mount --make-unbindable /srv
  echo ready; exec cat`;

describe.skipIf(!isRoot)(`namespaces of our own${isRoot ? '' : ' (cannot run: making namespaces needs root)'}`, () => {
  let child: ChildProcess;
  let dir: string;
  let file: string;
  let id: NamespaceId;
  const pid = (): string => String(child.pid);

  beforeAll(async () => {
    buildCli();
    child = spawn('unshare', ['--mount', '--uts', '--ipc', '--propagation', 'private', 'sh', '-c', MOUNTS], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(createInterface(child.stdout!), 'line');
    dir = fs.mkdtempSync(join(tmpdir(), 'porthole-inside-'));
    fs.chmodSync(dir, 0o755);
    file = join(dir, 'net');
    fs.writeFileSync(file, '');
    said('unshare', `--net=${file}`, 'ip', 'link', 'set', 'lo', 'up');
    const there = (...args: string[]) => said('nsenter', `--net=${file}`, 'ip', ...args);
    there('link', 'add', '\u001b[31mred', 'type', 'veth', 'peer', 'name', 'blue');
    there('address', 'add', '10.9.8.7/24', 'dev', 'blue');
    there('link', 'set', 'blue', 'up');
    there('link', 'set', '\u001b[31mred', 'up');
    id = `net:[${fs.statSync(file).ino}]`;
  });
  afterAll(async () => {
    if (file) {
      said('umount', file);
      fs.rmSync(dir, { recursive: true });
    }
    child?.stdin!.end();
    if (child?.exitCode === null) await once(child, 'close');
  });

  it('tells of one that only a bind mount holds what ip tells of it', async () => {
    const told = await inside(id, 'net');
    // What ip says of the red one is no JSON: the escape character in its name stands there as it is.
    const theirs = said('nsenter', `--net=${file}`, 'ip', '-o', 'address', 'show', 'dev', 'blue');
    const blueHere = ours(told).find(({ name }) => name === 'blue');
    expect(blueHere?.ifindex).toBe(Number(/^\d+/.exec(theirs)?.[0]));
    expect(theirs).toContain('inet 10.9.8.7/24');
    expect(
      ours(told)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['\u001b[31mred', 'blue', 'lo']);
    expect(blueHere?.addresses).toContain('10.9.8.7/24 global');
    const blue = told.interfaces.ok ? told.interfaces.value.find(({ name }) => name === 'blue') : undefined;
    expect(blue?.peer?.namespace).toBe(id);
    expect(told.sockets).toMatchObject({ ok: true, value: { listening: [], connections: 0 } });
  });

  it('has every route and rule that ip shows, of every table, with what each does', async () => {
    const there = (...args: string[]) => said('nsenter', `--net=${file}`, 'ip', ...args);
    const undo = ROUTES.map((argv) => {
      there(...argv);
      return argv.map((word) => (word === 'add' ? 'delete' : word));
    });
    try {
      const { routes, rules, routesPartly } = await inside(id, 'net');
      expect(routesPartly).toBeNull();
      const told = routes.ok ? routes.value.map(routeWords) : [];
      expect(told).toEqual(ipRoutes(`--net=${file}`));
      for (const words of ['blackhole 10.9.0.0/16', 'prohibit 10.8.0.0/16', 'throw 10.6.0.0/16 table 100'])
        expect(told).toContain(words);
      expect(told.join('\n')).toMatch(/^unreachable default dev lo metric 1024 pref medium$/m);
      expect(told.join('\n')).toMatch(/^default proto static nexthop via 10\.9\.8\.1 dev blue weight 2 nexthop via/m);
      const lines = (['-4', '-6'] as const).flatMap((family) => there(family, 'rule').trimEnd().split('\n'));
      expect(rules.ok ? rules.value.map(({ priority, words }) => `${priority}:\t${words}`) : []).toEqual(
        lines.map((line) => line.trimEnd()),
      );
      expect((await porthole(['ns', id])).stdout).toContain('\nIPv4 500    from 10.1.0.0/24 lookup 100\n');
    } finally {
      for (const argv of undo) there(...argv);
    }
  });

  it('leads by a pair from one that only a bind mount holds to another such', async () => {
    const other = join(dir, 'other');
    fs.writeFileSync(other, '');
    said('unshare', `--net=${other}`, 'true');
    const mover = spawn('nsenter', [`--net=${other}`, 'sh', '-c', 'echo ready; exec cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      await once(createInterface(mover.stdout), 'line');
      said('nsenter', `--net=${file}`, ...['ip', 'link', 'add', 'here', 'type', 'veth', 'peer', 'name', 'there', 'netns', String(mover.pid)]); // prettier-ignore
      mover.stdin.end();
      await once(mover, 'close');
      const otherId: NamespaceId = `net:[${fs.statSync(other).ino}]`;
      const peerOf = ({ interfaces }: NetInside, name: string) =>
        interfaces.ok ? interfaces.value.find((one) => one.name === name)?.peer?.namespace : undefined;
      expect(peerOf(await inside(id, 'net'), 'here')).toBe(otherId);
      expect(peerOf(await inside(otherId, 'net'), 'there')).toBe(id);
    } finally {
      said('nsenter', `--net=${file}`, 'ip', 'link', 'delete', 'here');
      said('umount', other);
    }
  });

  it('leaves what it entered as it was: no child stays', async () => {
    await inside(id, 'net');
    const members = fs.readdirSync('/proc').filter((name) => {
      try {
        return /^\d+$/.test(name) && link(name, 'net') === id;
      } catch {
        return false;
      }
    });
    expect(members).toEqual([]);
  });

  it('says that ip is missing, and still tells names, counters and addresses', async () => {
    const bin = join(dir, 'bin');
    fs.mkdirSync(bin);
    for (const program of ['nsenter', 'sh', 'cat']) fs.symlinkSync(said('which', program).trim(), join(bin, program));
    const path = process.env['PATH'];
    process.env['PATH'] = bin;
    try {
      const told = await inside(id, 'net');
      expect(told.partly).toEqual({
        ...{ ok: false, why: 'no-program' },
        words: 'The program ip is not installed (Debian package iproute2).',
      });
      expect(
        ours(told)
          .map(({ name }) => name)
          .sort(),
      ).toEqual(['\u001b[31mred', 'blue', 'lo']);
      expect(told.loose).toContain('10.9.8.7');
      expect(told.routesPartly).toEqual(told.partly);
      expect(told.routes.ok && told.routes.value.map(routeWords)).toContain('10.9.8.0/24 dev blue');
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('has every mount of findmnt, and marks as hidden exactly those that no path leads to', async () => {
    const { mounts, pid: of } = await inside(link(pid(), 'mnt'), 'mnt');
    expect(of).toBe(child.pid);
    const nodes = mounts.ok ? mountTree(mounts.value) : [];
    agreesWithFindmnt(nodes, pid());
    const hidden = nodes.filter(({ hiddenBy }) => hiddenBy !== null).map(({ mount }) => mount.source);
    expect(hidden).toEqual(expect.arrayContaining(['second', 'five']));
    for (const { mount, hiddenBy } of nodes) {
      const reached = mountAt(`/proc/${pid()}/root${mount.mountPoint}`);
      // A mount whose mount point was since removed or whose path is closed cannot be asked.
      if (reached !== null)
        expect([mount.mountPoint, reached === mount.id]).toEqual([mount.mountPoint, hiddenBy === null]);
    }
  });

  it('counts System V objects as ipcs does, and POSIX queues with their names', async () => {
    said('nsenter', '-t', pid(), '--ipc', 'ipcmk', '-M', '8192', '-Q', '-S', '3');
    said(
      'nsenter',
      '-t',
      pid(),
      '--ipc',
      'unshare',
      '--mount',
      'sh',
      '-c',
      'mount -t mqueue none /tmp && : > "/tmp/a b"',
    );
    const told = await inside(link(pid(), 'ipc'), 'ipc');
    expect(told.shm).toMatchObject({ ok: true, value: [{ size: 8192, used: 0 }] });
    expect(told.sem).toMatchObject({ ok: true, value: [{ size: 3 }] });
    expect(told.msg).toMatchObject({ ok: true, value: [{ size: 0, used: 0 }] });
    expect(told.queues).toEqual({ ok: true, value: [{ name: 'a b', bytes: 0 }] });
    const here = await inside(link('self', 'ipc'), 'ipc');
    expect(here.queues.ok && here.queues.value.some(({ name }) => name === 'a b')).toBe(false);
  });

  it('tells names, numbers, maps, roots and clocks as one who is in it finds them', async () => {
    const flags = ['--pid', '--fork', '--time', '--user', '--map-root-user', '--cgroup', '--monotonic', '86400'];
    const outer = spawn('unshare', [...flags, 'sh', '-c', 'echo ready; exec cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      await once(createInterface(outer.stdout!), 'line');
      const [inner] = fs.readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8').trim().split(' ');
      expect((await inside(link(inner!, 'time'), 'time')).offsets).toEqual({
        ok: true,
        value: { monotonicNanos: '86400000000000', boottimeNanos: '0' },
      });
      expect(await inside(link(inner!, 'user'), 'user')).toMatchObject({
        uidMap: { value: [{ inside: 0, outside: 0, count: 1 }] },
        setgroups: { value: 'deny' },
      });
      const numbers = await inside(link(inner!, 'pid'), 'pid');
      const max = Number(said('nsenter', '-t', inner!, '--pid', 'cat', '/proc/sys/kernel/pid_max'));
      expect(numbers.pidMax).toEqual({ ok: true, value: max });
      expect(numbers.lastPid).toMatchObject({ ok: true });
      const { roots } = await inside(link(inner!, 'cgroup'), 'cgroup');
      const own = fs.readFileSync(`/proc/${inner}/cgroup`, 'utf8').trimEnd().split('\n');
      expect(roots.ok && roots.value.map(({ root }) => root)).toEqual(
        own.map((line) => line.slice(line.indexOf(':/') + 1)),
      );
    } finally {
      outer.stdin!.end();
      await once(outer, 'close');
    }
  });

  it('tells mounts and binds of a mount namespace that nobody is in, and runs nothing there', async () => {
    const place = join(dir, 'private');
    fs.mkdirSync(place);
    said('mount', '-t', 'tmpfs', 'none', place);
    try {
      said('mount', '--make-private', place);
      const mnt = join(place, 'mnt');
      fs.writeFileSync(mnt, '');
      const script = `mount -t tmpfs only-there /mnt && : > /mnt/uts && unshare --uts=/mnt/uts true && readlink /proc/self/ns/mnt && stat -c %i /mnt/uts`;
      const [mntId, uts] = said('unshare', `--mount=${mnt}`, 'sh', '-c', script).trim().split('\n') as [NamespaceId, string]; // prettier-ignore
      const told = await inside(mntId, 'mnt');
      expect(told.pid).toBeNull();
      const targets = said('nsenter', `--mount=${mnt}`, 'findmnt', '-lno', 'ID');
      const ids = targets.trim().split(/\s+/).map(Number);
      expect(told.mounts.ok && told.mounts.value.map((mount) => mount.id).sort()).toEqual(ids.sort());
      expect(told.mounts.ok && told.mounts.value.some(({ source }) => source === 'only-there')).toBe(true);
      const bound = new Collector(kernel).collect([], []).namespaces.find((fact) => fact.id === `uts:[${uts}]`);
      expect(bound?.binds).toEqual([{ path: '/mnt/uts', pid: null, mnt: mntId }]);
      expect((await porthole(['ns', `uts:[${uts}]`])).stdout).toContain(`HELD BY\nmount /mnt/uts in ${mntId}\n`);
    } finally {
      said('umount', '--recursive', place);
    }
  });

  it('tells mounts of a member that sees them all, though an older one has another root', async () => {
    const script = 'mount --bind / /mnt && mount -t tmpfs beside /srv; sleep 1000 & echo $!; exec chroot /mnt cat';
    const jailed = spawn('unshare', ['--mount', 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [free] = (await once(createInterface(jailed.stdout), 'line')) as [string];
    try {
      await expect.poll(() => fs.readlinkSync(`/proc/${jailed.pid}/root`), { timeout: 20_000 }).toBe('/mnt');
      const told = await inside(link(jailed.pid!, 'mnt'), 'mnt');
      expect([told.pid, told.root]).toEqual([Number(free), undefined]);
      expect(told.mounts.ok && told.mounts.value.some(({ source }) => source === 'beside')).toBe(true);
      const key = new Collector(kernel).collect([], []).processes.find(({ pid: one }) => one === jailed.pid)!.key;
      const own = await readInside(kernel, new Collector(kernel).collect([], []), link(jailed.pid!, 'mnt'), key);
      expect(own.inside).toMatchObject({ pid: jailed.pid, root: '/mnt' });
    } finally {
      process.kill(Number(free));
      jailed.stdin.end();
      await once(jailed, 'close');
    }
  });

  it('says of the maps of one’s own user namespace that they are in the numbers of its parent', async () => {
    const script = `exec ${process.execPath} dist/cli.js ns "$(readlink /proc/self/ns/user)"`;
    const { stdout } = await run(['unshare', '--user', '--map-root-user', 'sh', '-c', script]);
    expect(stdout).toContain('USERS\n0 inside is 0 in its parent\n');
    // As one sees it who is in that parent.
    const child = spawn('unshare', ['--user', '--map-root-user', 'sh', '-c', 'echo ready; exec cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      await once(createInterface(child.stdout), 'line');
      expect(await inside(link(child.pid!, 'user'), 'user')).toMatchObject({ outside: 'reader' });
    } finally {
      child.stdin.end();
      await once(child, 'close');
    }
  });

  it('is answered by porthole ns, and a namespace that is not there by one line', async () => {
    const { code, stdout } = await porthole(['ns', id]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n +\d+ +blue +veth +up +1500 .*10\.9\.8\.7\/24/);
    expect(stdout).toContain('\\e[31mred');
    expect(await porthole(['ns', 'net:[1]'])).toMatchObject({ code: 1, stderr: 'porthole ns: there is no net:[1]\n' });
    expect(await porthole(['ns', 'net'])).toMatchObject({ code: 2 });
  });

  it('says of a process and of a user whether they may enter, as the kernel says to those who try', async () => {
    const as = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const other = spawn(as[0]!, [...as.slice(1), 'sh', '-c', 'echo ready; exec cat'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      await once(createInterface(other.stdout), 'line');
      const mnt = link(pid(), 'mnt');
      const asked = async (who: string) =>
        (JSON.parse((await porthole(['ns', mnt, '--as', who, '--json'])).stdout) as { enter: object }).enter;
      const user = link('self', 'user');
      const lacks = `lacks CAP_SYS_ADMIN and CAP_SYS_CHROOT in ${user} (EPERM).`;
      expect(await asked(String(other.pid))).toEqual({ can: 'no', words: `cat ${other.pid} ${lacks}` });
      expect(await asked('uid:65534')).toMatchObject({ can: 'no', words: expect.stringContaining(lacks) as string });
      // Given the open file, it still may not: the kernel asks for the capabilities, not for the path.
      const tried = await run(['sh', '-c', `exec 5</proc/${pid()}/ns/mnt; exec "$@"`, 'sh', ...as, 'nsenter', '--mount=/proc/self/fd/5', 'true']); // prettier-ignore
      expect(tried).toMatchObject({ code: 1, stderr: expect.stringContaining('not permitted') as string });
      expect(await asked(pid())).toMatchObject({ can: 'yes' });
      expect(await porthole(['ns', mnt, '--as', 'no such user'])).toMatchObject({ code: 1 });
    } finally {
      other.stdin.end();
      await once(other, 'close');
    }
  });

  it('says to an ordinary user which capability would be needed, and reads its own without entering', async () => {
    const nobody = [
      'setpriv',
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      process.execPath,
      'dist/cli.js',
      'ns',
    ];
    const bound = await run([...nobody, id, '--json']);
    const told = (JSON.parse(bound.stdout) as NamespaceInside).inside as NetInside;
    expect(told.interfaces).toMatchObject({ ok: false, why: 'refused' });
    expect(told.interfaces.ok ? '' : told.interfaces.words).toContain('CAP_SYS_ADMIN');
    const own = await run([...nobody, link('self', 'net'), '--json']);
    const mine = (JSON.parse(own.stdout) as NamespaceInside).inside as NetInside;
    expect(ours(mine).map(({ name }) => name)).toEqual(
      (JSON.parse(said('ip', '-json', 'address')) as IpLink[]).map(({ ifname }) => ifname),
    );
    expect(mine.sockets.ok).toBe(true);
  });
});

/** Which mount a path leads to; `null` if it leads nowhere. */
const mountAt = (path: string): number | null => {
  let fd: number;
  try {
    // O_PATH: nothing is opened, no device touched, no automount woken.
    fd = fs.openSync(path, 0o10000000 | fs.constants.O_NOFOLLOW);
  } catch {
    return null;
  }
  try {
    return Number(/^mnt_id:\s+(\d+)/m.exec(fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1]);
  } finally {
    fs.closeSync(fd);
  }
};
