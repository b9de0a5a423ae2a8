/** What stands above the files of a cgroup: its limits as bars, and its figures in words. */
import type { CgroupDetail } from '../../../shared/cgroup-model.ts';
import {
  cpuPercentBetween,
  cpuUse,
  limitHits,
  memoryUse,
  oomKills,
  pressures,
  throttledShare,
} from '../../../shared/cgroup-summary.ts';
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

/** `before`: the reading before, for rates. A figure that cannot be had is left out, for its file says why. */
export const factsOf = (detail: CgroupDetail, before: CgroupDetail | null): Fact[] => {
  const facts: Fact[] = [];
  const fact = (label: string, value: string, note = '', warn = false) => facts.push({ label, value, note, warn });
  const memory = memoryUse(detail);
  if (memory?.workingSetBytes != null) {
    fact('Working set', bytesInWords(memory.workingSetBytes), memory.definition);
    const parts = memory.parts.filter(({ bytes }) => bytes > 0).slice(0, 4);
    const made = parts.map(({ label, bytes }) => `${label} ${bytesInWords(bytes)}`);
    fact('Memory in all', bytesInWords(memory.usedBytes), made.join(', '));
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
    const periods = `${cpu.throttled} of ${cpu.periods} periods${waited}`;
    fact('Throttled', `${Math.round(share * 100)} %`, periods, share >= 0.005);
  }
  const hits = limitHits(detail);
  const killed = oomKills(detail);
  if (hits !== null || killed !== null) {
    const value = [
      hits === null ? null : counted(hits, 'limit hit'),
      killed === null ? null : counted(killed, 'OOM kill'),
    ];
    fact('Memory events', value.filter((words) => words !== null).join(', '), '', (killed ?? 0) > 0);
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

export const pressureRows = (detail: CgroupDetail): PressureRow[] =>
  pressures(detail).map(({ resource, file, pressure }) => {
    const words = (line: { avg10: number; avg60: number; avg300: number } | null | undefined) =>
      line == null ? null : ([line.avg10.toFixed(2), line.avg60.toFixed(2), line.avg300.toFixed(2)] as const);
    const failed = file.text !== null && !file.text.ok ? file.text : null;
    const why =
      pressure !== null ? null : failed === null ? 'malformed' : `${failed.call}: ${failed.errno ?? failed.why}`;
    return {
      resource: TITLES[resource],
      path: file.path,
      some: words(pressure?.some),
      full: words(pressure?.full),
      why,
    };
  });
