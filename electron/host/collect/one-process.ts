/** Reading one process for the list: its files, and the row made of them. */
import {
  CMDLINE_BYTES,
  NAMESPACE_LINKS,
  processKey,
  type CgroupMembership,
  type NamespaceId,
  type NamespaceLink,
  type Process,
  type Reading,
  type UnreadFile,
} from '../../../shared/model.ts';
import type { Directory, Kernel } from '../read/kernel.ts';
import type { Wanted } from '../read/read-many.ts';
import { memoised } from './memoised.ts';
import { parseCgroup } from '../parse/cgroup.ts';
import { parseCmdline } from '../parse/cmdline.ts';
import { parsed } from '../parse/format-error.ts';
import { parseNsLink } from '../parse/ns-link.ts';
import { isKernelThread, parseStat, type Stat } from '../parse/stat.ts';
import { parseStatusHead, type StatusHead } from '../parse/status.ts';
import { ttyName } from '../parse/tty.ts';

/** Of a process, what other files than `stat` say. */
export interface Slow {
  readonly status: StatusHead | null;
  readonly cmdline: readonly string[] | null;
  readonly cmdlineCut: boolean;
  readonly namespaces: Readonly<Record<NamespaceLink, NamespaceId | null>>;
  readonly cgroups: readonly CgroupMembership[];
  readonly unread: readonly UnreadFile[];
}

export interface Sighting {
  readonly statText: string;
  /** When its main thread last ran, in the kernel's words; `null` if that cannot be read. */
  readonly schedstat: string | null;
  readonly stat: Stat;
  readonly slow: Slow;
}

/** `gone`: it ended while we looked, and is left out whole. `hidden`: its `stat` itself is closed to us (hidepid). */
export type Missing = 'gone' | 'hidden';

/** Which of them an unread `stat` means. */
export const missing = (stat: Reading<unknown>): Missing =>
  !stat.ok && (stat.why === 'denied' || stat.why === 'malformed') ? 'hidden' : 'gone';

/** A zombie has given up its namespaces, its memory and its cgroup; only its line in the table is left. */
export const isDead = (state: string): boolean => state === 'Z' || state === 'X' || state === 'x';

/** Of where the files of one process are, what is needed to see it. */
export type Seen = Pick<Directory, 'record' | 'links'>;

/** What {@link sightIn} reads. */
export const SIGHT: Wanted = {
  records: [
    { name: 'stat' },
    { name: 'schedstat' },
    { name: 'status' },
    { name: 'cmdline', limit: CMDLINE_BYTES + 1 },
    { name: 'cgroup' },
  ],
  links: { folder: 'ns', names: NAMESPACE_LINKS },
};

/** Reads everything of one process from one pinned directory, so that no other process's files get among them. */
export const sight = (kernel: Kernel, pid: number, again = true): Sighting | Missing => {
  const pinned = kernel.pin(`/proc/${pid}`);
  if (!pinned.ok) return missing(pinned);
  const directory = pinned.value;
  try {
    return sightIn(directory, again) ?? sight(kernel, pid, false);
  } finally {
    directory.close();
  }
};

/**
 * Of what was read of one process. `null`, unless it is not to be read `again`: it died after it had said that it lives, and
 * what the dead have no more would pass for what this kernel has not.
 */
export const sightIn = (files: Seen, again = true): Sighting | Missing | null => {
  const text = files.record('stat');
  const stat = parsed(text, parseStat);
  if (!text.ok || !stat.ok) return missing(stat);
  const schedstat = files.record('schedstat');
  const slow = readSlow(files, stat.value);
  if (slow === 'gone') return 'gone';
  const isDying =
    !isDead(stat.value.state) && slow.unread.some(({ file, why }) => file === 'ns/mnt' && why === 'absent');
  if (again && isDying) return null;
  return { statText: text.value, schedstat: schedstat.ok ? schedstat.value : null, stat: stat.value, slow };
};

