/**
 * The host in a process of its own, and the port between it and the page. Main makes the channel, hands out its two ends
 * and steps aside: it never sees what is said.
 */
import type { MessageChannelMain, MessagePortMain, UtilityProcess, WebContents } from 'electron';
import { Restarts } from './restarts.ts';

/** How long the host may take to end its terminals, ms, before it is killed. */
const STOP_MILLIS = 3_000;

/** The page's end; `porthole-port` is the name that the preload listens to. */
export type PortReceiver = Pick<WebContents, 'isDestroyed'> & {
  postMessage(channel: string, message: unknown, transfer: MessagePortMain[]): void;
};

/** The parts of a utility process that are used. */
export type HostChild = Pick<UtilityProcess, 'postMessage' | 'kill'> & {
  once(event: 'exit', listener: (code: number) => void): unknown;
};

export interface HostProcessParts {
  readonly fork: () => HostChild;
  readonly channel: () => Pick<MessageChannelMain, 'port1' | 'port2'>;
  /** Told in one sentence what went wrong. */
  readonly complain: (message: string) => void;
  /** ms; only differences count. */
  readonly now: () => number;
}

export class HostProcess {
  readonly #parts: HostProcessParts;
  readonly #restarts = new Restarts();
  #child: HostChild | null = null;
  #page: PortReceiver | null = null;
  #stopping = false;

  constructor(parts: HostProcessParts) {
    this.#parts = parts;
  }

  /** The page has (re)loaded: a new channel to the host, which is started if it does not run. */
  connect(page: PortReceiver): void {
    this.#page = page;
    this.#restarts.forgive();
    this.#join();
  }

  /** Lets the host end its terminals and itself; kills it if it does not. */
  stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child === null) return Promise.resolve();
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        child.kill();
        resolve();
      }, STOP_MILLIS);
      child.once('exit', () => {
        clearTimeout(late);
        resolve();
      });
      child.postMessage('stop');
    });
  }

  #join(): void {
    if (this.#stopping || this.#page === null || this.#page.isDestroyed()) return;
    const { port1, port2 } = this.#parts.channel();
    this.#running().postMessage('connect', [port1]);
    this.#page.postMessage('porthole-port', null, [port2]);
  }

  #running(): HostChild {
    if (this.#child !== null) return this.#child;
    const child = this.#parts.fork();
    this.#child = child;
    child.once('exit', (code) => {
      this.#child = null;
      if (!this.#stopping) this.#ended(code);
    });
    return child;
  }

  // The page has seen its port close and says that the host is lost; a new port ends that.
  #ended(code: number): void {
    if (this.#restarts.take(this.#parts.now())) {
      this.#parts.complain(`The host ended with code ${code}; starting it again.`);
      this.#join();
    } else {
      this.#parts.complain(`The host ended with code ${code} again; reload the page to start it once more.`);
    }
  }
}
