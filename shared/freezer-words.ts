import type { CgroupFreezer, FreezerState } from './model.ts';

/** What several freezers make of a process together: one is enough. `null` if none of them could be read. */
export const frozenBy = (states: readonly (FreezerState | null)[]): FreezerState | null =>
  (['frozen', 'freezing', 'thawed'] as const).find((state) => states.includes(state)) ?? null;

/**
 * `frozen by its cgroup`, or `null` if none is known to freeze it. The letter of stat is then no help: a process frozen by
 * cgroup v1 is D, one frozen by v2 is S.
 */
export const frozenWord = (state: FreezerState | null): string | null =>
  state === 'frozen' ? 'frozen by its cgroup' : state === 'freezing' ? 'being frozen by its cgroup' : null;

export const frozenWords = (freezers: readonly CgroupFreezer[]): string | null =>
  frozenWord(frozenBy(freezers.map(({ state }) => (state.ok ? state.value : null))));
