/** The parts of one process's account, each read now. */
import { performance } from 'node:perf_hooks';
import type { Account, AccountPart } from '../../../shared/process-account.ts';
import type { Process, ProcessKey } from '../../../shared/model.ts';
import type { Directory, Kernel } from '../read/kernel.ts';
import { readFiles } from './account-files.ts';
import { readMemory } from './account-memory.ts';
import { readResources } from './account-resources.ts';
import { readThreads } from './account-threads.ts';
import { ofProcess, pidOf } from './of-process.ts';

type Bare<P extends AccountPart> = Omit<Account[P], 'key' | 'takenAt' | 'clock' | 'millis'>;
/** All processes, of which some may have the other end of a file. */
type Processes = readonly Process[];
type Reader<P extends AccountPart> = (directory: Directory, kernel: Kernel, pid: number, all: Processes) => Bare<P>;
const READERS: { readonly [P in AccountPart]: Reader<P> } = {
  resources: readResources,
  memory: readMemory,
  files: readFiles,
  threads: readThreads,
};

/** Throws as {@link ofProcess} does. */
export const readAccount = <P extends AccountPart>(
  kernel: Kernel,
  key: ProcessKey,
  part: P,
  all: Processes = [],
): Account[P] =>
  ofProcess(kernel, key, (directory) => {
    const clock = performance.now();
    const takenAt = Date.now();
    const read = READERS[part](directory, kernel, pidOf(key), all);
    return { key, takenAt, clock, millis: performance.now() - clock, ...read } as unknown as Account[P];
  });
