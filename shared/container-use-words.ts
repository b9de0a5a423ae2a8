/** What a container's figures come to, in a sentence or two. */
import type { CgroupAllowance } from './cgroup-model.ts';
import { throttledBetween, type ContainerUse } from './container-use.ts';
import type { CgroupLimit } from './model.ts';
import { cpusInWords, listed } from './sentence.ts';
import { visible } from './text.ts';

export interface LimitNow {
  readonly value: number;
  readonly file: string;
  /** The cgroup above that sets it; `null` if it is the container's own. */
  readonly setBy: string | null;
}

/** The limit that holds: `none` where there is none, `unread` where that cannot be said. Bytes, CPUs, tasks. */
export const limitNow = (use: ContainerUse, resource: CgroupLimit['resource']): LimitNow | 'none' | 'unread' => {
  const allowance = use.limits.find((one) => one.resource === resource);
  if (allowance === undefined) {
    const value = use.engineLimits[resource];
    return value === null ? 'unread' : value === 'max' ? 'none' : { value, file: 'limit', setBy: null };
  }
  const { effective, setBy } = allowance;
  if (!effective.limit.ok) return 'unread';
  if (effective.limit.value === 'max') return 'none';
  return { value: effective.limit.value, file: effective.file, setBy: isOwn(allowance) ? null : setBy };
};

/** The limit that is known to hold; `null` for none and for one that is not readable alike. */
export const knownLimit = (use: ContainerUse, resource: CgroupLimit['resource']): LimitNow | null => {
  const limit = limitNow(use, resource);
  return typeof limit === 'string' ? null : limit;
};

/** What is said in place of a limit where none is known. */
export const withoutLimit = (use: ContainerUse, resource: CgroupLimit['resource']): string =>
  use.source === 'processes' ? 'no limit of its own' : limitNow(use, resource) === 'none' ? 'no limit' : 'limit not readable'; // prettier-ignore

/** True if the limit that holds is the container's own. */
export const isOwn = ({ own, effective, ofItself }: CgroupAllowance): boolean =>
  ofItself === true || (own !== null && own.path === effective.path);

const lastName = (path: string): string => visible(path.slice(path.lastIndexOf('/') + 1) || '/');

/** Below this, waiting is as usual. */
const WAITED_PERCENT = 10;
const WAITED_FOR = { cpu: 'a CPU', memory: 'memory', io: 'disks', irq: 'interrupts' } as const;

/** From here on memory and tasks are worth a word; the same as on the bars. */
const NEAR = 0.8;

/** `first`: the oldest reading in sight, for what is said of the last minutes. */
export const useSentence = (use: ContainerUse, first: ContainerUse | null): string => {
  const sentences: string[] = [];
  const cpu = knownLimit(use, 'cpu');
  const throttled = throttledBetween(first, use);
  if (throttled !== null && throttled >= 0.005) {
    const than = cpu === null ? '' : `: it wants more than ${cpusInWords(cpu.value)}`;
    sentences.push(`Throttled in ${Math.max(1, Math.round(throttled * 100))} % of its periods${than}.`);
  }
  const counters = use.memory.reading.ok ? use.memory.reading.value : null;
  const memory = knownLimit(use, 'memory');
  if (counters !== null && memory !== null) {
    const share = (counters.workingSetBytes ?? counters.usedBytes) / memory.value;
    const whose = memory.setBy === null ? 'its limit' : `the limit that ${lastName(memory.setBy)} sets`;
    sentences.push(`Memory is at ${Math.round(share * 100)} % of ${whose}.`);
  }
  if (counters?.oomKills != null && counters.oomKills > 0) {
    sentences.push(`Out of memory: ${counters.oomKills} killed.`);
  }
  const tasks = knownLimit(use, 'pids');
  if (tasks !== null && use.tasks.reading.ok && use.tasks.reading.value >= NEAR * tasks.value) {
    sentences.push(`${use.tasks.reading.value} of ${tasks.value} tasks: no more can be started soon.`);
  }
  const waited = (use.pressure ?? []).filter(({ reading }) => reading.ok && (reading.value.some?.avg10 ?? 0) >= WAITED_PERCENT); // prettier-ignore
  if (waited.length > 0) {
    const parts = waited.map(({ resource, reading }) => `${WAITED_FOR[resource]} ${Math.round(reading.ok ? (reading.value.some?.avg10 ?? 0) : 0)} %`); // prettier-ignore
    sentences.push(`Of the last 10 s its tasks waited for ${listed(parts)}.`);
  }
  return [...sentences, ...unlimited(use, sentences.length <= 1)].join(' ');
};

/** `cpuToo`: whether no limit on the CPU alone is worth a word. */
const unlimited = (use: ContainerUse, cpuToo: boolean): string[] => {
  if (use.source === 'processes') return ['It has no cgroup of its own, and so no limits of its own.'];
  const [cpu, memory] = [limitNow(use, 'cpu'), limitNow(use, 'memory')];
  const sentences: string[] = [];
  if (cpu === 'none' && memory === 'none') sentences.push('No limit on CPU or memory.');
  else if (memory === 'none') sentences.push('No limit on memory.');
  else if (cpu === 'none' && cpuToo) sentences.push('No limit on CPU.');
  if (cpu === 'unread' && memory === 'unread') sentences.push('Its limits on CPU and memory are not readable.');
  else if (memory === 'unread') sentences.push('Its limit on memory is not readable.');
  else if (cpu === 'unread') sentences.push('Its limit on CPU is not readable.');
  return sentences;
};
