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

/** The limit that holds; `null` where there is none, or none can be read. Bytes, CPUs, tasks. */
export const limitNow = (use: ContainerUse, resource: CgroupLimit['resource']): LimitNow | null => {
  const allowance = use.limits.find((one) => one.resource === resource);
  if (allowance === undefined) {
    const { memoryBytes, tasks } = use.engineLimits;
    const value = resource === 'memory' ? memoryBytes : resource === 'pids' ? tasks : null;
    return value === null || value === 0 ? null : { value, file: 'limit', setBy: null };
  }
  const { effective, setBy } = allowance;
  if (!effective.limit.ok || effective.limit.value === 'max') return null;
  return { value: effective.limit.value, file: effective.file, setBy: isOwn(allowance) ? null : setBy };
};

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
  const cpu = limitNow(use, 'cpu');
  const throttled = throttledBetween(first, use);
  if (throttled !== null && throttled >= 0.005) {
    const than = cpu === null ? '' : `: it wants more than ${cpusInWords(cpu.value)}`;
    sentences.push(`Throttled in ${Math.max(1, Math.round(throttled * 100))} % of its periods${than}.`);
  }
  const counters = use.memory.reading.ok ? use.memory.reading.value : null;
  const memory = limitNow(use, 'memory');
  if (counters !== null && memory !== null) {
    const share = (counters.workingSetBytes ?? counters.usedBytes) / memory.value;
    const whose = memory.setBy === null ? 'its limit' : `the limit that ${lastName(memory.setBy)} sets`;
    sentences.push(`Memory is at ${Math.round(share * 100)} % of ${whose}.`);
  }
  if (counters?.oomKills != null && counters.oomKills > 0) {
    sentences.push(`Out of memory: ${counters.oomKills} killed.`);
  }
  const tasks = limitNow(use, 'pids');
  if (tasks !== null && use.tasks.reading.ok && use.tasks.reading.value >= NEAR * tasks.value) {
    sentences.push(`${use.tasks.reading.value} of ${tasks.value} tasks: no more can be started soon.`);
  }
  const waited = (use.pressure ?? []).filter(({ reading }) => reading.ok && (reading.value.some?.avg10 ?? 0) >= WAITED_PERCENT); // prettier-ignore
  if (waited.length > 0) {
    const parts = waited.map(({ resource, reading }) => `${WAITED_FOR[resource]} ${Math.round(reading.ok ? (reading.value.some?.avg10 ?? 0) : 0)} %`); // prettier-ignore
    sentences.push(`Of the last 10 s its tasks waited for ${listed(parts)}.`);
  }
  if (cpu === null && memory === null) sentences.push('No limit on CPU or memory.');
  else if (memory === null) sentences.push('No limit on memory.');
  else if (sentences.length === 1 && cpu === null) sentences.push('No limit on CPU.');
  return sentences.join(' ');
};
