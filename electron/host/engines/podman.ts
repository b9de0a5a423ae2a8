/** What Podman tells beyond Docker's API: its pods. Podman's API reference, libpod/containers/json. */
import type { ContainerPod } from '../../../shared/model.ts';
import { dial, type Dialled } from './dial.ts';
import { field } from './field.ts';

/** The oldest libpod API that Podman 4 and 5 both serve. */
export const LIBPOD = '/v4.0.0/libpod';

/** Whether the engine is one that has pods; Docker answers 404. */
export async function knowsPods(docker: Dialled, signal: AbortSignal): Promise<boolean> {
  return (await dial(docker, 'GET', '/libpod/_ping', {}, signal).catch(refusal)) !== null;
}

/**
 * The pod of each container that is in one, by the container's id; of `ids` or of all. Empty where this Podman is too old
 * to say. Rejects if it does not answer.
 */
export async function podsOf(
  docker: Dialled,
  ids: readonly string[] | null,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ContainerPod>> {
  const filters = ids === null ? {} : { filters: JSON.stringify({ id: ids }) };
  const told = await dial(docker, 'GET', `${LIBPOD}/containers/json`, { all: 'true', ...filters }, signal).catch(
    refusal,
  );
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
