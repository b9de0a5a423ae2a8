/** Docker's calls about one container beyond looking at it. Docker Engine API reference; Podman answers the same. */
import type Docker from 'dockerode';
import { inEngineWords } from './act.ts';
import { field } from './field.ts';

type Connected = Pick<Docker, 'getContainer' | 'modem'>;
type Loose = { readonly [call: string]: (options: unknown) => Promise<unknown> };

const asked = async (docker: Connected, id: string, call: string, options: unknown): Promise<unknown> => {
  // The typings lag behind what the calls take.
  const container = docker.getContainer(encodeURIComponent(id)) as unknown as Loose;
  try {
    return await container[call]!(options);
  } catch (error) {
    throw inEngineWords(error);
  }
};

/** One reading without the second that an engine waits for a rate; the rates are ours. Since API 1.41; before, it waits. */
export const readStats = (docker: Connected, id: string, abortSignal: AbortSignal): Promise<unknown> =>
  asked(docker, id, 'stats', { stream: false, 'one-shot': true, abortSignal });

export const readTop = (docker: Connected, id: string, abortSignal: AbortSignal): Promise<unknown> =>
  asked(docker, id, 'top', { abortSignal });

export const readDiff = (docker: Connected, id: string, abortSignal: AbortSignal): Promise<unknown> =>
  asked(docker, id, 'changes', { abortSignal });

/** Resolves with the engine's warnings. */
export async function update(
  docker: Connected,
  id: string,
  body: Readonly<Record<string, unknown>>,
  abortSignal: AbortSignal,
): Promise<readonly string[]> {
  const told = await asked(docker, id, 'update', { ...body, abortSignal });
  const warnings = field(told, 'Warnings');
  return Array.isArray(warnings) ? warnings.filter((words): words is string => typeof words === 'string') : [];
}
