/** What a container uses: the kernel's account, or the engine's where the kernel's cannot be had. */
import type { ContainerUse } from '../../shared/container-use.ts';
import { PortholeError } from '../../shared/frames.ts';
import { NO_CGROUP } from './collect/container-use.ts';
import type { Engines } from './engines/engines.ts';
import { useFromStats } from './engines/stats.ts';
import type { Sampler } from './sample/sampler.ts';

export interface Which {
  readonly engine: string | null;
  readonly id: string;
  /** `null` where the engine names no process on this machine. */
  readonly pid: number | null;
}

/** Rejects with a PortholeError where neither tells; the message says why each. */
export const containerUse = async (
  sampler: Pick<Sampler, 'containerUse'>,
  engines: Pick<Engines, 'stats'>,
  { engine, id, pid }: Which,
): Promise<ContainerUse> => {
  const read = pid === null ? 'no process of it is on this machine' : await sampler.containerUse({ id, pid });
  if (typeof read !== 'string') return read;
  // What its engine counts then is the cgroup it is in with others.
  if (engine === null || read.startsWith(NO_CGROUP)) throw new PortholeError('failed', read);
  return useFromStats(await engines.stats(engine, id), read);
};
