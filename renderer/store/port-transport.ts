/** The message port that Electron's preload hands over, as a transport. Frames cross as objects, bytes as they are. */
import type { Frame, ToHost, ToPage, Transport } from '../../shared/frames.ts';

export class PortTransport implements Transport<ToHost, ToPage> {
  readonly #port: MessagePort;
  readonly #closeListeners: ((reason: string) => void)[] = [];
  #closed = false;

  constructor(port: MessagePort) {
    this.#port = port;
    port.addEventListener('close', () => this.#finish('the host process ended'));
  }

  send(frame: Frame<ToHost>): void {
    if (!this.#closed) this.#port.postMessage(frame);
  }

  onFrame(listener: (frame: Frame<ToPage>) => void): void {
    this.#port.addEventListener('message', ({ data }) => listener(data as Frame<ToPage>));
    this.#port.start();
  }

  onClose(listener: (reason: string) => void): void {
    this.#closeListeners.push(listener);
  }

  close(reason = 'closed by the page'): void {
    this.#port.close();
    this.#finish(reason);
  }

  #finish(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const listener of this.#closeListeners) listener(reason);
  }
}
