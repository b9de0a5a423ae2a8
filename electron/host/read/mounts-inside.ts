/**
 * The mount table of a mount namespace that nobody is in: only who is in it is shown its mounts, and no program of it is to be
 * run. A short-lived child of ours goes in and reads its own table through a /proc that it opened before: setns(2),
 * proc_pid_mountinfo(5). It has one thread that asks, for each has a root of its own there (unshare(CLONE_FS)).
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import fs from 'node:fs';
import type { NamespaceId } from '../../../shared/model.ts';
import { decode } from './bytes.ts';
import { openNamespace } from './nsfs.ts';

/** Takes the path of koffi and descriptors of mount namespaces; says of each its table, NUL, `ok` or `no`, NUL. */
const PROGRAM = `
const fs = require('node:fs');
const libc = require(process.argv[1]).load(null);
const unshare = libc.func('int unshare(int)');
const setns = libc.func('int setns(int, int)');
const openat = libc.func('int openat(int, str, int)');
const CLONE_FS = 0x200, CLONE_NEWNS = 0x20000;
const proc = fs.openSync('/proc', 'r');
const write = (bytes) => { for (let at = 0; at < bytes.length; ) at += fs.writeSync(1, bytes, at); };
for (const fd of process.argv.slice(2).map(Number)) {
  const entered = unshare(CLONE_FS) === 0 && setns(fd, CLONE_NEWNS) === 0;
  const file = entered ? openat(proc, 'thread-self/mountinfo', 0) : -1;
  if (file >= 0) write(fs.readFileSync(file));
  write(Buffer.from(file >= 0 ? '\\0ok\\0' : '\\0no\\0'));
}`;

/** What runs it with these descriptors; `null` where the native part cannot be found. Electron's own binary is a Node when told so. */
export const mountsArgv = (fds: readonly number[]): readonly string[] | null => {
  try {
    const koffi = createRequire(import.meta.url).resolve('koffi');
    return [process.execPath, '-e', PROGRAM, koffi, ...fds.map(String)];
  } catch {
    return null;
  }
};
export const MOUNTS_ENV = { ELECTRON_RUN_AS_NODE: '1' };

/** Of each descriptor its table; `null` where it could not be entered. */
export const mountsTold = (output: string): readonly (string | null)[] => {
  const parts = output.split('\0');
  const tables: (string | null)[] = [];
  for (let at = 0; at + 2 < parts.length; at += 2) tables.push(parts[at + 1] === 'ok' ? parts[at]! : null);
  return tables;
};

/** Node alone takes 50 ms to start, on a busy machine far more. */
const TIMEOUT_MILLIS = 5000;
const TABLES_BYTES = 32 * 1024 * 1024;
/** A desktop with many snaps has some dozens. */
const MOST = 64;

/** By id, of those at these places that could be entered. Waits for the child. */
export const mountsInside = (
  places: readonly { readonly id: NamespaceId; readonly path: string }[],
): ReadonlyMap<NamespaceId, string> => {
  const tables = new Map<NamespaceId, string>();
  const open: { id: NamespaceId; fd: number }[] = [];
  try {
    for (const { id, path } of places) {
      if (open.length === MOST || open.some((one) => one.id === id)) continue;
      const fd = openNamespace(path, id);
      if (fd !== null) open.push({ id, fd });
    }
    const [program, ...args] = mountsArgv(open.map((_, at) => 3 + at)) ?? [];
    if (program === undefined || open.length === 0) return tables;
    const { status, stdout } = spawnSync(program, args, {
      stdio: ['ignore', 'pipe', 'ignore', ...open.map(({ fd }) => fd)],
      env: MOUNTS_ENV,
      cwd: '/',
      timeout: TIMEOUT_MILLIS,
      killSignal: 'SIGKILL',
      maxBuffer: TABLES_BYTES,
    });
    if (status !== 0) return tables;
    for (const [at, text] of mountsTold(decode(stdout)).entries()) {
      const id = open[at]?.id;
      if (id !== undefined && text !== null) tables.set(id, text);
    }
    return tables;
  } finally {
    for (const { fd } of open) fs.closeSync(fd);
  }
};