const readSlow = (files: Seen, stat: Stat): Slow | 'gone' => {
  const unread: UnreadFile[] = [];
  let gone = false;
  const take = <T>(file: string, reading: Reading<T>): T | null => {
    if (reading.ok) return reading.value;
    // Of the dead, it is known that these are no more; that is no gap in what we know.
    const why = isDead(stat.state) && reading.why === 'absent' ? 'gone' : reading.why;
    if (why === 'gone' && !isDead(stat.state)) gone = true;
    unread.push({ file, why, errno: reading.errno });
    return null;
  };

  const status = take('status', parsed(files.record('status'), parseStatusHead));
  // A kernel thread has no memory that arguments could be in; get_task_mm in kernel/fork.c.
  const cmdline = isKernelThread(stat) ? '' : take('cmdline', files.record('cmdline', CMDLINE_BYTES + 1));
  const cgroups = take('cgroup', parsed(files.record('cgroup'), sharedCgroups));
  const links = files.links('ns', NAMESPACE_LINKS);
  let namespaces = parsedLinks.get(links);
  if (namespaces === undefined) {
    const each = NAMESPACE_LINKS.map((link, index) => [link, take(`ns/${link}`, parsed(links[index]!, parseNsLink))]);
    namespaces = sharedLinks(Object.fromEntries(each) as Slow['namespaces']);
    // What could not be read or understood is told of each process.
    if (!Object.values(namespaces).includes(null)) parsedLinks.set(links, namespaces);
  }
  if (gone) return 'gone';
  return { status, ...cutCmdline(cmdline), namespaces, cgroups: cgroups ?? [], unread };
};

/** Most processes say the same: what they share is one object, which is quick to compare and small to keep. */
export const sharedCgroups = memoised((text) => text, parseCgroup);
const sharedLinks = memoised(
  (links: Slow['namespaces']) => NAMESPACE_LINKS.map((link) => links[link]).join(),
  (links) => links,
);

/** Of answers that are the same object for all processes that say the same. */
const parsedLinks = new WeakMap<readonly Reading<string>[], Slow['namespaces']>();

/** Cut by bytes: what is left of a character at the end is dropped with the rest. */
const cutCmdline = (text: string | null): Pick<Slow, 'cmdline' | 'cmdlineCut'> => {
  if (text === null) return { cmdline: null, cmdlineCut: false };
  if (Buffer.byteLength(text) <= CMDLINE_BYTES) return { cmdline: parseCmdline(text), cmdlineCut: false };
  return { cmdline: parseCmdline(text.slice(0, -1).replace(/[\udc80-\udcff]{1,3}$/, '')), cmdlineCut: true };
};

/** The row, but for its container and for what its cgroups do to it. */
export const processRow = (
  { stat, slow }: Sighting,
  pageBytes: number,
  users: ReadonlyMap<number, string>,
): Process => {
  const kernelThread = isKernelThread(stat);
  const memoryless = kernelThread || isDead(stat.state);
  return {
    key: processKey(stat.pid, stat.starttime),
    pid: stat.pid,
    ppid: stat.ppid,
    starttime: stat.starttime,
    comm: stat.comm,
    cmdline: slow.cmdline,
    cmdlineCut: slow.cmdlineCut,
    state: stat.state,
    uid: slow.status?.uid ?? null,
    euid: slow.status?.euid ?? null,
    user: slow.status === null ? null : (users.get(slow.status.euid) ?? String(slow.status.euid)),
    nspid: slow.status?.nspid ?? [],
    threads: stat.numThreads,
    kernelThread,
    pgrp: stat.pgrp,
    session: stat.session,
    tty: ttyName(stat.ttyNr),
    cpuTicks: stat.utime + stat.stime,
    residentBytes: memoryless ? null : (slow.status?.residentBytes ?? stat.rssPages * pageBytes),
    virtualBytes: memoryless ? null : stat.vsizeBytes,
    namespaces: slow.namespaces,
    cgroups: slow.cgroups,
    frozen: null,
    container: null,
    unread: slow.unread,
  };
};
