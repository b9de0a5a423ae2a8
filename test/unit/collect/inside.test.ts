/** What is inside a namespace, on machines that deny, lose and lie. */
import { describe, expect, it } from 'vitest';
import { readInside } from '../../../electron/host/collect/inside.ts';
import type { RunInside } from '../../../electron/host/collect/inside-child.ts';
import type { Space } from '../../../electron/host/collect/inside-way.ts';
import { PortholeError } from '../../../shared/frames.ts';
import type { Inside, Learned } from '../../../shared/inside.ts';
import { socketWhere } from '../../../shared/inside-words.ts';
import type { NamespaceFact, NamespaceId, NamespaceType } from '../../../shared/model.ts';
import { CapturedKernel } from '../../trees/captured-kernel.ts';
import { aProcess, aWorld } from '../shared/world.ts';

const NET: NamespaceId = 'net:[77]';
const INITIAL: NamespaceId = 'user:[4026531837]';
const fact = (id: NamespaceId, more: Partial<NamespaceFact> = {}): NamespaceFact => ({
  ...{ id, type: id.slice(0, id.indexOf(':')) as NamespaceType, inode: Number(/\d+/.exec(id)?.[0]) },
  ...{ owner: INITIAL, parent: 'none', ownerUid: null, binds: [], fds: [], ...more },
});

const HEAD = '  sl  local_address rem_address   st\n';
const tcp = (inode: number): string =>
  `   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1\n`;

/** Processes 10 and 11 are in the namespace, 12 is not. */
const machine = () => {
  const kernel = new CapturedKernel();
  for (const pid of [10, 11, 12]) {
    kernel.symlink(`/proc/${pid}/ns/net`, pid === 12 ? 'net:[1]' : NET);
    for (const name of ['tcp6', 'udp', 'udp6', 'route']) kernel.write(`/proc/${pid}/net/${name}`, HEAD);
    kernel.write(`/proc/${pid}/net/tcp`, HEAD + tcp(500) + tcp(501));
    kernel.write(`/proc/${pid}/net/unix`, 'Num       RefCount Protocol Flags    Type St Inode Path\n');
    kernel.write(`/proc/${pid}/net/dev`, 'a\nb\n    lo: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n');
    kernel.write(`/proc/${pid}/net/fib_trie`, '  |-- 127.0.0.1\n     /32 host LOCAL\n');
  }
  kernel.symlink('/proc/11/fd/3', 'socket:[500]');
  kernel.symlink('/proc/12/fd/4', 'socket:[501]');
  const processes = [10, 11, 12].map((pid) => aProcess({ pid, ns: pid === 12 ? { net: 1 } : { net: 77 } }));
  return { kernel, world: { ...aWorld(processes), namespaces: [fact(NET), fact(INITIAL)] } };
};

const asked: { spaces: readonly Space[]; argv: readonly string[] }[] = [];
const answering =
  (answer: Learned<string>): RunInside =>
  (spaces, argv) => {
    asked.push({ spaces, argv });
    return Promise.resolve(answer);
  };
const LATE: Learned<string> = { ok: false, why: 'late', words: 'nsenter did not answer within 5 s.' };

const read = async <T extends NamespaceType>(
  { kernel, world }: ReturnType<typeof machine>,
  id: NamespaceId,
  type: T,
  run: RunInside = answering(LATE),
) => {
  const { inside } = await readInside(kernel, world, id, null, run);
  expect(inside.type).toBe(type);
  return inside as Extract<Inside, { type: T }>;
};

