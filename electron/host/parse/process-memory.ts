import type { MappingGroup, MappingKind, MemoryRollup, StatusMemory } from '../../../shared/process-account.ts';
import { decimal, FormatError } from './format-error.ts';

/** `Key:   12 kB` lines, in bytes. The first of a key counts. */
const kilobytes = (text: string, file: string): ((key: string) => number | null) => {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, key, value] = /^(\w+):\s*(.*?) kB$/.exec(line) ?? [];
    if (key !== undefined && !values.has(key)) values.set(key, value!);
  }
  return (key) => {
    const value = values.get(key);
    return value === undefined ? null : decimal(value, file) * 1024;
  };
};

/** Of /proc/PID/status, what speaks of memory; man 5 proc_pid_status. */
export const parseStatusMemory = (text: string): StatusMemory => {
  const of = kilobytes(text, 'status');
  return {
    virtualBytes: of('VmSize'),
    peakVirtualBytes: of('VmPeak'),
    residentBytes: of('VmRSS'),
    peakResidentBytes: of('VmHWM'),
    residentAnonymousBytes: of('RssAnon'),
    residentFileBytes: of('RssFile'),
    residentSharedBytes: of('RssShmem'),
    pageTableBytes: of('VmPTE'),
    lockedBytes: of('VmLck'),
    swappedBytes: of('VmSwap'),
  };
};

/** /proc/PID/smaps_rollup; man 5 proc_pid_smaps. */
export const parseSmapsRollup = (text: string): MemoryRollup => {
  const of = kilobytes(text, 'smaps_rollup');
  const needed = (key: string): number => {
    const value = of(key);
    if (value === null) throw new FormatError('smaps_rollup', text);
    return value;
  };
  return {
    residentBytes: needed('Rss'),
    proportionalBytes: needed('Pss'),
    privateBytes: needed('Private_Clean') + needed('Private_Dirty'),
    sharedBytes: needed('Shared_Clean') + needed('Shared_Dirty'),
    anonymousBytes: of('Anonymous'),
    swappedBytes: of('Swap'),
  };
};

const MAPPING = /^([0-9a-f]{1,16})-([0-9a-f]{1,16}) ([r-][w-][x-][ps]) [0-9a-f]+ ([0-9a-f]+:[0-9a-f]+) (\d+) *(.*)$/;
const DELETED = ' (deleted)';

/**
 * /proc/PID/maps, one group for each file and each kind of memory without one, the largest first; man 5 proc_pid_maps. The
 * kernel writes newlines in names as `\012`.
 */
export const parseMaps = (text: string): MappingGroup[] => {
  const groups = new Map<string, { -readonly [K in keyof MappingGroup]: MappingGroup[K] }>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, from, to, permissions = '', device, inode, path = ''] = MAPPING.exec(line) ?? [];
    if (from === undefined || to === undefined) throw new FormatError('maps', line);
    const bytes = Number(BigInt(`0x${to}`) - BigInt(`0x${from}`));
    if (bytes < 0) throw new FormatError('maps', line);
    const kind = kindOf(path, device === '00:00' && inode === '0', permissions[3] === 's');
    const deleted = (kind === 'file' || kind === 'device') && path.endsWith(DELETED);
    const name = deleted ? path.slice(0, -DELETED.length) : path;
    const of = `${kind}\n${deleted}\n${name}`;
    let group = groups.get(of);
    if (group === undefined) {
      group = { kind, name, deleted, mappings: 0, bytes: 0, executableBytes: 0, writableBytes: 0 };
      groups.set(of, group);
    }
    group.mappings++;
    group.bytes += bytes;
    if (permissions[2] === 'x') group.executableBytes += bytes;
    if (permissions[1] === 'w') group.writableBytes += bytes;
  }
  return [...groups.values()].sort((a, b) => b.bytes - a.bytes);
};

const kindOf = (path: string, withoutFile: boolean, shared: boolean): MappingKind => {
  if (path.startsWith('/memfd:')) return 'memfd';
  if (path.startsWith('/SYSV') || path.startsWith('/dev/zero') || path.startsWith('/dev/shm/')) return 'shared';
  if (path.startsWith('/dev/')) return 'device';
  if (path.startsWith('[anon_shmem:')) return 'shared';
  if (path === '[heap]') return 'heap';
  if (path.startsWith('[stack')) return 'stack';
  if (path.startsWith('[anon') || path === '') return shared ? 'shared' : 'anonymous';
  if (/^\[(?:vdso|vvar|vsyscall|uprobes|sigpage|vectors|vvar_vclock)\]$/.test(path)) return 'kernel';
  return withoutFile ? 'anonymous' : 'file';
};
