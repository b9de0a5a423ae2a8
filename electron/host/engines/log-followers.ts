/** The logs that one page follows: bytes as the engine sends them, held up while the page is behind. */
import type { Readable } from 'node:stream';
import { PortholeError } from '../../../shared/frames.ts';
import type { LogEnd, LogQuery, LogStart } from '../../../shared/logs.ts';
import { Flow } from '../shells/flow.ts';
import { wordsOf } from './condition.ts';
import type { Engines } from './engines.ts';
import { field } from './field.ts';

/** A page shows one at a time; a few more while it turns from one to the next. */
const MOST_LOGS = 8;

const VIEWER = 'page';

interface Followed {
  readonly cancel: AbortController;
  stream: Readable | null;
  flow: Flow | null;
}

export interface LogListener {
  bytes(log: string, bytes: Uint8Array): void;
  ended(end: LogEnd): void;
}

export class LogFollowers {
  readonly #engines: Pick<Engines, 'inspect' | 'logs'>;
  readonly #listener: LogListener;
  readonly #followed = new Map<string, Followed>();

  constructor(engines: Pick<Engines, 'inspect' | 'logs'>, listener: LogListener) {
    this.#engines = engines;
    this.#listener = listener;
  }

  /** Its bytes follow the answer. Rejects with a PortholeError in the engine's words. */
  async follow(log: string, engine: string, id: string, query: LogQuery): Promise<LogStart> {
    if (this.#followed.has(log) || this.#followed.size >= MOST_LOGS) {
      throw new PortholeError('bad-request', 'That log is followed, or too many are.');
    }
    const followed: Followed = { cancel: new AbortController(), stream: null, flow: null };
    this.#followed.set(log, followed);
    try {
      const inspected = await this.#engines.inspect(engine, id);
      const stream = await this.#engines.logs(engine, id, query, followed.cancel.signal);
      if (this.#followed.get(log) !== followed) {
        stream.destroy();
        throw new PortholeError('failed', 'No longer followed.');
      }
      followed.stream = stream;
      // The answer to this call is on its way before the first byte.
      setImmediate(() => this.#begin(log, followed, stream));
      const driver = field(inspected, 'HostConfig', 'LogConfig', 'Type');
      return {
        tty: field(inspected, 'Config', 'Tty') === true,
        driver: typeof driver === 'string' && driver !== '' ? driver : null,
      };
    } catch (error) {
      if (this.#followed.get(log) === followed) this.#followed.delete(log);
      throw error;
    }
  }

  acknowledge(log: string, bytes: number): void {
    this.#followed.get(log)?.flow?.acknowledge(VIEWER, bytes);
  }

  stop(log: string): void {
    const followed = this.#followed.get(log);
    if (followed === undefined) return;
    this.#followed.delete(log);
    followed.cancel.abort(new PortholeError('failed', 'No longer followed.'));
    followed.flow?.close();
    followed.stream?.destroy();
  }

  close(): void {
    for (const log of [...this.#followed.keys()]) this.stop(log);
  }

  #begin(log: string, followed: Followed, stream: Readable): void {
    if (this.#followed.get(log) !== followed) return;
    const flow = new Flow({ pause: () => stream.pause(), resume: () => stream.resume() });
    followed.flow = flow;
    flow.follow(VIEWER, (bytes) => this.#listener.bytes(log, bytes))(new Uint8Array(0));
    let over = false;
    const end = (error: string | null): void => {
      if (over || this.#followed.get(log) !== followed) return;
      over = true;
      flow.flush();
      this.#listener.ended({ log, error });
    };
    stream.on('data', (bytes: Buffer) => {
      flow.output(bytes);
      flow.parsed(bytes.length);
    });
    stream.on('end', () => end(null));
    stream.on('error', (error) => end(wordsOf(error)));
    stream.on('close', () => end('The engine ended the connection.'));
  }
}
