/** What a change of a limit will do besides being written, as far as it can be said beforehand. */
import type { ChangeEffect } from './change.ts';
import type { ChangeFile } from './change-files.ts';
import { cpuListText, parseCpuList } from './cpu-list.ts';
import { bytesInWords, cpusInWords } from './sentence.ts';

export interface EffectFacts {
  readonly file: ChangeFile;
  /** The exact text that will be written, and what is predicted to be read back. */
  readonly writes: string;
  readonly readsBack: string;
  /** In the file's unit; `null` if it is not counted or could not be read. */
  readonly used: number | null;
  /** Processes in the cgroup and below; `null` if they could not be counted. */
  readonly processes: number | null;
  /** µs; `null` if not about CPU time. */
  readonly periodMicros: number | null;
  /** What the file reads now. */
  readonly now?: string;
  /** What the cgroup above has to give, of CPUs or memory nodes; `null` if it could not be read. */
  readonly above?: string | null;
  /** What cgroups below it ask for of them, all together; `null` if none does. */
  readonly below?: string | null;
}

const effect = (kind: ChangeEffect['kind'], words: string): ChangeEffect => ({ kind, words });
const counted = (count: number | null): string =>
  count === null ? 'its processes' : count === 1 ? 'its one process' : `its ${count} processes`;

const memory = ({ file, readsBack, used }: EffectFacts): ChangeEffect => {
  // Without a limit v1 reads LONG_MAX rounded down to pages, more than any machine has.
  const limit = readsBack === 'max' || Number(readsBack) >= 2 ** 62 ? Infinity : Number(readsBack);
  if (limit === Infinity) return effect('ok', 'No limit from here; one above may still hold.');
  if (used === null) return effect('warn', 'How much is in use could not be read.');
  const inUse = `${bytesInWords(used)} in use`;
  if (used <= limit) return effect('ok', `${inUse}: fits, ${bytesInWords(limit - used)} to spare`);
  const over = `${bytesInWords(used - limit)} more than that is in use`;
  switch (file.name) {
    case 'memory.max':
      return effect('danger', `${over}: what cannot be reclaimed at once gets processes killed (OOM).`);
    case 'memory.limit_in_bytes':
      return effect('warn', `${over}: if it cannot be reclaimed, the kernel refuses with EBUSY and nothing changes.`);
    case 'memory.low':
    case 'memory.min':
      return effect('ok', `${over}: all below it is protected.`);
    case 'memory.swap.max':
      return effect('warn', `${over}: it stays there, and no more is swapped out.`);
    case 'memory.memsw.limit_in_bytes':
      return effect('warn', `${over}: if it cannot be reclaimed, the kernel refuses with EBUSY and nothing changes.`);
    case 'memory.high':
      return effect('warn', `${over}: its processes will be slowed down while memory is reclaimed.`);
    default:
      return effect('warn', `${over}: reclaimed first when the machine runs short.`);
  }
};

const tasks = ({ writes, used }: EffectFacts): ChangeEffect => {
  if (writes === 'max') return effect('ok', 'No limit from here; one above may still hold.');
  const spare = used === null ? null : Number(writes) - used;
  if (spare === null) return effect('warn', 'How many tasks there are could not be read.');
  if (spare > 0) return effect('ok', `${used} ${used === 1 ? 'task' : 'tasks'} now: ${spare} more may be started.`);
  return effect('warn', `${used} tasks now: none ends, but no more can be started (EAGAIN).`);
};

const cpu = ({ writes, periodMicros }: EffectFacts): ChangeEffect => {
  const [quota = '', period] = writes.split(' ');
  if (quota === 'max' || quota === '-1') return effect('ok', 'No limit from here; one above may still hold.');
  const of = period === undefined ? periodMicros : Number(period);
  return effect('ok', of === null ? 'µs of CPU time in each period' : `At most ${cpusInWords(Number(quota) / of)}.`);
};

const frozen = ({ writes, processes }: EffectFacts): ChangeEffect =>
  writes === '1' || writes === 'FROZEN'
    ? effect('warn', `Halts ${counted(processes)}, here and below, until thawed: they answer nobody.`)
    : effect('ok', `Lets ${counted(processes)} go on.`);

const score = ({ writes }: EffectFacts): ChangeEffect => {
  const value = Number(writes);
  if (value === -1000) return effect('warn', 'The OOM killer will never choose it; others are killed instead.');
  if (value === 1000) return effect('warn', 'The OOM killer will choose it before all others.');
  return effect('ok', 'Moves it up or down in the order in which the OOM killer chooses.');
};

const without = (some: readonly number[], others: readonly number[]): readonly number[] =>
  some.filter((one) => !others.includes(one));

