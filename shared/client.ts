/** The page's end of the contract: typed calls, events, the world's frames and terminal bytes over any transport. */
import type { ArgsOf, EventName, Events, MethodName, ResultOf } from './contract.ts';
import { PortholeError, type Frame, type ToHost, type ToPage, type Transport } from './frames.ts';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A frame of the live world: a whole World if `base` is null, else a WorldDelta against frame `base`; UTF-8 JSON. */
export interface WorldFrame {
  readonly seq: number;
  readonly base: number | null;
  readonly json: Uint8Array;
}

export class Client {
  readonly #transport: Transport<ToHost, ToPage>;
  readonly #pending = new Map<number, Pending>();
  readonly #events = new Map<string, Set<(value: never) => void>>();
  readonly #worldListeners = new Set<(frame: WorldFrame) => void>();
  readonly #terminals = new Map<string, (bytes: Uint8Array) => void>();
  readonly #tookListeners = new Set<(terminal: string, bytes: number) => void>();
  readonly #logs = new Map<string, (bytes: Uint8Array) => void>();
  #nextId = 1;
  #closed: string | null = null;

  constructor(transport: Transport<ToHost, ToPage>) {
    this.#transport = transport;
    transport.onFrame((frame) => this.#receive(frame));
    transport.onClose((reason) => {
      this.#closed = reason;
      for (const { reject } of this.#pending.values()) reject(new PortholeError('failed', reason));
      this.#pending.clear();
    });
  }

  /** Rejects with a {@link PortholeError}: the host's own, or `failed` when the connection is gone. */
  call<M extends MethodName>(method: M, args: ArgsOf<M>): Promise<ResultOf<M>> {
    if (this.#closed !== null) return Promise.reject(new PortholeError('failed', this.#closed));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#transport.send({ header: { k: 'call', id, method, args } });
    });
  }

  /** Returns the function that stops listening. */
  on<E extends EventName>(name: E, listener: (value: Events[E]) => void): () => void {
    const listeners = this.#events.get(name) ?? new Set();
    this.#events.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Each frame must be answered with {@link worldApplied} before the next one comes. */
  onWorld(listener: (frame: WorldFrame) => void): () => void {
    this.#worldListeners.add(listener);
    return () => this.#worldListeners.delete(listener);
  }

  worldApplied(seq: number): void {
    this.#transport.send({ header: { k: 'world-ack', seq } });
  }

  /** Output of one terminal. Set before `terminal.attach`, so that no byte is missed. */
  onTerminal(terminal: string, listener: (bytes: Uint8Array) => void): () => void {
    this.#terminals.set(terminal, listener);
    return () => {
      if (this.#terminals.get(terminal) === listener) this.#terminals.delete(terminal);
    };
  }

  /** Each is answered once (see {@link onTook}); whoever sends much waits for that. */
  terminalInput(terminal: string, bytes: Uint8Array): void {
    this.#transport.send({ header: { k: 'term-in', terminal }, bytes });
  }

  /** So many bytes of {@link terminalInput} are with the program, or dropped for it has ended. */
  onTook(listener: (terminal: string, bytes: number) => void): () => void {
    this.#tookListeners.add(listener);
    return () => this.#tookListeners.delete(listener);
  }

  terminalDrawn(terminal: string, bytes: number): void {
    this.#transport.send({ header: { k: 'term-ack', terminal, bytes } });
  }

  /** Bytes of one log, as its engine sends them. Set before `logs.follow`; each must be answered with {@link logTaken}. */
  onLog(log: string, listener: (bytes: Uint8Array) => void): () => void {
    this.#logs.set(log, listener);
    return () => this.#logs.delete(log);
  }

  logTaken(log: string, bytes: number): void {
    this.#transport.send({ header: { k: 'log-ack', log, bytes } });
  }

  close(): void {
    this.#transport.close('closed by the page');
  }

  #receive({ header, bytes }: Frame<ToPage>): void {
    switch (header.k) {
      case 'answer':
        this.#settle(header.id)?.resolve(header.value);
        break;
      case 'error':
        this.#settle(header.id)?.reject(new PortholeError(header.error.code, header.error.message));
        break;
      case 'event':
        for (const listener of this.#events.get(header.name) ?? []) listener(header.value as never);
        break;
      case 'world':
        for (const listener of this.#worldListeners) {
          listener({ seq: header.seq, base: header.base, json: bytes ?? new Uint8Array(0) });
        }
        break;
      case 'term-out':
        this.#terminals.get(header.terminal)?.(bytes ?? new Uint8Array(0));
        break;
      case 'term-took':
        for (const listener of this.#tookListeners) listener(header.terminal, header.bytes);
        break;
      case 'log-out':
        this.#logs.get(header.log)?.(bytes ?? new Uint8Array(0));
        break;
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}
