/** The open files of one process, each with what the kernel tells of its kind. */
import os from 'node:os';
import {
  INET_TABLES,
  type OpenFile,
  type OpenFileKind,
  type OpenSocket,
  type ProcessFiles,
} from '../../../shared/process-account.ts';
import type { Process, Reading } from '../../../shared/model.ts';
import { etherTypeName, netlinkName, tcpState } from '../../../shared/process-account-words.ts';
import { parseFdinfo } from '../parse/fdinfo.ts';
import { parsed } from '../parse/format-error.ts';
import { parseNetInet } from '../parse/net-inet.ts';
import { parseNetNetlink, parseNetPacket } from '../parse/net-kernel.ts';
import { parseNetUnix } from '../parse/net-unix.ts';
import type { Directory, Kernel } from '../read/kernel.ts';
import { withEnds } from './file-ends.ts';

/** Two calls a file: as many take a tenth of a second. */
const MOST_FILES = 10_000;

export const readFiles = (
  directory: Directory,
  kernel: Kernel,
  pid: number,
  all: readonly Process[],
): Omit<ProcessFiles, 'key' | 'takenAt' | 'clock' | 'millis'> => {
  const names = directory.list('fd');
  if (!names.ok) return { files: names, left: 0, unseen: 0 };
  const fds = names.value.map(Number).sort((a, b) => a - b);
  const files = fds.slice(0, MOST_FILES).flatMap((fd): OpenFile | [] => {
    const target = directory.link(`fd/${fd}`);
    // Closed since the directory was read: it is not open.
    if (!target.ok && target.why === 'absent') return [];
    const state = parsed(directory.text(`fdinfo/${fd}`), parseFdinfo);
    return { fd, kind: kindOf(target), target, state, socket: null, ends: null };
  });
  const sockets = files.some(({ kind }) => kind === 'socket') ? readSockets(directory) : new Map<number, OpenSocket>();
  const known = files.map((file): OpenFile => ({ ...file, socket: sockets.get(socketInode(file)) ?? null }));
  const { files: ended, unseen } = withEnds(kernel, pid, known, all);
  const value = ended.map((file): OpenFile => {
    const remote = file.ends?.peer == null ? '' : (sockets.get(file.ends.peer)?.local ?? '');
    return file.socket === null || remote === '' ? file : { ...file, socket: { ...file.socket, remote } };
  });
  return { files: { ok: true, value }, left: Math.max(0, fds.length - MOST_FILES), unseen };
};

const ANONYMOUS: Readonly<Record<string, OpenFileKind>> = {
  'anon_inode:[eventfd]': 'eventfd',
  'anon_inode:[eventpoll]': 'epoll',
  'anon_inode:[timerfd]': 'timerfd',
  'anon_inode:[signalfd]': 'signalfd',
  'anon_inode:[pidfd]': 'pidfd',
  'anon_inode:inotify': 'inotify',
};

const kindOf = (target: Reading<string>): OpenFileKind => {
  if (!target.ok) return 'unread';
  const { value } = target;
  if (value.startsWith('socket:[')) return 'socket';
  if (value.startsWith('pipe:[')) return 'pipe';
  // Since Linux 6.9 a pidfd has an inode of its own.
  if (value.startsWith('pidfd:[')) return 'pidfd';
  if (/^(?:mnt|uts|ipc|net|pid|user|cgroup|time):\[\d+\]$/.test(value)) return 'namespace';
  if (value.startsWith('/memfd:')) return 'memfd';
  if (value.startsWith('/dmabuf:')) return 'dmabuf';
  if (value.startsWith('/dev/mqueue/')) return 'mqueue';
  // What is mounted below /dev by custom, with files in it and no devices.
  if (value.startsWith('/dev/') && !/^\/dev\/(?:shm|hugepages)(?:\/|$)/.test(value)) return 'device';
  if (value.startsWith('/')) return value.endsWith(' (deleted)') ? 'deleted' : 'file';
  return ANONYMOUS[value] ?? 'anonymous';
};

const socketInode = ({ kind, target }: OpenFile): number =>
  kind === 'socket' && target.ok ? Number(target.value.slice('socket:['.length, -1)) : -1;

/** By inode. Tables that this kernel or this session has not are left out. */
const readSockets = (directory: Directory): ReadonlyMap<number, OpenSocket> => {
  const found = new Map<number, OpenSocket>();
  const littleEndian = os.endianness() === 'LE';
  for (const protocol of INET_TABLES) {
    const rows = parsed(directory.text(`net/${protocol}`), (text) => parseNetInet(text, littleEndian));
    if (!rows.ok) continue;
    const where = (address: string, port: number): string =>
      protocol.endsWith('6') ? `[${address}]:${port}` : `${address}:${port}`;
    for (const { address, port, remoteAddress, remotePort, state, inode } of rows.value) {
      found.set(inode, {
        protocol,
        local: where(address, port),
        remote: /^[0.:]*$/.test(remoteAddress) && remotePort === 0 ? null : where(remoteAddress, remotePort),
        state: protocol.startsWith('tcp') ? tcpState(state) : null,
      });
    }
  }
  const unix = parsed(directory.text('net/unix'), parseNetUnix);
  for (const { inode, path, listening, unconnected } of unix.ok ? unix.value : []) {
    const state = listening ? 'LISTEN' : unconnected ? null : 'ESTABLISHED';
    found.set(inode, { protocol: 'unix', local: path ?? '', remote: null, state });
  }
  const netlink = parsed(directory.text('net/netlink'), parseNetNetlink);
  for (const { inode, protocol } of netlink.ok ? netlink.value : []) {
    found.set(inode, { protocol: 'netlink', local: netlinkName(protocol), remote: null, state: null });
  }
  const packet = parsed(directory.text('net/packet'), parseNetPacket);
  for (const { inode, protocol } of packet.ok ? packet.value : []) {
    found.set(inode, { protocol: 'packet', local: etherTypeName(protocol), remote: null, state: null });
  }
  return found;
};