describe('a network namespace', () => {
  it('names the members that hold a socket, and whoever else does', async () => {
    const { sockets } = await read(machine(), NET, 'net');
    expect(sockets.ok && sockets.value.listening.map(({ inode, holders }) => [inode, holders])).toEqual([
      [500, [11]],
      [501, [12]],
    ]);
  });

  it('counts the members whose open files are closed, so that nobody is not claimed', async () => {
    const here = machine();
    here.kernel.close('/proc/11/fd', 'denied');
    const { sockets } = await read(here, NET, 'net');
    expect(sockets).toMatchObject({ value: { closedMembers: 1, listening: [{ holders: [] }, { holders: [12] }] } });
  });

  it('still tells names and addresses when no child answers, and why it is not all', async () => {
    const { interfaces, partly, loose } = await read(machine(), NET, 'net');
    expect(interfaces).toMatchObject({ ok: true, value: [{ name: 'lo', mtuBytes: null, mac: null, state: null }] });
    expect(partly).toEqual(LATE);
    expect(loose).toEqual(['127.0.0.1']);
  });

  it('calls what is not in the form of ip malformed, and goes on without it', async () => {
    const { partly, interfaces } = await read(machine(), NET, 'net', answering({ ok: true, value: 'Usage: ip' }));
    expect(partly).toMatchObject({ why: 'malformed' });
    expect(interfaces.ok).toBe(true);
  });

  it('is not read of a pid that has become another’s', async () => {
    const here = machine();
    here.kernel.symlink('/proc/10/ns/net', 'net:[1]');
    here.kernel.write('/proc/10/net/tcp', HEAD + tcp(999));
    const { sockets } = await read(here, NET, 'net');
    expect(sockets.ok && sockets.value.listening.map(({ inode }) => inode)).toEqual([500, 501]);
  });

  it('is read of the next member where the first ends or leaves meanwhile: no empty list is made of it', async () => {
    for (const happens of [
      (kernel: CapturedKernel) => kernel.remove('/proc/10'),
      // Its number was given anew at once.
      (kernel: CapturedKernel) => kernel.symlink('/proc/10/ns/net', 'net:[1]'),
    ]) {
      const here = machine();
      for (const name of ['tcp', 'unix']) here.kernel.write(`/proc/10/net/${name}`, HEAD);
      here.kernel.before = (path) => {
        if (path === '/proc/10/net/udp') happens(here.kernel);
      };
      const { sockets } = await read(here, NET, 'net');
      expect(sockets.ok && sockets.value.listening.map(({ inode }) => inode)).toEqual([500, 501]);
    }
  });

  it('whose members all ended while they were read, is not said to be empty', async () => {
    const here = machine();
    here.kernel.before = (path) => {
      if (path.endsWith('/net/udp')) for (const pid of [10, 11]) here.kernel.remove(`/proc/${pid}`);
    };
    const { sockets, routes } = await read(here, NET, 'net');
    for (const part of [sockets, routes]) expect(part).toMatchObject({ ok: false, why: 'late' });
  });

  it('has what takes raw packets, and what listens by the rarer protocols, where this kernel has them', async () => {
    const here = machine();
    here.kernel.write('/proc/10/net/raw', HEAD + '  1: 00000000:0001 00000000:0000 07 0:0 0:0 0 0 0 700 2 0 0\n');
    here.kernel.write('/proc/10/net/udplite', HEAD + '  1: 0100007F:0063 00000000:0000 07 0:0 0:0 0 5 0 701 2 0 0\n');
    here.kernel.write(
      '/proc/10/net/packet',
      'sk RefCnt Type Proto Iface R Rmem User Inode\n0 3 3 0003 0 1 0 0 702\n0 3 3 0000 0 1 0 0 703\n',
    );
    here.kernel.write(
      '/proc/10/net/sctp/eps',
      ' ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\n0 0 2 10 29 99 0 704 127.0.0.1 fd00::1\n0 0 2 7 3 98 0 705 127.0.0.1\n',
    );
    const { sockets } = await read(here, NET, 'net');
    const told = sockets.ok ? sockets.value.listening.slice(2) : [];
    expect(told.map((one) => [one.inode, one.protocol, socketWhere(one)])).toEqual([
      [701, 'udplite', '127.0.0.1:99'],
      [700, 'raw', '0.0.0.0 IP protocol 1'],
      [704, 'sctp', '127.0.0.1:99'],
      [704, 'sctp', '[fd00::1]:99'],
      [702, 'packet', 'every packet'],
    ]);
  });

  it('reads what listens before it waits for any child', async () => {
    const here = machine();
    const order: string[] = [];
    here.kernel.before = (path) => void (path.endsWith('/net/tcp') && order.push('tcp'));
    await read(here, NET, 'net', (_, [program = '']) => {
      order.push(program);
      return Promise.resolve(LATE);
    });
    expect(order.slice(0, 2)).toEqual(['tcp', 'ip']);
  });

  it('that only a thread is in, is read by the thread’s own files and entered by its link', async () => {
    const { kernel, world } = machine();
    const at = '/proc/12/task/13';
    const held = {
      kernel,
      world: {
        ...world,
        namespaces: [...world.namespaces, fact('net:[88]', { threads: [{ pid: 12, tid: 13, link: 'net' }] })],
      },
    };
    kernel.symlink(`${at}/ns/net`, 'net:[88]');
    for (const name of ['tcp6', 'udp', 'udp6', 'unix']) kernel.write(`${at}/net/${name}`, HEAD);
    kernel.write(`${at}/net/tcp`, HEAD + tcp(501));
    asked.length = 0;
    const { sockets } = await read(held, 'net:[88]', 'net');
    expect(sockets.ok && sockets.value.listening.map(({ inode, holders }) => [inode, holders])).toEqual([[501, [12]]]);
    expect(asked[0]?.spaces).toEqual([{ id: 'net:[88]', type: 'net', path: `${at}/ns/net` }]);
  });

  it('is entered by its member’s file, and not at all where this program is in it', async () => {
    const here = machine();
    asked.length = 0;
    await read(here, NET, 'net');
    expect(asked[0]).toEqual({
      spaces: [{ id: NET, type: 'net', path: '/proc/10/ns/net', otherwise: ['/proc/11/ns/net'] }],
      argv: ['ip', '-json', '-details', '-statistics', 'address', 'show'],
    });
    here.kernel.symlink('/proc/self/ns/net', NET);
    await read(here, NET, 'net');
    expect(asked[1]?.spaces).toEqual([]);
  });

  it('without a way in says so, in every part', async () => {
    const { kernel, world } = machine();
    const lost = { kernel, world: { ...world, namespaces: [...world.namespaces, fact('net:[88]')] } };
    const told = await read(lost, 'net:[88]', 'net');
    for (const part of [told.interfaces, told.sockets, told.routes]) {
      expect(part).toMatchObject({
        ok: false,
        why: 'no-way',
        words: 'Nothing that this session may open leads into net:[88].',
      });
    }
  });

  it('is not entered by a mount that someone else might answer for', async () => {
    const { kernel, world } = machine();
    const bind = { path: '/hang/ns', pid: 12 };
    kernel.write('/proc/12/mountinfo', '1 0 8:1 / / rw - ext4 x rw\n2 1 0:9 / /hang rw - fuse.sshfs x rw\n');
    const held = {
      kernel,
      world: { ...world, namespaces: [...world.namespaces, fact('net:[88]', { binds: [bind] })] },
    };
    expect((await read(held, 'net:[88]', 'net')).interfaces).toMatchObject({ ok: false, why: 'no-way' });
    kernel.write('/proc/12/mountinfo', '1 0 8:1 / / rw - ext4 x rw\n2 1 0:4 net:[88] /hang/ns rw - nsfs nsfs rw\n');
    asked.length = 0;
    await read(held, 'net:[88]', 'net');
    expect(asked[0]?.spaces).toEqual([{ id: 'net:[88]', type: 'net', path: '/proc/12/root/hang/ns' }]);
  });
});

