/** Calls that dockerode has no method for, or none that takes a signal. */
import type Docker from 'dockerode';

export type Dialled = Pick<Docker, 'modem'>;

/** Resolves with the parsed answer; rejects with docker-modem's error, whose `statusCode` is set if the engine answered. */
export const dial = (
  docker: Dialled,
  method: 'GET' | 'DELETE',
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<unknown> =>
  new Promise((resolve, reject) => {
    docker.modem.dial(
      {
        path: `${path}?`,
        method,
        abortSignal: signal,
        options: { _query: query },
        statusCodes: { 200: true },
      } as Parameters<typeof docker.modem.dial>[0],
      (error: unknown, answer: unknown) => (error ? reject(error as Error) : resolve(answer)),
    );
  });
