/** The web socket of `porthole serve` as a transport: the token first, as text, then binary frames both ways. */
import { decodeFrame, encodeFrame, type Frame, type ToHost, type ToPage, type Transport } from '../../shared/frames.ts';

/** What the host closes with when it does not know the token; of RFC 6455's private range. */
const REFUSED = 4401;

export class SocketTransport implements Transport<ToHost, ToPage> {
  readonly #socket: WebSocket;
  readonly #closeListeners: ((reason: string) => void)[] = [];
  #frameListener: ((frame: Frame<ToPage>) => void) | null = null;
  #waiting: Frame<ToHost>[] = [];
  #admitted = false;
  #closed: string | null = null;
  #refused = false;

  constructor(socket: WebSocket, token: string) {
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => socket.send(token));
    socket.addEventListener('message', ({ data }) => this.#receive(data));
    socket.addEventListener('close', ({ code }) => {
      this.#refused = code === REFUSED;
      this.#finish(this.#admitted ? 'the host ended the connection' : 'the host does not answer');
    });
  }

  /** True if the host turned the token down; trying again with the same one is useless. */
  get refused(): boolean {
    return this.#refused;
  }

  /** Frames wait until the host has taken the token. */
  send(frame: Frame<ToHost>): void {
    if (this.#admitted) this.#socket.send(encodeFrame(frame) as Uint8Array<ArrayBuffer>);
    else this.#waiting.push(frame);
  }

  onFrame(listener: (frame: Frame<ToPage>) => void): void {
    this.#frameListener = listener;
  }

  onClose(listener: (reason: string) => void): void {
    this.#closeListeners.push(listener);
  }

  close(reason = 'closed by the page'): void {
    this.#socket.close();
    this.#finish(reason);
  }

  #receive(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) {
      // The only text the host sends: that the token is right.
      this.#admitted = true;
      for (const frame of this.#waiting.splice(0)) this.send(frame);
      return;
    }
    try {
      this.#frameListener?.(decodeFrame(new Uint8Array(data)) as Frame<ToPage>);
    } catch (error) {
      console.error(error);
      this.close('the host sent something this page does not understand');
    }
  }

  #finish(reason: string): void {
    if (this.#closed !== null) return;
    this.#closed = reason;
    for (const listener of this.#closeListeners) listener(reason);
  }
}
