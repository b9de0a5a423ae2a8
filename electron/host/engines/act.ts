/** Docker's calls that change one container. Docker Engine API reference, Container; Podman answers the same. */
import type Docker from 'dockerode';
import type { ContainerAction } from '../../../shared/container-act.ts';
import { PortholeError, type ErrorCode } from '../../../shared/frames.ts';
import { wordsOf } from './condition.ts';
import { field } from './field.ts';

/** For what an engine does at once, ms; removing a large file system from a slow disk takes the longest. */
const AT_ONCE_MILLIS = 30_000;
/** What an engine needs beyond the time that it gives a program to end, ms. */
const AFTER_GRACE_MILLIS = 20_000;
/** Where neither the call nor the container says it; `docker stop --help`. */
const DEFAULT_GRACE_SECONDS = 10;
/** A container that may take for ever to end is not waited for that long. */
const LONGEST_MILLIS = 3_700_000;

/** How long the engine may take for this, ms. `inspected` tells the container's own time to end. */
export function patienceMillis(action: ContainerAction, inspected: unknown): number {
  if (action.do !== 'stop' && action.do !== 'restart') return AT_ONCE_MILLIS;
  const own = field(inspected, 'Config', 'StopTimeout');
  const grace = action.seconds ?? (typeof own === 'number' ? own : DEFAULT_GRACE_SECONDS);
  return grace < 0 ? LONGEST_MILLIS : Math.min(grace * 1000 + AFTER_GRACE_MILLIS, LONGEST_MILLIS);
}

/** Rejects with a PortholeError in the engine's words. That nothing was to be done (304) is no error. */
export async function act(
  docker: Pick<Docker, 'getContainer'>,
  id: string,
  action: ContainerAction,
  signal: AbortSignal,
): Promise<void> {
  const container = docker.getContainer(encodeURIComponent(id));
  const abortSignal = signal;
  const grace = 'seconds' in action && action.seconds !== null ? { t: action.seconds } : {};
  try {
    switch (action.do) {
      case 'start':
        return void (await container.start({ abortSignal }));
      case 'stop':
        return void (await container.stop({ ...grace, abortSignal }));
      case 'restart':
        return void (await container.restart({ ...grace, abortSignal }));
      case 'pause':
        return void (await container.pause({ abortSignal }));
      case 'unpause':
        return void (await container.unpause({ abortSignal }));
      case 'kill':
        return void (await container.kill({ signal: action.signal, abortSignal }));
      case 'remove':
        return void (await container.remove({ force: action.force, v: action.volumes, abortSignal }));
      case 'rename':
        return void (await container.rename({ name: action.name, abortSignal }));
    }
  } catch (error) {
    if (field(error, 'statusCode') !== 304) throw inEngineWords(error);
  }
}

/** What the engine answered as the page may read it; anything but an answer is passed on as it is. */
export function inEngineWords(error: unknown): unknown {
  const status = field(error, 'statusCode');
  if (typeof status !== 'number') return error;
  const code: ErrorCode = status === 404 ? 'not-found' : status === 403 ? 'denied' : 'failed';
  return new PortholeError(code, wordsOf(error));
}
