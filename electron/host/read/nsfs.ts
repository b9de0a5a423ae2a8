/** Asking the kernel how namespaces are related; ioctl_ns(2), since Linux 4.9 and 4.11. */
import fs from 'node:fs';
import os from 'node:os';
import type { NamespaceId, Relation } from '../../../shared/model.ts';
import { namespaceOf } from '../parse/ns-link.ts';
import { encode } from './bytes.ts';
import { loadIoctl, type Ioctl } from './ioctl.ts';
import { openById } from './listns.ts';
import { openBySocket } from './socket-namespace.ts';

/** What the kernel answers about one namespace. */
export interface Asked {
  readonly id: NamespaceId;
  readonly owner: Relation;
  readonly parent: Relation;
  /** Creator of a user namespace, in the reader's numbering. */
  readonly ownerUid: number | null;
}

/** include/uapi/linux/nsfs.h */
const NS_GET_USERNS = 0xb701;
const NS_GET_PARENT = 0xb702;
const NS_GET_OWNER_UID = 0xb704;

/** Linux's value on every architecture Node runs on; `fs.constants` has it not. */
const O_PATH = 0o10000000;

/** The namespaces a machine starts with have these numbers; include/linux/proc_ns.h. Above them is nothing. */
const FIRST: ReadonlySet<string> = new Set(['user:[4026531837]', 'pid:[4026531836]']);

/** More levels than the kernel allows to nest (32, kernel/user_namespace.c), so that no answer can keep us going round. */
const LEVELS = 40;

/**
 * Asks about the namespace `id` that a path leads to, or that has this number (see {@link openById}), and about all above it
 * that are not `known`. Empty if the path leads to something else by now, or there is no ioctl. Nothing but a namespace is ever
 * opened: a path may be any file by then.
 */
export const askNamespace = (
  way: string | bigint,
  id: NamespaceId,
  known: (id: NamespaceId) => boolean,
): readonly Asked[] => {
  const ioctl = loadIoctl();
  if (ioctl === null) return [];
  const opened = typeof way === 'string' ? openNamespace(way, id) : openByNumber(way, id);
  if (opened === null) return [];
  const answers: Asked[] = [];
  const found = new Set<NamespaceId>([id]);
  const waiting: { id: NamespaceId; fd: number; level: number }[] = [];
  const ask = (at: NamespaceId, fd: number, level: number): void => {
    const above = (request: number, type: 'user' | 'pid'): Relation => {
      const result = ioctl.call(fd, request);
      if (result < 0) return FIRST.has(at) ? 'none' : result === -EPERM ? 'not-allowed' : 'unknown';
      const relative: NamespaceId = `${type}:[${fs.fstatSync(result).ino}]`;
      if (found.has(relative) || known(relative) || level >= LEVELS) ioctl.close(result);
      else {
        found.add(relative);
        waiting.push({ id: relative, fd: result, level: level + 1 });
      }
      return relative;
    };
    const user = at.startsWith('user:');
    const owner = above(NS_GET_USERNS, 'user');
    // The owner of a user namespace is its parent.
    const parent = user ? owner : at.startsWith('pid:') ? above(NS_GET_PARENT, 'pid') : 'none';
    answers.push({ id: at, owner, parent, ownerUid: user ? ownerUid(ioctl, fd) : null });
  };
  try {
    ask(id, opened, 0);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      try {
        ask(next.id, next.fd, next.level);
      } finally {
        ioctl.close(next.fd);
      }
    }
  } finally {
    fs.closeSync(opened);
    for (const { fd } of waiting) ioctl.close(fd);
  }
  return answers;
};

/**
 * The open file, if it is that namespace and we may open it. Close it. A socket's descriptor, `/proc/PID/fd/N`, leads to the
 * network namespace that the socket is in.
 */
export const openNamespace = (path: string, id: NamespaceId): number | null => {
  let place = -1;
  try {
    const [, pid, tid, fd] = id.startsWith('net:')
      ? (/^\/proc\/(\d+)(?:\/task\/(\d+))?\/fd\/(\d+)$/.exec(path) ?? [])
      : [];
    const inode = pid === undefined ? undefined : /^socket:\[(\d+)\]$/.exec(fs.readlinkSync(path))?.[1];
    if (inode !== undefined) {
      const ofThread = tid === undefined ? null : { tid: Number(tid) };
      return openBySocket(Number(pid), { fd: Number(fd), inode: Number(inode), ...ofThread }, id);
    }
    // A place in the tree, without opening what is there; then the very same thing, once we know what it is.
    place = fs.openSync(encode(path), O_PATH);
    const here = `/proc/self/fd/${place}`;
    if (fs.readlinkSync(here) !== id && fs.statSync(here).ino !== namespaceOf(id)?.inode) return null;
    if (!isNamespaceFile(here)) return null;
    return fs.openSync(here, fs.constants.O_RDONLY);
  } catch {
    return null;
  } finally {
    if (place >= 0) fs.closeSync(place);
  }
};

const openByNumber = (number: bigint, id: NamespaceId): number | null => {
  const opened = openById(number);
  if (opened === null || opened.id === id) return opened?.fd ?? null;
  fs.closeSync(opened.fd);
  return null;
};

/** NSFS_MAGIC of include/uapi/linux/magic.h. */
const NSFS_MAGIC = 0x6e736673;
const isNamespaceFile = (path: string): boolean => fs.statfsSync(path).type === NSFS_MAGIC;

const { EPERM } = os.constants.errno;

const ownerUid = (ioctl: Ioctl, fd: number): number | null => {
  const uid = new Uint32Array(1);
  return ioctl.call(fd, NS_GET_OWNER_UID, uid) < 0 ? null : (uid[0] ?? null);
};
