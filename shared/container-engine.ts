import type { Container, EngineState } from './model.ts';

/** Which of the two engines made it: the one that lists it, or the one that its cgroup speaks of; `null` if neither. */
export const engineKindOf = (
  { engine, runtime }: Pick<Container, 'engine' | 'runtime'>,
  engines: readonly Pick<EngineState, 'id' | 'kind'>[],
): EngineState['kind'] | null => {
  const listing = engines.find(({ id }) => id === engine);
  if (listing !== undefined) return listing.kind;
  return runtime === 'docker' ? 'docker' : runtime === 'libpod' ? 'podman' : null;
};
