/** A program that an engine runs in a container, as a terminal shows it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import { PortholeError } from '../../../shared/frames.ts';
import { OutputFrames } from '../../../shared/log-frames.ts';
import type { ExecState } from '../engines/exec.ts';
import type { Program, ProgramEnd } from './program.ts';
import { typedWithoutTty, withReturns } from './without-tty.ts';
import { errorText } from '../../../shared/text.ts';

/** What is asked of the engine about this one program; each call ends by itself. */
export interface ExecHandle {
  readonly tty: boolean;
  /** Already started. */
  readonly stream: Duplex;
  inspect(): Promise<ExecState>;
  resize(cols: number, rows: number): Promise<void>;
  /** Whether this process is the program, for the number may be of another machine. */
  isHere(pid: number): Promise<boolean>;
  /** Why the container is not running any more; `null` if it is, or nobody knows. */
  containerEnd(): Promise<string | null>;
}

/** Input that the engine does not take is kept up to here, bytes. */
const MOST_BYTES = 4 * 1024 * 1024;
/** When to ask which process it is, ms after the last try. */
const PID_MILLIS = [0, 50, 150, 300, 500, 1000, 2000] as const;
/** The stream ends a little before the engine has noted how the program ended. */
const END_MILLIS = 50;
const END_TRIES = 20;
/** Ctrl+C and Ctrl+D: what ends most programs whose process may not be signalled. */
const GOODBYE = Uint8Array.of(3, 4);

export class ExecProgram implements Program {
  readonly #handle: ExecHandle;
  readonly #onEnd: (end: ProgramEnd) => void;
  readonly #onData: (bytes: Uint8Array) => void;
  #pid: number | null = null;
  #over = false;
  #broken: string | null = null;
  #size: { cols: number; rows: number } | null = null;
  #resizing = false;

  constructor(handle: ExecHandle, onData: (bytes: Uint8Array) => void, onEnd: (end: ProgramEnd) => void) {
    this.#handle = handle;
    this.#onData = onData;
    this.#onEnd = onEnd;
    const { stream, tty } = handle;
    const frames = tty ? null : new OutputFrames();
    const take = (chunk: Uint8Array): void => {
      if (frames === null) return onData(chunk);
      for (const { bytes } of frames.push(chunk)) if (bytes.length > 0) onData(withReturns(bytes));
    };
    stream.on('data', (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        this.#broken = errorText(error);
        stream.destroy();
      }
    });
    stream.on('end', () => void this.#finish());
    stream.on('close', () => void this.#finish());
    stream.on('error', (error) => (this.#broken ??= error.message));
    void this.#findPid();
  }

  get pid(): number | null {
    return this.#pid;
  }

  pause(): void {
    this.#handle.stream.pause();
  }

  resume(): void {
    this.#handle.stream.resume();
  }

  write(bytes: Uint8Array, taken: () => void = () => {}): boolean {
    const { stream, tty } = this.#handle;
    if (this.#over || !stream.writable || bytes.length === 0) {
      taken();
      return true;
    }
    if (stream.writableLength + bytes.length > MOST_BYTES) return false;
    if (tty) {
      stream.write(bytes, taken);
      return true;
    }
    const { sent, shown, ends } = typedWithoutTty(bytes);
    if (shown.length > 0) this.#onData(shown);
    if (sent.length > 0) stream.write(sent, taken);
    else taken();
    if (ends) stream.end();
    return true;
  }

  /** Only the last of several sizes is told. */
  resize(cols: number, rows: number): void {
    if (!this.#handle.tty) return;
    this.#size = { cols, rows };
    if (!this.#resizing) void this.#tellSize();
  }

  close(): void {
    if (this.#over) return;
    const { stream, tty } = this.#handle;
    if (tty && stream.writable) stream.write(GOODBYE);
    setTimeout(() => stream.destroy(), 4 * END_MILLIS).unref();
  }

  async outlives(): Promise<boolean | null> {
    for (let tries = 0; tries < END_TRIES; tries++) {
      const state = await this.#handle.inspect().catch(() => null);
      if (state === null) return null;
      if (!state.running) return false;
      await sleep(END_MILLIS);
    }
    return true;
  }

  async #tellSize(): Promise<void> {
    this.#resizing = true;
    for (let size = this.#size; size !== null && !this.#over; size = this.#size) {
      this.#size = null;
      // Not started yet, or just ended: there is nobody to tell.
      await this.#handle.resize(size.cols, size.rows).catch(() => undefined);
    }
    this.#resizing = false;
  }

  async #findPid(): Promise<void> {
    for (const millis of PID_MILLIS) {
      await sleep(millis, undefined, { ref: false });
      if (this.#over) return;
      const state = await this.#handle.inspect().catch(() => null);
      if (state?.pid == null) continue;
      if (await this.#handle.isHere(state.pid).catch(() => false)) {
        this.#pid = state.pid;
        return;
      }
    }
  }

  async #finish(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#onEnd(await this.#howItEnded());
    this.#handle.stream.destroy();
  }

  /** A container that is killed takes its programs along, and its engine notes their end before its own. */
  async #containerEnd(exitCode: number): Promise<string | null> {
    for (let tries = 0; tries < (exitCode < 128 ? 1 : END_TRIES); tries++) {
      const words = await this.#handle.containerEnd().catch(() => null);
      if (words !== null) return words;
      await sleep(END_MILLIS);
    }
    return null;
  }

  async #howItEnded(): Promise<ProgramEnd> {
    const unknown = (because: string): ProgramEnd => ({ exitCode: null, signal: null, because });
    try {
      for (let tries = 0; tries < END_TRIES; tries++) {
        const { running, exitCode } = await this.#handle.inspect();
        if (!running && exitCode !== null) {
          return { exitCode, signal: null, because: await this.#containerEnd(exitCode) };
        }
        await sleep(END_MILLIS);
      }
      return unknown(this.#broken ?? 'The connection to it ended; the program may go on.');
    } catch (error) {
      const gone = await this.#handle.containerEnd().catch(() => null);
      if (gone !== null) return unknown(gone);
      const words = error instanceof PortholeError ? error.message : String(error);
      return unknown(`The engine does not say how it ended: ${words}`);
    }
  }
}
