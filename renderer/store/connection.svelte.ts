/**
 * The one connection to the host. In Electron a message port comes from the preload; in a browser the page opens a web
 * socket to where it came from, and again whenever it is lost. Stores hang on with {@link Connection.onOpen}.
 */
import { Client } from '../../shared/client.ts';
import type { Hello } from '../../shared/contract.ts';
import { PortholeError, type ToHost, type ToPage, type Transport } from '../../shared/frames.ts';
import { backoffMillis } from './backoff.ts';
import { PortTransport } from './port-transport.ts';
import { SocketTransport } from './socket-transport.ts';
import { takeToken } from './token.ts';

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /** Figures stay on the screen and are marked. `retryAt`: ms since 1970, `null` where the page cannot try by itself. */
  | { readonly kind: 'lost'; readonly reason: string; readonly since: number; readonly retryAt: number | null }
  | { readonly kind: 'refused'; readonly reason: string };

/** Called with each new client; what it returns is called when that client is lost. */
export type OnOpen = (client: Client, hello: Hello) => (() => void) | void;

/** How long the host may take to answer the first call, ms, before the connection counts as dead. */
const HELLO_MILLIS = 10_000;

export class Connection {
  state = $state.raw<ConnectionState>({ kind: 'connecting' });
  /** The open client; `null` while there is none. */
  client = $state.raw<Client | null>(null);
  /** What the host said of itself last; kept while the connection is lost. */
  hello = $state.raw<Hello | null>(null);

  readonly #listeners = new Set<OnOpen>();
  readonly #goneListeners = new Set<() => void>();
  #undo: (() => void)[] = [];
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #token: string | null = null;
  #started = false;

  /** Begins; once, as early as the page can, for the preload posts its port when the page has loaded. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    if ('porthole' in window) {
      window.addEventListener('message', (event) => {
        const [port] = event.ports;
        if (event.source !== window || event.data !== 'porthole-port' || port === undefined) return;
        void this.#use(new PortTransport(port));
      });
      return;
    }
    this.#enter();
    // A new address pasted over the old one differs in the fragment alone, and does not load the page again.
    window.addEventListener('hashchange', () => {
      if (this.state.kind === 'refused') this.#enter();
    });
  }

  /** Hears of the client that is open now, and of each one after it. Returns the function that stops. */
  onOpen(listener: OnOpen): () => void {
    this.#listeners.add(listener);
    if (this.client !== null && this.hello !== null) this.#tell(listener, this.client, this.hello);
    return () => this.#listeners.delete(listener);
  }

  /** Hears that the host it was connected to is no more: another one answers in its place. Told before its client is. */
  onHostGone(listener: () => void): () => void {
    this.#goneListeners.add(listener);
    return () => this.#goneListeners.delete(listener);
  }

  /** Tries again now instead of at the next turn. */
  retry(): void {
    if (this.state.kind !== 'lost' || this.#token === null) return;
    clearTimeout(this.#timer);
    this.#dial(this.#token);
  }

  #enter(): void {
    this.#token = takeToken({ location, history, storage: sessionStorage });
    if (this.#token === null) {
      this.state = { kind: 'refused', reason: 'This address carries no token.' };
      return;
    }
    this.state = { kind: 'connecting' };
    this.#dial(this.#token);
  }

  #dial(token: string): void {
    const url = new URL('/socket', location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const transport = new SocketTransport(new WebSocket(url), token);
    void this.#use(transport, () => transport.refused);
  }

  async #use(transport: Transport<ToHost, ToPage>, refused: () => boolean = () => false): Promise<void> {
    const client = new Client(transport);
    transport.onClose((reason) => this.#lose(client, reason, refused()));
    const late = setTimeout(() => transport.close('the host does not answer'), HELLO_MILLIS);
    try {
      const hello = await client.call('hello', {});
      this.#failures = 0;
      if (this.hello !== null && this.hello.instance !== hello.instance) this.#mourn();
      this.hello = hello;
      this.client = client;
      this.state = { kind: 'open' };
      for (const listener of this.#listeners) this.#tell(listener, client, hello);
    } catch (error) {
      transport.close(error instanceof PortholeError ? error.message : String(error));
    } finally {
      clearTimeout(late);
    }
  }

  #tell(listener: OnOpen, client: Client, hello: Hello): void {
    const undo = listener(client, hello);
    if (undo) this.#undo.push(undo);
  }

  #mourn(): void {
    for (const listener of this.#goneListeners) listener();
  }

  #lose(client: Client, reason: string, refused: boolean): void {
    if (this.client !== null && this.client !== client) return;
    this.client = null;
    for (const undo of this.#undo.splice(0)) undo();
    if (refused) {
      if (this.hello !== null) this.#mourn();
      this.state = { kind: 'refused', reason: 'The host does not know its token; it may have been started anew.' };
      return;
    }
    const token = this.#token;
    const wait = backoffMillis(this.#failures++);
    const now = Date.now();
    const since = this.state.kind === 'lost' ? this.state.since : now;
    this.state = { kind: 'lost', reason, since, retryAt: token === null ? null : now + wait };
    if (token !== null) this.#timer = setTimeout(() => this.#dial(token), wait);
  }
}

export const connection = new Connection();
