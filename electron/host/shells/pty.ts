/**
 * A program on a pseudoterminal: bytes out, bytes in, and none of its last output lost.
 *
 * The traps this file is about. Once the last holder of the terminal's other end has gone, libuv takes the hangup for the
 * end of output though the kernel still holds bytes: so the other end is held open here until the very end, which also
 * lets a program close its terminal and open it again. And node-pty closes the terminal 200 ms after the program's end,
 * read or not: so whatever closes it, everything left is read out first, paused or not.
 */
import fs from 'node:fs';
import { constants } from 'node:os';
import { spawn, type IPty } from 'node-pty';
import { loadIoctl } from '../read/ioctl.ts';
import { InputQueue } from './input-queue.ts';

export interface PtyOptions {
  readonly argv: readonly string[];
  readonly cols: number;
  readonly rows: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface PtyEnd {
  /** As a shell counts: 128 and the signal's number if a signal ended it. */
  readonly exitCode: number;
  readonly signal: string | null;
}

/** What node-pty's class has beyond its typings, version 1.2.0-beta.15. */
interface UnixPty extends IPty {
  readonly fd: number;
  readonly ptsName: string;
  readonly _socket: {
    destroy: () => unknown;
    read: () => unknown;
    destroyed: boolean;
    on: (event: 'newListener', listener: (name: string) => void) => unknown;
  };
}

/** A background process that outlives the program may write for ever; this much of it is taken at the end. */
const LAST_BYTES = 1024 * 1024;

/** ioctl_tty(2) FIOCLEX on x86-64 and arm64: node-pty's descriptor would be inherited by all that the host executes. */
const FIOCLEX = 0x5451;

export class Pty {
  readonly #pty: UnixPty;
  readonly #input: InputQueue;
  #held: number | null;
  #paused = false;
  #ended = false;

  /**
   * Starts the program. `onData` gets every byte, also those that come after {@link pause} because the program ended; `onEnd`
   * is called once, after the last byte. Throws if no terminal can be had (forkpty).
   */
  constructor(options: PtyOptions, onData: (bytes: Uint8Array) => void, onEnd: (end: PtyEnd) => void) {
    const [file, ...args] = options.argv;
    if (file === undefined) throw new TypeError('no program');
    const { cols, rows, cwd, env } = options;
    const pty = spawn(file, args, { name: 'xterm-256color', cols, rows, cwd, env, encoding: null }) as UnixPty;
    this.#pty = pty;
    loadIoctl()?.call(pty.fd, FIOCLEX);
    this.#held = openOtherEnd(pty.ptsName);
    this.#input = new InputQueue(pty.fd);
    const deliver = onData as unknown as (text: string) => void;
    pty.onData(deliver);

    const socket = pty._socket;
    const destroy = socket.destroy.bind(socket);
    socket.destroy = () => {
      if (!socket.destroyed) {
        // What node has read but held back while paused comes first; reading it hands it to onData.
        while (socket.read() !== null);
        drain(pty.fd, onData);
        this.#letGo();
      }
      return destroy();
    };
    // When the program has ended, node-pty begins to wait for the close that it will force in 200 ms. Nothing is gained
    // by that wait, since all is read out at the close.
    socket.on('newListener', (name) => {
      if (name === 'close' && !exists(pty.pid)) setImmediate(socket.destroy);
    });
    pty.onExit(({ exitCode, signal }) => {
      this.#letGo();
      const ended = signal === undefined || signal === 0 ? null : signal;
      onEnd({ exitCode: ended === null ? exitCode : 128 + ended, signal: ended === null ? null : signalName(ended) });
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** Stops reading: the program waits once the kernel's buffer is full. */
  pause(): void {
    if (this.#paused || this.#ended) return;
    this.#paused = true;
    this.#pty.pause();
  }

  resume(): void {
    if (!this.#paused || this.#ended) return;
    this.#paused = false;
    this.#pty.resume();
  }

  /** As in {@link InputQueue.write}. */
  write(bytes: Uint8Array, taken?: () => void): boolean {
    return this.#input.write(bytes, taken);
  }

  resize(cols: number, rows: number): void {
    if (!this.#ended) this.#pty.resize(cols, rows);
  }

  /** From here on the descriptors may belong to something else. */
  #letGo(): void {
    this.#ended = true;
    this.#input.close();
    if (this.#held !== null) fs.closeSync(this.#held);
    this.#held = null;
  }
}

/** `null` where /dev/pts is not to be had: the program runs all the same, only its end is less sure. */
const openOtherEnd = (path: string): number | null => {
  const { O_RDWR, O_NOCTTY } = fs.constants;
  try {
    return fs.openSync(path, O_RDWR | O_NOCTTY);
  } catch {
    return null;
  }
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code !== 'ESRCH';
  }
};

/** Takes what the kernel holds; with the other end open, an empty terminal says EAGAIN. */
const drain = (fd: number, onData: (bytes: Uint8Array) => void): void => {
  for (let taken = 0; taken < LAST_BYTES;) {
    const buffer = Buffer.allocUnsafe(16 * 1024);
    let read: number;
    try {
      read = fs.readSync(fd, buffer);
    } catch {
      return; // EAGAIN: empty. EIO: empty and hung up.
    }
    if (read === 0) return;
    taken += read;
    onData(buffer.subarray(0, read));
  }
};

const signalName = (number: number): string =>
  Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;
