import type { ProcessStatus } from '../../../shared/model.ts';
import { decimal, FormatError } from './format-error.ts';

const FILE = 'status';

/** The value of one key. Name cannot forge a line: the kernel escapes newlines in it (fs/proc/array.c). */
const value = (text: string, key: string): string | null => {
  const at = text.indexOf(`\n${key}:`);
  if (at < 0) return null;
  const from = at + key.length + 2;
  const end = text.indexOf('\n', from);
  return text.slice(from, end < 0 ? text.length : end).trim();
};

const numbers = (text: string | null): number[] =>
  text === null || text === '' ? [] : text.split(/\s+/).map((word) => decimal(word, FILE));

const needed = (text: string, key: string): string => {
  const found = value(text, key);
  if (found === null) throw new FormatError(FILE, `no ${key}`);
  return found;
};

const four = (text: string, key: string): readonly [number, number, number, number] => {
  const [real, effective, saved, fileSystem] = numbers(needed(text, key));
  if (real === undefined || effective === undefined || saved === undefined || fileSystem === undefined) {
    throw new FormatError(FILE, `${key}: ${value(text, key) ?? ''}`);
  }
  return [real, effective, saved, fileSystem];
};

const mask = (text: string | null): string => {
  if (text === null || !/^[0-9a-f]{16}$/.test(text)) throw new FormatError(FILE, text ?? 'no capabilities');
  return text;
};

const optional = (text: string | null): number | null => (text === null ? null : decimal(text, FILE));

/** What the world holds of every process. */
export interface StatusHead {
  readonly uid: number;
  readonly euid: number;
  /** PIDs from the reader's pid namespace inward; man 5 proc_pid_status. Since Linux 4.1, `[]` before. */
  readonly nspid: readonly number[];
  /**
   * VmRSS in bytes; `null` for kernel threads and zombies, which have no memory. It is exact, and what ps prints; since
   * Linux 6.2 field 24 of stat may lag behind by some dozen pages for each CPU.
   */
  readonly residentBytes: number | null;
}

export const parseStatusHead = (text: string): StatusHead => {
  const [uid, euid] = four(text, 'Uid');
  const resident = value(text, 'VmRSS');
  return {
    uid,
    euid,
    nspid: numbers(value(text, 'NSpid')),
    residentBytes: resident === null ? null : decimal(resident.replace(/ kB$/, ''), FILE) * 1024,
  };
};

/** /proc/PID/status; man 5 proc_pid_status. */
export const parseStatus = (text: string): ProcessStatus => {
  const ambient = value(text, 'CapAmb');
  const noNewPrivs = optional(value(text, 'NoNewPrivs'));
  return {
    uids: four(text, 'Uid'),
    gids: four(text, 'Gid'),
    groups: numbers(value(text, 'Groups')),
    nspid: numbers(value(text, 'NSpid')),
    threads: decimal(needed(text, 'Threads'), FILE),
    capabilities: {
      inheritable: mask(value(text, 'CapInh')),
      permitted: mask(value(text, 'CapPrm')),
      effective: mask(value(text, 'CapEff')),
      bounding: mask(value(text, 'CapBnd')),
      ambient: ambient === null ? null : mask(ambient),
    },
    seccomp: optional(value(text, 'Seccomp')),
    seccompFilters: optional(value(text, 'Seccomp_filters')),
    noNewPrivs: noNewPrivs === null ? null : noNewPrivs !== 0,
  };
};
