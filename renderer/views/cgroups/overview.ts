/** What stands above the files of a cgroup: its limits as bars, and its figures in words. */
import type { CgroupDetail, Pressure, PressureLine } from '../../../shared/cgroup-model.ts';
import type { Reading } from '../../../shared/model.ts';
import {
  eventScope,
  forksRefused,
  frozen,
  limitHits,
  oomKills,
  type EventCount,
} from '../../../shared/cgroup-events.ts';
import { memoryUse, partsInWords } from '../../../shared/cgroup-memory-use.ts';
import { cpuPercentBetween, cpuUse, pressures, throttledNow, throttledShare } from '../../../shared/cgroup-summary.ts';
import { microsInWords } from '../../../shared/cgroup-words.ts';
import { bytesInWords } from '../../../shared/sentence.ts';
import { counted, oneDecimal } from '../../parts/format.ts';

export interface Fact {
  readonly label: string;
  readonly value: string;
  /** How it is reckoned, or what it is made of. */
  readonly note: string;
  readonly warn: boolean;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** `before`: the reading before, for rates. A figure that cannot be had is left out, for its file says why. */
export const factsOf = (detail: CgroupDetail, before: CgroupDetail | null): Fact[] => {
  const facts: Fact[] = [];
  const fact = (label: string, value: string, note = '', warn = false) => facts.push({ label, value, note, warn });
  const memory = memoryUse(detail);
  if (memory?.workingSetBytes != null) fact('Working set', bytesInWords(memory.workingSetBytes), memory.definition);
  if (memory !== null) {
    const made = partsInWords(memory);
    fact(
      'Memory in all',
      bytesInWords(memory.usedBytes),
      memory.workingSetBytes === null ? `${memory.definition}: ${made}` : made,
    );
  }
  const cpu = cpuUse(detail);
  if (cpu.usedMicros !== null) {
    const percent = cpuPercentBetween(before, detail);
    const now = percent === null ? '' : `now ${oneDecimal(percent)} % of one CPU`;
    fact('CPU time', microsInWords(cpu.usedMicros), now);
  }
  const share = throttledShare(detail);
  if (share !== null) {
    const waited = cpu.throttledMicros === null ? '' : `, ${microsInWords(cpu.throttledMicros)} waited`;
    const whole = `${percent(share)} since it was made: ${cpu.throttled} of ${cpu.periods} periods${waited}`;
    const now = throttledNow(before, detail);
    if (now === null) fact('Throttled', percent(share), whole.replace(/^.*? since/, 'since'));
    else fact('Throttled', `now ${percent(now)}`, whole, now > 0);
  }
  const [hits, killed, forks] = [limitHits(detail), oomKills(detail), forksRefused(detail)];
  const event = (label: string, found: EventCount | null, one: string, warn: boolean): void => {
    if (found === null) return;
    fact(label, counted(found.count, one), found.count === 0 ? '' : eventScope(found), warn && found.count > 0);
  };
  event('Memory limit', hits, 'hit', false);
  event('Out of memory', killed, 'OOM kill', true);
  event('Task limit', forks, 'refusal', false);
  const stopped = frozen(detail);
  if (stopped !== null) {
    const by = stopped.itself === null ? '' : stopped.itself ? 'by itself' : 'by a cgroup above';
    fact('Frozen', stopped.whole ? 'yes' : 'not yet all', by, true);
  }
  return facts;
};

export interface PressureRow {
  readonly resource: string;
  readonly path: string;
  /** Percent of the last 10 s, 1 min and 5 min; `null` where the kernel has no such line. */
  readonly some: readonly [string, string, string] | null;
  readonly full: readonly [string, string, string] | null;
  /** Why it could not be read, else `null`. */
  readonly why: string | null;
}

const TITLES = { cpu: 'CPU', memory: 'Memory', io: 'I/O', irq: 'Interrupts' } as const;

type Figures = Pick<PressureRow, 'some' | 'full'>;
const figures = (pressure: Pressure | null): Figures => {
  const words = (line: PressureLine | null | undefined) =>
    line == null ? null : ([line.avg10.toFixed(2), line.avg60.toFixed(2), line.avg300.toFixed(2)] as const);
  return { some: words(pressure?.some), full: words(pressure?.full) };
};
const whyNot = (reading: Reading<unknown>): string | null =>
  reading.ok ? null : `${reading.call}: ${reading.errno ?? reading.why}`;

export const pressureRows = (detail: CgroupDetail): PressureRow[] =>
  pressures(detail).map(({ resource, file, pressure }) => {
    const failed = file.text === null ? null : whyNot(file.text);
    const why = pressure !== null ? null : (failed ?? 'malformed');
    return { resource: TITLES[resource], path: file.path, ...figures(pressure), why };
  });

/** Of the whole machine, for a cgroup that has none of its own. */
export const machineRows = ({ machinePressure = [] }: CgroupDetail): PressureRow[] =>
  machinePressure.map(({ resource, path, reading }) => ({
    resource: TITLES[resource],
    path,
    ...figures(reading.ok ? reading.value : null),
    why: whyNot(reading),
  }));
