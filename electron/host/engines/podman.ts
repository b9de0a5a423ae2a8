/** What Podman tells beyond Docker's API: its pods. Podman's API reference, libpod/containers/json. */
import type Docker from 'dockerode';
import type { ContainerPod } from '../../../shared/model.ts';
import { field } from './field.ts';

/** The oldest libpod API that Podman 4 and 5 both serve. */
const LIBPOD = '/v4.0.0/libpod';

/** Whether the engine is one that has pods; Docker answers 404. */
export async function knowsPods(docker: Pick<Docker, 'modem'>, signal: AbortSignal): Promise<boolean> {
  return (await get(docker, '/libpod/_ping', {}, signal).catch(refusal)) !== null;
}

/**
 * The pod of each container that is in one, by the container's id; of `ids` or of all. Empty where this Podman is too old
 * to say. Rejects if it does not answer.
 */
export async function podsOf(
  docker: Pick<Docker, 'modem'>,
  ids: readonly string[] | null,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ContainerPod>> {
  const filters = ids === null ? {} : { filters: JSON.stringify({ id: ids }) };
  const told = await get(docker, `${LIBPOD}/containers/json`, { all: 'true', ...filters }, signal).catch(refusal);
  const pods = (Array.isArray(told) ? told : []).flatMap((entry: unknown): [string, ContainerPod][] => {
    const [id, pod, name] = [field(entry, 'Id'), field(entry, 'Pod'), field(entry, 'PodName')];
    if (typeof id !== 'string' || typeof pod !== 'string' || pod === '') return [];
    const named = typeof name === 'string' && name !== '' ? name : null;
    return [[id, { id: pod, name: named, infra: field(entry, 'IsInfra') === true }]];
  });
  return new Map(pods);
}

/** An answer that is no answer to this: `null`. Everything else is passed on. */
function refusal(error: unknown): null {
  if (typeof field(error, 'statusCode') === 'number') return null;
  throw error;
}

const get = (
  docker: Pick<Docker, 'modem'>,
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<unknown> =>
  new Promise((resolve, reject) => {
    docker.modem.dial(
      {
        path: `${path}?`,
        method: 'GET',
        abortSignal: signal,
        options: { _query: query },
        statusCodes: { 200: true },
      } as Parameters<typeof docker.modem.dial>[0],
      (error: unknown, answer: unknown) => (error ? reject(error as Error) : resolve(answer)),
    );
  });
