/** What Podman tells beyond Docker's API: its pods. Podman's API reference, libpod/containers/json. */
import type { ContainerPod } from '../../../shared/model.ts';
import { PortholeError } from '../../../shared/frames.ts';
import { inEngineWords } from './act.ts';
import { wordsOf } from './condition.ts';
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

type Body = Readonly<Record<string, unknown>>;

/** Docker's fields among runtime-spec's LinuxResources, which libpod's update takes. */
const RESOURCES: Readonly<Record<string, readonly [group: string, name: string]>> = {
  Memory: ['memory', 'limit'],
  MemoryReservation: ['memory', 'reservation'],
  MemorySwap: ['memory', 'swap'],
  CpuPeriod: ['cpu', 'period'],
  CpuQuota: ['cpu', 'quota'],
  CpuShares: ['cpu', 'shares'],
  CpusetCpus: ['cpu', 'cpus'],
  CpusetMems: ['cpu', 'mems'],
  PidsLimit: ['pids', 'limit'],
  BlkioWeight: ['blockIO', 'weight'],
};

/** What `podman update` asks for, of a body in Docker's words. */
export function podmanUpdate(body: Body): { readonly resources: Body; readonly query: Record<string, string> } {
  const resources: Record<string, Record<string, unknown>> = {};
  for (const [field, value] of Object.entries(body)) {
    const [group, name] = RESOURCES[field] ?? [];
    if (group !== undefined && name !== undefined) resources[group] = { ...resources[group], [name]: value };
  }
  const [policy, times] = [field(body, 'RestartPolicy', 'Name'), field(body, 'RestartPolicy', 'MaximumRetryCount')];
  // Beside limits it only says what it is already: libpod keeps it by itself.
  if (typeof policy !== 'string' || Object.keys(resources).length > 0) return { resources, query: {} };
  const retries: Record<string, string> =
    typeof times === 'number' && times > 0 ? { restartRetries: String(times) } : {};
  return { resources, query: { restartPolicy: policy, ...retries } };
}

/** Sets limits of a container; Docker's call for it Podman 4 does not have. Rejects with a PortholeError in Podman's words. */
export async function updateByPodman(docker: Dialled, id: string, body: Body, signal: AbortSignal): Promise<void> {
  const { resources, query } = podmanUpdate(body);
  await new Promise<void>((resolve, reject) => {
    docker.modem.dial(
      {
        path: `${LIBPOD}/containers/${encodeURIComponent(id)}/update?`,
        method: 'POST',
        abortSignal: signal,
        options: { _query: query, _body: resources },
        statusCodes: { 200: true, 201: true, 400: 'bad parameter', 404: 'not found', 500: 'server error' },
      } as Parameters<typeof docker.modem.dial>[0],
      (error: unknown) => (error ? reject(error as Error) : resolve()),
    );
  }).catch((error: unknown) => {
    // A path that Podman does not know it answers with no words of its own.
    const unknown = field(error, 'statusCode') === 404 && !/no such container|no container/i.test(wordsOf(error));
    if (unknown) throw new PortholeError('failed', NO_UPDATE);
    // Of the runtime's own words Podman passes on none.
    const told = inEngineWords(error);
    if (told instanceof PortholeError && /update .*failed: exit status/.test(told.message))
      throw new PortholeError('failed', `${told.message}. ${NO_CGROUP}`);
    throw told;
  });
}

const NO_UPDATE = 'This Podman changes no limits of a container; it does since 4.3. Write the cgroup file instead.';

const NO_CGROUP =
  'The runtime could not write to the container’s cgroup. Without root that needs cgroup v2 and a cgroup given to the user.';

/** An answer that is no answer to this: `null`. Everything else is passed on. */
function refusal(error: unknown): null {
  if (typeof field(error, 'statusCode') === 'number') return null;
  throw error;
}
