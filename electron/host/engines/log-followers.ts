/** The logs that one page follows: bytes as the engine sends them, held up while the page is behind. */
import type { Readable } from 'node:stream';
import { PortholeError } from '../../../shared/frames.ts';
import { LOG_FLOW, type LogEnd, type LogQuery, type LogStart } from '../../../shared/logs.ts';
import { COALESCE_MILLIS } from '../../../shared/terminal.ts';
import { wordsOf } from './condition.ts';
import type { Engines } from './engines.ts';
import { field } from './field.ts';

/** A page shows one at a time; a few more while it turns from one to the next. */
const MOST_LOGS = 8;
/** An engine sends each line by itself; a frame each would cost the page more than the lines. */
const ENOUGH_BYTES = 64 * 1024;

interface Followed {
  readonly cancel: AbortController;
  stream: Readable | null;
  /** Sent and not yet acknowledged. */
  behind: number;
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
    const followed: Followed = { cancel: new AbortController(), stream: null, behind: 0 };
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
    const followed = this.#followed.get(log);
    if (followed === undefined) return;
    // The page is not trusted to count.
    followed.behind = Math.max(0, followed.behind - bytes);
    if (followed.behind < LOG_FLOW.low) followed.stream?.resume();
  }

  stop(log: string): void {
    const followed = this.#followed.get(log);
    if (followed === undefined) return;
    this.#followed.delete(log);
    followed.cancel.abort(new PortholeError('failed', 'No longer followed.'));
    followed.stream?.destroy();
  }

  close(): void {
    for (const log of [...this.#followed.keys()]) this.stop(log);
  }

  #begin(log: string, followed: Followed, stream: Readable): void {
    if (this.#followed.get(log) !== followed) return;
    let gathered: Buffer[] = [];
    let size = 0;
    let timer: NodeJS.Timeout | null = null;
    const flush = (): void => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      if (size === 0 || this.#followed.get(log) !== followed) return;
      // A copy: what is sent may be handed over to another thread, and these are pieces of Node's pool.
      const whole = new Uint8Array(Buffer.concat(gathered, size));
      gathered = [];
      size = 0;
      this.#listener.bytes(log, whole);
    };
    let over = false;
    const end = (error: string | null): void => {
      if (over || this.#followed.get(log) !== followed) return;
      flush();
      over = true;
      this.#listener.ended({ log, error });
    };
    stream.on('data', (bytes: Buffer) => {
      followed.behind += bytes.length;
      gathered.push(bytes);
      size += bytes.length;
      if (size >= ENOUGH_BYTES) flush();
      else timer ??= setTimeout(flush, COALESCE_MILLIS);
      if (followed.behind > LOG_FLOW.high) stream.pause();
    });
    stream.on('end', () => end(null));
    stream.on('error', (error) => end(wordsOf(error)));
    stream.on('close', () => end('The engine ended the connection.'));
  }
}
