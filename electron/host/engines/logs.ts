/** A container's log as a stream. Docker Engine API reference, ContainerLogs; Podman answers the same. */
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { LogQuery } from '../../../shared/logs.ts';
import { inEngineWords } from './act.ts';

/**
 * Follows it, each line with its time. Rejects in the engine's words: some drivers keep nothing that can be read. The
 * stream must be destroyed by whoever got it.
 */
export const openLogs = (
  docker: Pick<Docker, 'modem'>,
  id: string,
  { tail, sinceSeconds, between }: LogQuery,
  signal: AbortSignal,
): Promise<Readable> =>
  new Promise((resolve, reject) => {
    const from = sinceSeconds === null ? (between?.from ?? null) : Math.floor(Date.now() / 1000) - sinceSeconds;
    const to = between?.to ?? null;
    const span = { ...(from === null ? {} : { since: from }), ...(to === null ? {} : { until: to }) };
    docker.modem.dial(
      {
        path: `/containers/${encodeURIComponent(id)}/logs?`,
        method: 'GET',
        abortSignal: signal,
        isStream: true,
        options: {
          _query: { stdout: true, stderr: true, follow: to === null, timestamps: true, tail: tail ?? 'all', ...span },
        },
        statusCodes: { 200: true },
      } as Parameters<typeof docker.modem.dial>[0],
      (error: unknown, stream: unknown) =>
        error ? reject(inEngineWords(error) as Error) : resolve(stream as Readable),
    );
  });
