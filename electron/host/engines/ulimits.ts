/**
 * Podman gives a container resource limits that may not be set. Asked through its API, Podman 4 reads `default_ulimits` with
 * soft and hard exchanged (EINVAL); without any it asks for 1,048,576 of each, which a root without CAP_SYS_RESOURCE may not
 * have (EPERM). What it asked for, it tells.
 */
import { readFileSync } from 'node:fs';
import { ULIMITS, type Ulimit } from '../../../shared/run-parts.ts';
import { parseProcLimits } from '../parse/proc-limits.ts';
import { field } from './field.ts';

/** What this process may have at most; an engine beside it may have as much, as far as one can tell. */
export type HardLimits = Readonly<Partial<Record<Ulimit['name'], number>>>;

/** As runc and crun say it: `error setting rlimit type 7: …`, ``setrlimit `RLIMIT_NOFILE`: …``. */
export const isAboutLimits = (words: string): boolean => /rlimit/i.test(words);

/** Names in /proc/PID/limits; only those that Podman sets by itself. */
const NAMES: readonly (readonly [kernel: string, name: Ulimit['name']])[] = [
  ['Max open files', 'nofile'],
  ['Max processes', 'nproc'],
];

export function ownHardLimits(): HardLimits {
  const own = parseProcLimits(readFileSync('/proc/self/limits', 'utf8'));
  return Object.fromEntries(
    NAMES.flatMap(([kernel, name]) => {
      const hard = own.find((limit) => limit.name === kernel)?.hard;
      return typeof hard === 'number' ? [[name, hard]] : [];
    }),
  );
}

const isNumber = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Limits that can be set in place of those that the container was given; none if its own could be set as well. */
export function settableLimits(inspected: unknown, most: HardLimits): Ulimit[] {
  const told = field(inspected, 'HostConfig', 'Ulimits');
  let changed = false;
  const limits = (Array.isArray(told) ? told : []).flatMap((entry: unknown): Ulimit[] => {
    const spelled = String(field(entry, 'Name'))
      .replace(/^RLIMIT_/i, '')
      .toLowerCase();
    const name = ULIMITS.find((known) => known === spelled);
    const [soft, hard] = [field(entry, 'Soft'), field(entry, 'Hard')];
    if (name === undefined || !isNumber(soft) || !isNumber(hard)) return [];
    const top = Math.min(Math.max(soft, hard), most[name] ?? Infinity);
    const bottom = Math.min(soft, hard, top);
    changed ||= bottom !== soft || top !== hard;
    return [{ name, soft: bottom, hard: top }];
  });
  return changed ? limits : [];
}