/** kernel/cgroup/cpuset.c, validate_change, and cpuset-v1.c, cpuset1_validate_change; Documentation/admin-guide/cgroup-v2.rst "Cpuset Interface Files". */
const placement = ({ file, writes, above = null, below = null, processes, now = '' }: EffectFacts): ChangeEffect => {
  const thing = file.name === 'cpuset.mems' ? 'memory nodes' : 'CPUs';
  const has = above === null ? null : parseCpuList(above);
  const wanted = parseCpuList(writes) ?? [];
  if (writes === '') {
    if (processes !== 0 && now !== '') return effect('warn', `The kernel refuses this with ENOSPC while ${counted(processes)} ${processes === 1 ? 'is' : 'are'} in it.`); // prettier-ignore
    if (file.version === 1) return effect('warn', 'No process can be put into it while it is empty.');
    return effect('ok', `Asks for none of its own: it gets those above, ${above ?? 'which could not be read'}.`);
  }
  const missing = has === null ? [] : without(wanted, has);
  if (file.version === 1) {
    if (missing.length > 0) return effect('warn', `${cpuListText(missing)} is not of the cgroup above, which has ${above}: the kernel refuses with EACCES.`); // prettier-ignore
    const taken = without(parseCpuList(below ?? '') ?? [], wanted);
    if (taken.length > 0) return effect('warn', `A cgroup below it asks for ${cpuListText(taken)}: the kernel refuses with EBUSY.`); // prettier-ignore
  } else if (missing.length === wanted.length && has !== null) {
    return effect('warn', `None of them is to be had from above, which has ${above}: it goes on with those.`);
  } else if (missing.length > 0) {
    return effect('warn', `${cpuListText(missing)} is not to be had from above, which has ${above}: the rest counts.`);
  }
  const of = has === null ? '' : ` of the ${has.length} above (${above})`;
  return effect('ok', `${wanted.length} ${wanted.length === 1 ? thing.replace(/s$/, '') : thing}${of}: ${thing === 'CPUs' ? 'its tasks run nowhere else' : 'new memory comes from nowhere else'}.`); // prettier-ignore
};

const disk = ({ file, writes }: EffectFacts): ChangeEffect => {
  const device = writes.split(' ')[0] ?? '';
  if (/ 0$/.test(writes) || /^\S+(?: \w+=max)+$/.test(writes)) return effect('ok', `No limit from here for ${device}; one above may still hold.`); // prettier-ignore
  const cached = file.version === 1 && file.name.includes('write');
  return cached
    ? effect(
        'warn',
        'Of v1 only direct and synchronous writes are held to it: what goes through the page cache is not.',
      )
    : effect('ok', `Requests to ${device} wait once it is reached; nothing fails.`);
};

const switched = ({ file, writes }: EffectFacts): ChangeEffect => {
  if (file.name === 'memory.oom.group')
    return writes === '1'
      ? effect('warn', 'Out of memory, all of its processes are ended together.')
      : effect('ok', 'Out of memory, one process is chosen.');
  return writes === '1'
    ? effect('warn', 'It runs only while nothing else on the machine wants to.')
    : effect('ok', 'It runs by its weight again.');
};

/** `on-failure:3` in words; Docker Engine API reference, RestartPolicy. */
export const restartInWords = (policy: string): string => {
  const [name, times] = policy.split(':');
  if (name === 'always') return 'Started again whenever it ends, and with the engine.';
  if (name === 'unless-stopped') return 'Started again whenever it ends, unless somebody stopped it.';
  if (name !== 'on-failure') return 'Not started again when it ends.';
  const most = times === undefined || times === '0' ? '' : `, at most ${times} times in a row`;
  return `Started again when it ends with another code than 0${most}.`;
};

/** The effect on what is limited. What else is to be said (Porthole itself, the root, no permission) the host adds. */
export const effectOf = (facts: EffectFacts): ChangeEffect => {
  switch (facts.file.form) {
    case 'bytes':
      return memory(facts);
    case 'tasks':
      return tasks(facts);
    case 'bandwidth':
    case 'quota':
      return cpu(facts);
    case 'weight':
    case 'shares':
      return effect('ok', 'Its share beside its siblings, and only while there is too little CPU for all.');
    case 'flag':
    case 'freezer':
      return frozen(facts);
    case 'period':
      return effect('ok', 'The quota stays as it is: of a shorter period it is a larger part.');
    case 'switch':
      return switched(facts);
    case 'ranges':
      return placement(facts);
    case 'io-max':
    case 'bps':
    case 'iops':
      return disk(facts);
    case 'default-weight':
    case 'disk-weight':
      return effect('ok', 'Its share beside its siblings, where the scheduler of the disk goes by weights.');
    case 'cpus':
      return effect('ok', `At most ${cpusInWords(Number(facts.writes))}.`);
    case 'restart':
      return effect('ok', restartInWords(facts.writes));
    case 'score':
      return score(facts);
  }
};
