/** The threads of one process. */
import { NAMESPACE_LINKS, type NamespaceLink } from '../../../shared/model.ts';
import type { ProcessThread, ProcessThreads } from '../../../shared/process-account.ts';
import { parsed } from '../parse/format-error.ts';
import { parseWchan } from '../parse/process-number.ts';
import { parseScheduling } from '../parse/schedule.ts';
import { parseStat } from '../parse/stat.ts';
import { parseStatusHead } from '../parse/status.ts';
import type { Directory } from '../read/kernel.ts';

/** Ten files a thread: as many take half a second. */
const MOST_THREADS = 4000;

export const readThreads = (directory: Directory): Omit<ProcessThreads, 'key' | 'takenAt' | 'clock' | 'millis'> => {
  const names = directory.list('task');
  if (!names.ok) return { threads: names, left: 0 };
  const tids = names.value.map(Number).sort((a, b) => a - b);
  const links = linksOf(directory, 'ns');
  const threads = tids.slice(0, MOST_THREADS).flatMap((tid) => readThread(directory, tid, links) ?? []);
  return { threads: { ok: true, value: threads }, left: Math.max(0, tids.length - MOST_THREADS) };
};

const readThread = (
  directory: Directory,
  tid: number,
  first: ReadonlyMap<NamespaceLink, string>,
): ProcessThread | null => {
  const at = `task/${tid}`;
  const text = directory.text(`${at}/stat`);
  const stat = parsed(text, parseStat);
  if (!stat.ok) return null;
  const scheduling = parsed(text, parseScheduling);
  const status = parsed(directory.text(`${at}/status`), parseStatusHead);
  const wchan = parsed(directory.text(`${at}/wchan`), parseWchan);
  const own = first.size === 0 ? first : linksOf(directory, `${at}/ns`);
  return {
    tid,
    innerTid: status.ok ? (status.value.nspid.at(-1) ?? null) : null,
    starttime: stat.value.starttime,
    comm: stat.value.comm,
    state: stat.value.state,
    cpuTicks: stat.value.utime + stat.value.stime,
    scheduling: scheduling.ok ? scheduling.value : null,
    waitsIn: wchan.ok ? wchan.value : null,
    differs: NAMESPACE_LINKS.filter((link) => own.has(link) && own.get(link) !== first.get(link)),
  };
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
