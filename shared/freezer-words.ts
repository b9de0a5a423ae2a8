import type { CgroupFreezer } from './model.ts';

/**
 * `frozen by its cgroup`, or `null` if none of them is known to freeze it. The letter of stat is then no help: a process
 * frozen by cgroup v1 is D, one frozen by v2 is S.
 */
export const frozenWords = (freezers: readonly CgroupFreezer[]): string | null => {
  const states = freezers.map(({ state }) => (state.ok ? state.value : null));
  if (states.includes('frozen')) return 'frozen by its cgroup';
  return states.includes('freezing') ? 'being frozen by its cgroup' : null;
};
