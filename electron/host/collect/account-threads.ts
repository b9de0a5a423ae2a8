/** The threads of one process. */
import { NAMESPACE_LINKS, type NamespaceLink } from '../../../shared/model.ts';
import type { Reading } from '../../../shared/model.ts';
import type { ProcessThread, ProcessThreads } from '../../../shared/process-account.ts';
import { parseCgroup } from '../parse/cgroup.ts';
import { parsed } from '../parse/format-error.ts';
import { parseWchan } from '../parse/process-number.ts';
import { parseScheduling } from '../parse/schedule.ts';
import { parseStat } from '../parse/stat.ts';
import { parseStatusHead } from '../parse/status.ts';
import type { Directory } from '../read/kernel.ts';

/** A dozen files a thread: as many take half a second. */
const MOST_THREADS = 4000;

export const readThreads = (directory: Directory): Omit<ProcessThreads, 'key' | 'takenAt' | 'clock' | 'millis'> => {
  const names = directory.list('task');
  if (!names.ok) return { threads: names, left: 0 };
  const tids = names.value.map(Number).sort((a, b) => a - b);
  const left = Math.max(0, tids.length - MOST_THREADS);
  const first: First = { links: linksOf(directory, 'ns'), cgroup: directory.text('cgroup') };
  const threads: ProcessThread[] = [];
  for (const tid of tids.slice(0, MOST_THREADS)) {
    const thread = readThread(directory, tid, first);
    if (thread.ok) threads.push(thread.value);
    else if (thread.why !== 'absent' && thread.why !== 'gone') return { threads: thread, left };
  }
  return { threads: { ok: true, value: threads }, left };
};

/** What the others are compared with. */
interface First {
  readonly links: ReadonlyMap<NamespaceLink, string>;
  readonly cgroup: Reading<string>;
}

const readThread = (directory: Directory, tid: number, first: First): Reading<ProcessThread> => {
  const at = `task/${tid}`;
  const text = directory.text(`${at}/stat`);
  const stat = parsed(text, parseStat);
  if (!stat.ok) return stat;
  const scheduling = parsed(text, parseScheduling);
  const status = parsed(directory.text(`${at}/status`), parseStatusHead);
  const wchan = parsed(directory.text(`${at}/wchan`), parseWchan);
  const own = first.links.size === 0 ? first.links : linksOf(directory, `${at}/ns`);
  const value: ProcessThread = {
    tid,
    innerTid: status.ok ? (status.value.nspid.at(-1) ?? null) : null,
    starttime: stat.value.starttime,
    comm: stat.value.comm,
    state: stat.value.state,
    cpuTicks: stat.value.utime + stat.value.stime,
    scheduling: scheduling.ok ? scheduling.value : null,
    waitsIn: wchan.ok ? wchan.value : null,
    differs: NAMESPACE_LINKS.filter((link) => own.has(link) && own.get(link) !== first.links.get(link)),
    otherCgroups: otherCgroups(directory.text(`${at}/cgroup`), first.cgroup),
  };
  return { ok: true, value };
};

/** `cpu:/a/b`; as `/a/b` of the v2 hierarchy. */
const otherCgroups = (own: Reading<string>, first: Reading<string>): readonly string[] => {
  if (!own.ok || !first.ok || own.value === first.value) return [];
  const [mine, theirs] = [parsed(own, parseCgroup), parsed(first, parseCgroup)];
  if (!mine.ok || !theirs.ok) return [];
  const words = ({ controllers, path }: (typeof mine.value)[number]): string =>
    controllers.length === 0 ? path : `${controllers.join(',')}:${path}`;
  const known = new Set(theirs.value.map(words));
  return mine.value.map(words).filter((place) => !known.has(place));
};

/** Empty where they may not be seen. */
const linksOf = (directory: Directory, folder: string): ReadonlyMap<NamespaceLink, string> => {
  const found = new Map<NamespaceLink, string>();
  for (const link of NAMESPACE_LINKS) {
    const target = directory.link(`${folder}/${link}`);
    if (target.ok) found.set(link, target.value);
    else if (target.why === 'denied') return new Map();
  }
  return found;
};
