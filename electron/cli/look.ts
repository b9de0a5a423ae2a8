/** One look at this machine, for a command that answers and ends. */
import { Collector } from '../host/collect/collector.ts';
import { lookOnce } from '../host/engines/engines.ts';
import { LinuxKernel } from '../host/read/kernel.ts';
import { PortholeError } from '../../shared/frames.ts';
import type { Process, ProcessDetail, World } from '../../shared/model.ts';

export interface Look {
  readonly world: World;
  /** `null` if the process ended meanwhile or is closed to us. */
  readonly detail: (process: Process) => ProcessDetail | null;
}

/** Containers are found by their cgroups alone: quick, but without names. */
export const lookAtKernel = (): Look => lookWith([], []);

/** An engine that does not answer within this time is told of as hung; a person waits for the answer. */
const ENGINES_MILLIS = 3000;

export const lookAtAll = async (): Promise<Look> => {
  const { engines, containers } = await lookOnce(undefined, ENGINES_MILLIS);
  return lookWith(engines, containers);
};

const lookWith = (...found: Parameters<Collector['collect']>): Look => {
  const collector = new Collector(new LinuxKernel());
  const world = collector.collect(...found);
  return { world, detail: (process) => detailOf(collector, process) };
};

const detailOf = (collector: Collector, process: Process): ProcessDetail | null => {
  try {
    return collector.detail(process.key);
  } catch (error) {
    if (error instanceof PortholeError && (error.code === 'not-found' || error.code === 'denied')) return null;
    throw error;
  }
};
