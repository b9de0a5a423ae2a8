/** What one process remembers, and what its address space is made of. */
import type { ProcessMemory } from '../../../shared/process-account.ts';
import { parsed } from '../parse/format-error.ts';
import { parseMaps, parseSmapsRollup, parseStatusMemory } from '../parse/process-memory.ts';
import type { Directory } from '../read/kernel.ts';

/** A process may map 65,530 files (vm.max_map_count); the largest are told. */
const MOST_GROUPS = 2000;

export const readMemory = (directory: Directory): Omit<ProcessMemory, 'key' | 'takenAt' | 'clock' | 'millis'> => {
  const maps = parsed(directory.text('maps'), parseMaps);
  return {
    status: parsed(directory.text('status'), parseStatusMemory),
    rollup: parsed(directory.text('smaps_rollup'), parseSmapsRollup),
    maps: maps.ok ? { ok: true, value: maps.value.slice(0, MOST_GROUPS) } : maps,
    mapsLeft: maps.ok ? Math.max(0, maps.value.length - MOST_GROUPS) : 0,
  };
};