describe('the others', () => {
  it('say that mounts of a namespace without a process cannot be told, and run nothing in it', async () => {
    const { kernel, world } = machine();
    const empty = { kernel, world: { ...world, namespaces: [...world.namespaces, fact('mnt:[88]')] } };
    asked.length = 0;
    expect((await read(empty, 'mnt:[88]', 'mnt')).mounts).toMatchObject({ ok: false, why: 'no-way' });
    expect(asked).toEqual([]);
  });

  it('tell the mounts of a namespace that only a thread is in, as that thread sees them', async () => {
    const { kernel, world } = machine();
    kernel.symlink('/proc/12/task/13/ns/mnt', 'mnt:[88]');
    kernel.write('/proc/12/task/13/mountinfo', '1 0 8:1 / / rw - ext4 x rw\n');
    const threads = [{ pid: 12, tid: 13, link: 'mnt' }] as const;
    const held = { kernel, world: { ...world, namespaces: [...world.namespaces, fact('mnt:[88]', { threads })] } };
    expect(await read(held, 'mnt:[88]', 'mnt')).toMatchObject({ pid: 12, tid: 13, mounts: { value: [{ id: 1 }] } });
  });

  it('tell mounts first of a member that sees them all, and of one with another root say so', async () => {
    const here = machine();
    for (const pid of [10, 11]) {
      here.kernel.symlink(`/proc/${pid}/ns/mnt`, 'mnt:[55]');
      here.kernel.symlink(`/proc/${pid}/root`, pid === 10 ? '/jail' : '/');
      here.kernel.write(`/proc/${pid}/mountinfo`, `${pid} 0 8:1 / / rw - ext4 x rw\n`);
    }
    const processes = [10, 11].map((pid) => aProcess({ pid, ns: { mnt: 55 } }));
    const world = { ...aWorld(processes), namespaces: [fact('mnt:[55]')] };
    const told = await read({ ...here, world }, 'mnt:[55]', 'mnt');
    expect(told).toMatchObject({ pid: 11, mounts: { value: [{ id: 11 }] } });
    expect(told).not.toHaveProperty('root');
    const { inside } = await readInside(here.kernel, world, 'mnt:[55]', processes[0]!.key, answering(LATE));
    expect(inside).toMatchObject({ pid: 10, root: '/jail' });
  });

  it('tell the numbers of a pid namespace each by itself: one may be missing in this kernel', async () => {
    const here = machine();
    here.kernel.symlink('/proc/10/ns/pid', 'pid:[5]');
    const world = { ...aWorld([aProcess({ pid: 10, ns: { pid: 5 } })]), namespaces: [fact('pid:[5]')] };
    asked.length = 0;
    const told = await read({ ...here, world }, 'pid:[5]', 'pid', answering({ ok: true, value: '10\n32768\n' }));
    expect(told.pidMax).toEqual({ ok: true, value: 32768 });
    expect(told.lastPid).toMatchObject({ ok: false, why: 'absent' });
    expect(asked).toHaveLength(1);
  });

  it('ask a child for clocks where the members’ own children will be elsewhere', async () => {
    const here = machine();
    here.kernel.symlink('/proc/10/ns/time', 'time:[5]');
    const process = aProcess({ pid: 10, ns: { time: 5, time_for_children: 6 } });
    const world = { ...aWorld([process]), namespaces: [fact('time:[5]')] };
    const text = '/proc/self/timens_offsets\0monotonic 5 0\nboottime 0 0\n\0ok\0';
    expect((await read({ ...here, world }, 'time:[5]', 'time', answering({ ok: true, value: text }))).offsets).toEqual({
      ok: true,
      value: { monotonicNanos: '5000000000', boottimeNanos: '0' },
    });
  });

  it('say which call was denied', async () => {
    const here = machine();
    here.kernel.symlink('/proc/10/ns/mnt', 'mnt:[4026531001]');
    here.kernel.close('/proc/10/mountinfo', 'denied');
    const { mounts } = await read(here, 'mnt:[4026531001]', 'mnt');
    expect(mounts).toMatchObject({ ok: false, why: 'denied' });
    expect(mounts.ok ? '' : mounts.words).toContain('open("/proc/10/mountinfo"): EACCES');
  });

  it('find a cgroup namespace’s root by what a member is called on either side', async () => {
    const here = machine();
    here.kernel.symlink('/proc/10/ns/cgroup', 'cgroup:[4026531007]');
    here.kernel.write('/proc/10/cgroup', '0::/docker/a/sub\n1:cpu:/docker/a\n2:pids:/elsewhere\n');
    const from = (text: string) => answering({ ok: true, value: `/proc/10/cgroup\0${text}\0ok\0` });
    const { roots } = await read(here, 'cgroup:[4026531007]', 'cgroup', from('0::/sub\n1:cpu:/\n2:pids:/../x\n'));
    expect(roots).toEqual({
      ok: true,
      value: [
        { controllers: 'v2', root: '/docker/a' },
        { controllers: 'cpu', root: '/docker/a' },
        { controllers: 'pids', root: null },
      ],
    });
  });

  it('are not found where the world has none of that name', async () => {
    const { kernel, world } = machine();
    await expect(readInside(kernel, world, 'uts:[5]', null, answering(LATE))).rejects.toThrow(PortholeError);
  });
});
