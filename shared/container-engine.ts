import type { CapabilityEngine } from './capabilities.ts';
import type { Container, EngineState } from './model.ts';

/** By the word of a cgroup path. */
const OF_RUNTIME: Readonly<Record<string, CapabilityEngine>> = {
  docker: 'docker',
  libpod: 'podman',
  containerd: 'containerd',
  crio: 'crio',
};

/** Which engine made it: the one that lists it, or the one that its cgroup speaks of; `null` if that is none we know. */
export const engineKindOf = (
  { engine, runtime }: Pick<Container, 'engine' | 'runtime'>,
  engines: readonly Pick<EngineState, 'id' | 'kind'>[],
): CapabilityEngine | null => {
  const listing = engines.find(({ id }) => id === engine);
  return listing?.kind ?? (runtime === null ? null : (OF_RUNTIME[runtime] ?? null));
};
