/**
 * The network namespace of an open socket, to which no path leads: a process may keep one alive by a socket alone, having made
 * it there and come back. A copy of the descriptor is taken by pidfd_getfd(2) (Linux 5.6; it needs what ptrace(2) needs), asked
 * by SIOCGSKNS (Linux 4.10; CAP_NET_ADMIN over that namespace) and closed at once.
 *
 * Not to be seen at all: sockets in messages that wait in a Unix socket (unix(7), SCM_RIGHTS), those that only io_uring or the
 * kernel itself holds. What they keep alive is found only if something else holds it as well.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import type { NamespaceId } from '../../../shared/model.ts';
import { loadIoctl } from './ioctl.ts';

/** An open file of a process that is a socket; `inode` is the number in `socket:[…]`. */
export interface OpenSocket {
  readonly fd: number;
  readonly inode: number;
  /** The thread in whose table it is, where that is not the first one's. */
  readonly tid?: number;
}

/** The same numbers on every architecture; include/uapi/asm-generic/unistd.h. */
const PIDFD_OPEN = 434;
const PIDFD_GETFD = 438;
/** Of one thread: include/uapi/linux/pidfd.h, Linux 6.9. */
const PIDFD_THREAD = 0o200;
/** include/uapi/linux/sockios.h */
const SIOCGSKNS = 0x894c;

type Syscall = (number: number, a: number, b: number, c: number) => number;
let loaded: Syscall | null | undefined;

export const loadSyscall = (): Syscall | null => {
  if (loaded !== undefined) return loaded;
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    loaded = koffi.load(null).func('long syscall(long, long, long, long)');
  } catch {
    loaded = null;
  }
  return loaded;
};

/** Of each socket its namespace; `null` where it is closed to this session, or no longer that socket. */
export const socketNamespaces = (pid: number, sockets: readonly OpenSocket[]): readonly (NamespaceId | null)[] => {
  const found: NamespaceId[] = [];
  const answers = sockets.map((): NamespaceId | null => null);
  withSockets(pid, sockets, (index, opened) => {
    const id: NamespaceId = `net:[${fs.fstatSync(opened).ino}]`;
    // One string for all that are in one namespace: a server has thousands of sockets.
    const same = found.find((known) => known === id);
    if (same === undefined) found.push(id);
    answers[index] = same ?? id;
  });
  return answers;
};

/** An open file of the namespace `id`, by way of a socket that is in it; `null` if that is not so. Close it. */
export const openBySocket = (pid: number, socket: OpenSocket, id: NamespaceId): number | null => {
  let own: number | null = null;
  withSockets(pid, [socket], (_, opened) => {
    // Opened anew by Node, which warns of what it closes without having opened it.
    if (`net:[${fs.fstatSync(opened).ino}]` === id) own = fs.openSync(`/proc/self/fd/${opened}`, fs.constants.O_RDONLY);
  });
  return own;
};

const withSockets = (
  pid: number,
  sockets: readonly OpenSocket[],
  use: (index: number, namespace: number) => void,
): void => {
  const syscall = loadSyscall();
  const ioctl = loadIoctl();
  if (syscall === null || ioctl === null) return;
  const pidfds = new Map<number, number>();
  const pidfdOf = (tid: number | undefined): number => {
    const known = pidfds.get(tid ?? pid);
    if (known !== undefined) return known;
    const pidfd = tid === undefined ? syscall(PIDFD_OPEN, pid, 0, 0) : syscall(PIDFD_OPEN, tid, PIDFD_THREAD, 0);
    pidfds.set(tid ?? pid, pidfd);
    return pidfd;
  };
  try {
    for (const [index, { fd, inode, tid }] of sockets.entries()) {
      const pidfd = pidfdOf(tid);
      if (pidfd < 0) continue;
      const copy = syscall(PIDFD_GETFD, pidfd, fd, 0);
      if (copy < 0) continue;
      try {
        // The number may stand for another file by now, and of no other anything is to be asked.
        const is = fs.fstatSync(copy);
        if (!is.isSocket() || is.ino !== inode) continue;
        const namespace = ioctl.call(copy, SIOCGSKNS);
        if (namespace < 0) continue;
        try {
          use(index, namespace);
        } finally {
          ioctl.close(namespace);
        }
      } finally {
        ioctl.close(copy);
      }
    }
  } finally {
    for (const pidfd of pidfds.values()) if (pidfd >= 0) ioctl.close(pidfd);
  }
};
