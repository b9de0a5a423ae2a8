/**
 * listns(2): every namespace that is active, by the kernel's own list; Linux 6.19, include/uapi/linux/nsfs.h. Active is what a
 * task is in, an open file or a mount stands for, or another namespace is below: one that only a socket holds is not among them.
 * Its numbers are 64 bits, count up and are never used again; which namespace each is, an open file of it says, had by a file
 * handle that names nothing but that number (6.19; 6.18 wants type and inode beside it).
 */
import { createRequire } from 'node:module';
import fs from 'node:fs';
import os from 'node:os';
import type { NamespaceId } from '../../../shared/model.ts';
import { namespaceOf } from '../parse/ns-link.ts';

/** Each: the call's result, or its errno as a negative number. */
export interface NamespaceCalls {
  /** `request`: struct ns_id_req; `ids`: room for the answer. The number of ids written. */
  listns(request: Uint8Array, ids: BigUint64Array, flags: number): number;
  /** man 2 open_by_handle_at; `handle`: struct file_handle with what follows it. */
  openByHandle(mount: number, handle: Uint8Array, flags: number): number;
  /** Where /proc/self/fd/N points; `null` if nowhere. */
  target(fd: number): string | null;
  close(fd: number): void;
}

/** The same number on every architecture. */
const LISTNS = 470;
/** NS_ID_REQ_SIZE_VER0: size, spare, ns_id, ns_type, spare2, user_ns_id. */
const REQUEST_BYTES = 32;
/** A handle of nsfs says all by itself: no mount needs to be open; include/uapi/linux/fcntl.h. */
const FD_NSFS_ROOT = -10003;
/** include/linux/exportfs.h */
const FILEID_NSFS = 0xf1;
/** NSFS_FILE_HANDLE_SIZE_VER0: ns_id, ns_type, ns_inum. */
const HANDLE_BYTES = 16;

const IDS_AT_ONCE = 1024;
/** More are left out; the kernel allows far fewer (/proc/sys/user/max_*_namespaces). */
const MOST_IDS = 65_536;

/** Ascending; `null` where the kernel has no such call or does not answer. Of those this reader may see. */
export const listNamespaces = (calls: NamespaceCalls | null = loadCalls()): readonly bigint[] | null => {
  if (calls === null) return null;
  const request = new ArrayBuffer(REQUEST_BYTES);
  const [words, longs] = [new Uint32Array(request), new BigUint64Array(request)];
  const ids = new BigUint64Array(IDS_AT_ONCE);
  const all: bigint[] = [];
  words[0] = REQUEST_BYTES;
  while (all.length < MOST_IDS) {
    const count = calls.listns(new Uint8Array(request), ids, 0);
    if (count < 0) return null;
    for (const id of ids.subarray(0, count)) all.push(id);
    const last = all.at(-1);
    // What comes next is what is above the last one seen: a kernel that goes in a circle must not keep us.
    if (count < IDS_AT_ONCE || last === undefined || last <= longs[1]!) break;
    longs[1] = last;
  }
  return all;
};

/** Which namespace has this number; `null` if it is gone, or not to be opened by this reader. */
export const namespaceById = (id: bigint, calls: NamespaceCalls | null = loadCalls()): NamespaceId | null => {
  const opened = openById(id, calls);
  if (opened === null) return null;
  calls?.close(opened.fd);
  return opened.id;
};

/** The same, and its open file. Close it. */
export const openById = (
  id: bigint,
  calls: NamespaceCalls | null = loadCalls(),
): { readonly id: NamespaceId; readonly fd: number } | null => {
  if (calls === null) return null;
  const fd = calls.openByHandle(FD_NSFS_ROOT, nsfsHandle(id), fs.constants.O_RDONLY);
  if (fd < 0) return null;
  const named = namespaceOf(calls.target(fd) ?? '');
  if (named !== null) return { id: named.id, fd };
  calls.close(fd);
  return null;
};

/** struct file_handle and struct nsfs_file_handle after it; type (CLONE_NEW…) and inode both or neither. */
export const nsfsHandle = (id: bigint, type = 0, inode = 0): Uint8Array => {
  const buffer = new ArrayBuffer(8 + HANDLE_BYTES);
  const [words, longs] = [new Uint32Array(buffer), new BigUint64Array(buffer)];
  words.set([HANDLE_BYTES, FILEID_NSFS]);
  longs[1] = id;
  words.set([type, inode], 4);
  return new Uint8Array(buffer);
};

let loaded: NamespaceCalls | null | undefined;

/** `null` where the native part cannot be loaded. */
export const loadCalls = (): NamespaceCalls | null => {
  if (loaded === undefined) loaded = load();
  return loaded;
};

const load = (): NamespaceCalls | null => {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const libc = koffi.load(null);
    type Call<Args extends readonly unknown[]> = (...args: Args) => number;
    const syscall: Call<[number, Uint8Array, BigUint64Array, number, number]> = libc.func(
      'long syscall(long, const void *, void *, size_t, unsigned int)',
    );
    const open: Call<[number, Uint8Array, number]> = libc.func('int open_by_handle_at(int, void *, int)');
    const close: Call<[number]> = libc.func('int close(int)');
    const or = (result: number): number => (result >= 0 ? result : -koffi.errno());
    let has = true;
    return {
      listns: (request, ids, flags) => {
        if (!has) return -os.constants.errno.ENOSYS;
        const count = or(syscall(LISTNS, request, ids, ids.length, flags));
        has = count !== -os.constants.errno.ENOSYS;
        return count;
      },
      openByHandle: (mount, handle, flags) => or(open(mount, handle, flags)),
      target: (fd) => {
        try {
          return fs.readlinkSync(`/proc/self/fd/${fd}`);
        } catch {
          return null;
        }
      },
      close: (fd) => void close(fd),
    };
  } catch {
    return null;
  }
};
