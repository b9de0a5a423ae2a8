/** What a change of a limit will do besides being written, as far as it can be said beforehand. */
import type { ChangeEffect } from './change.ts';
import type { ChangeFile } from './change-files.ts';
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
    case 'score':
      return score(facts);
  }
};
