/** Processes that have just begun or just ended, for a moment: so that the eye can follow what happens. */
import type { Process, ProcessKey, World } from '../../../shared/model.ts';

/** How long an ended process's row stays, struck through. */
export const GONE_MILLIS = 2000;

export interface Ghost {
  readonly process: Process;
  /** Milliseconds since 1970, of the look that no longer had it. */
  readonly goneAt: number;
}

/**
 * The ghosts after one more look: those still young enough, and those that have just ended. A pid that was given anew
 * has no ghost, for a tree has one place a pid.
 */
export const ghostsAfter = (ghosts: readonly Ghost[], before: World | null, now: World): readonly Ghost[] => {
  if (before === null) return [];
  const alive = new Set(now.processes.map(({ pid }) => pid));
  const keys = new Set(now.processes.map(({ key }) => key));
  const kept = ghosts.filter(({ process, goneAt }) => now.takenAt - goneAt < GONE_MILLIS && !alive.has(process.pid));
  const known = new Set(kept.map(({ process }) => process.key));
  const fresh = before.processes
    .filter(({ key, pid }) => !keys.has(key) && !alive.has(pid) && !known.has(key))
    .map((process) => ({ process, goneAt: now.takenAt }));
  return fresh.length === 0 && kept.length === ghosts.length ? ghosts : [...kept, ...fresh];
};

/** The processes that the look before did not have. None at first sight, when all would be new. */
export const bornSince = (before: World | null, now: World): ReadonlySet<ProcessKey> => {
  if (before === null) return new Set();
  const old = new Set(before.processes.map(({ key }) => key));
  return new Set(now.processes.filter(({ key }) => !old.has(key)).map(({ key }) => key));
};
