/** Nothing that is asked of an engine waits for ever. */

/** The engine took the question and did not answer. */
export class NoAnswer extends Error {
  constructor(what: string, millis: number) {
    super(`no answer to ${what} within ${millis / 1000} s`);
    this.name = 'NoAnswer';
  }
}

/** Calls with a signal that aborts after `millis` or with `signal`, and rejects then even if the call does not heed it. */
export function within<T>(
  what: string,
  millis: number,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const inner = new AbortController();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    };
    const giveUp = (): void => {
      end();
      reject(signal.reason as Error);
      inner.abort();
    };
    const timer = setTimeout(() => {
      end();
      reject(new NoAnswer(what, millis));
      inner.abort();
    }, millis);
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) return giveUp();
    call(inner.signal).then(resolve, reject).finally(end);
  });
}

/** Resolves after `millis`, or at once when `signal` is aborted. */
export function pause(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, millis);
    signal.addEventListener('abort', end);
  });
}
