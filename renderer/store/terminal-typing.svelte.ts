/**
 * What is typed and pasted, on its way to programs that may not be reading: in pieces, a few at a time, so that none is lost
 * however much it is, and the host never holds more of it than it must.
 */
import type { Client } from '../../shared/client.ts';
import { bytesInWords } from '../../shared/sentence.ts';
import type { TerminalInfo } from '../../shared/terminal.ts';
import { visible } from '../../shared/text.ts';

type TypingClient = Pick<Client, 'on' | 'terminalInput' | 'onTook'>;

/** One frame's worth, bytes. */
const PIECE_BYTES = 32 * 1024;
/** So much may be under way to one program, bytes: enough that it does not wait for the next piece. */
const UNDER_WAY_BYTES = 128 * 1024;
/** A program that takes nothing for so long is said not to read. */
const PATIENCE_MILLIS = 2_000;

interface Line {
  waiting: Uint8Array[];
  waitingBytes: number;
  /** Sent, and not yet taken. */
  underWay: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Bytes in all, and those of them that can still be forgotten. */
export interface Stuck {
  readonly bytes: number;
  readonly unsent: number;
}

interface Reports {
  readonly find: (id: string) => Pick<TerminalInfo, 'title' | 'ended'> | undefined;
  /** Told in one sentence what did not arrive. */
  readonly failed: (words: string) => void;
}

export class Typing {
  /** How much waits for each program that does not read. */
  stuck = $state.raw<ReadonlyMap<string, Stuck>>(new Map());
  readonly #reports: Reports;
  readonly #lines = new Map<string, Line>();
  #client: TypingClient | null = null;

  constructor(reports: Reports) {
    this.#reports = reports;
  }

  /** Returns what to call when this client is lost. */
  connected(client: TypingClient): () => void {
    this.#client = client;
    const stops = [
      client.onTook((id, bytes) => this.#took(id, bytes)),
      client.on('terminalRefused', ({ terminal, bytes }) => {
        const words = `${bytesInWords(bytes)} were not kept`;
        this.#reports.failed(`The program of ${this.#named(terminal)} does not read what is typed: ${words}.`);
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      if (this.#client === client) this.#client = null;
      for (const [id, { waitingBytes }] of [...this.#lines]) {
        this.#end(id);
        if (waitingBytes === 0) continue;
        const words = `${bytesInWords(waitingBytes)} for ${this.#named(id)} had been sent`;
        this.#reports.failed(`The connection was lost before ${words}; they are gone.`);
      }
    };
  }

  type(id: string, bytes: Uint8Array): void {
    if (this.#client === null || bytes.length === 0) return;
    const line = this.#lines.get(id) ?? { waiting: [], waitingBytes: 0, underWay: 0, timer: undefined };
    this.#lines.set(id, line);
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) line.waiting.push(bytes.subarray(at, at + PIECE_BYTES));
    line.waitingBytes += bytes.length;
    this.#send(id, line);
    line.timer ??= setTimeout(() => this.#say(id), PATIENCE_MILLIS);
    if (this.stuck.has(id)) this.#say(id);
  }

  /** What has not been sent yet never will be. */
  forget(id: string): void {
    const line = this.#lines.get(id);
    if (line === undefined) return;
    line.waiting = [];
    line.waitingBytes = 0;
    this.#say(id);
  }

  #took(id: string, bytes: number): void {
    const line = this.#lines.get(id);
    if (line === undefined) return;
    line.underWay -= bytes;
    if (this.#reports.find(id)?.ended !== null) return this.#end(id);
    this.#send(id, line);
    if (line.underWay <= 0) return this.#end(id);
    clearTimeout(line.timer);
    line.timer = setTimeout(() => this.#say(id), PATIENCE_MILLIS);
    if (this.stuck.has(id)) this.#say(id);
  }

  #send(id: string, line: Line): void {
    for (let first = line.waiting[0]; first !== undefined; first = line.waiting[0]) {
      if (line.underWay > 0 && line.underWay + first.length > UNDER_WAY_BYTES) return;
      line.waiting.shift();
      line.waitingBytes -= first.length;
      line.underWay += first.length;
      this.#client?.terminalInput(id, first);
    }
  }

  #end(id: string): void {
    clearTimeout(this.#lines.get(id)?.timer);
    this.#lines.delete(id);
    if (this.stuck.has(id)) this.stuck = new Map([...this.stuck].filter(([other]) => other !== id));
  }

  #named(id: string): string {
    const title = this.#reports.find(id)?.title;
    return title === undefined ? 'a terminal' : `“${visible(title)}”`;
  }

  #say(id: string): void {
    const line = this.#lines.get(id);
    if (line === undefined) return;
    const { waitingBytes: unsent, underWay } = line;
    this.stuck = new Map([...this.stuck, [id, { bytes: unsent + underWay, unsent }]]);
  }
}
