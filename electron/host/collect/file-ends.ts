/** Who else has a pipe open, and who has the peer of a unix socket: every process's open files, looked through on request. */
import { performance } from 'node:perf_hooks';
import type { Process } from '../../../shared/model.ts';
import type { EndHolder, OpenFile, OtherEnds } from '../../../shared/process-account.ts';
import { parseFdinfo } from '../parse/fdinfo.ts';
import { parsed } from '../parse/format-error.ts';
import type { Kernel } from '../read/kernel.ts';
import type { Target } from '../read/read-many.ts';
import { eachOpen, mayHaveFiles } from './open-files.ts';

/** A link each, 2 µs: after so long the rest is not looked through, and that is said. */
const MOST_MILLIS = 400;
const AT_ONCE = 256;
/** Of one pipe: a server's children all have the same one. */
const MOST_HOLDERS = 20;

/** The target of a file that has another end: a pipe itself, of a unix socket its peer. `null`: it has none. */
type Wanted = ReadonlyMap<OpenFile, { readonly target: string; readonly peer: number | null }>;

/** The same files with their other ends, and of how many processes the open files could not be looked at. */
export const withEnds = (
  kernel: Kernel,
  own: number,
  files: readonly OpenFile[],
  processes: readonly Process[],
): { readonly files: readonly OpenFile[]; readonly unseen: number } => {
  const wanted = wantedOf(kernel, files);
  if (wanted.size === 0) return { files, unseen: 0 };
  const { holders, unseen } = holdersOf(kernel, new Set([...wanted.values()].map(({ target }) => target)), processes);
  const named = files.map((file): OpenFile => {
    const want = wanted.get(file);
    if (want === undefined) return file;
    const others = (holders.get(want.target) ?? []).filter(({ pid, fd }) => pid !== own || fd !== file.fd);
    const shown = others.slice(0, MOST_HOLDERS).map((holder) => withAccess(kernel, holder));
    const ends: OtherEnds = { peer: want.peer, holders: shown, more: others.length - shown.length };
    return { ...file, ends };
  });
  return { files: named, unseen };
};

const wantedOf = (kernel: Kernel, files: readonly OpenFile[]): Wanted => {
  const wanted = new Map<OpenFile, { target: string; peer: number | null }>();
  const connected = files.filter(({ socket }) => socket?.protocol === 'unix' && socket.state === 'ESTABLISHED');
  const peers = connected.length === 0 ? null : (kernel.unixPeers?.() ?? null);
  for (const file of files) {
    if (file.kind === 'pipe' && file.target.ok) wanted.set(file, { target: file.target.value, peer: null });
    if (file.kind !== 'socket' || !file.target.ok) continue;
    const peer = peers?.get(Number(file.target.value.slice('socket:['.length, -1)));
    if (peer !== undefined) wanted.set(file, { target: `socket:[${peer}]`, peer });
  }
  return wanted;
};

type Bare = Pick<EndHolder, 'pid' | 'fd'>;

const holdersOf = (
  kernel: Kernel,
  targets: ReadonlySet<string>,
  processes: readonly Process[],
): { readonly holders: ReadonlyMap<string, readonly Bare[]>; readonly unseen: number } => {
  const holders = new Map<string, Bare[]>();
  const until = performance.now() + MOST_MILLIS;
  const candidates = processes.filter(mayHaveFiles);
  let unseen = 0;
  for (let from = 0; from < candidates.length; from += AT_ONCE) {
    const some = candidates.slice(from, from + AT_ONCE);
    if (performance.now() > until) {
      unseen += candidates.length - from;
      break;
    }
    const found = new Map<number, readonly Target[]>();
    eachOpen(kernel, some, ({ pid }, open) => {
      // The numbers in a thread's own table are none of its process.
      if (open.ok) found.set(pid, open.value.find(({ tid }) => tid === undefined)?.targets ?? []);
      else unseen++;
    });
    for (const { pid } of some) {
      for (const [fd, target] of found.get(pid) ?? []) {
        if (!targets.has(target)) continue;
        const those = holders.get(target);
        if (those === undefined) holders.set(target, [{ pid, fd: Number(fd) }]);
        else those.push({ pid, fd: Number(fd) });
      }
    }
  }
  return { holders, unseen };
};

const withAccess = (kernel: Kernel, { pid, fd }: Bare): EndHolder => {
  const info = parsed(kernel.text(`/proc/${pid}/fdinfo/${fd}`), parseFdinfo);
  return { pid, fd, flags: info.ok ? info.value.flags : null };
};
