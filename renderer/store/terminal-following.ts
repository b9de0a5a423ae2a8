/** Which terminals this page follows, and where their bytes go: those that are looked at, and quiet ones behind other tabs. */
import type { Client } from '../../shared/client.ts';
import { Acknowledgements } from './acknowledgements.ts';
import type { TerminalSink } from './terminal-sink.ts';

type FollowClient = Pick<Client, 'call' | 'on' | 'onTerminal' | 'terminalDrawn'>;

/**
 * So much of a terminal out of sight is still parsed here, bytes: a prompt or a build's last lines are there at once when
 * it is shown. A flood is left to the host, whose screen keeps up by itself and is drawn from the start when it is shown.
 */
const UNSEEN_BYTES = 512 * 1024;

/**
 * So many out of sight keep here what was drawn of them, some MB each; those longest out of sight are let go, and drawn from
 * the host's screens when they are shown.
 */
const UNSEEN_KEPT = 8;

interface Reports {
  /** Whether the host has this terminal, as far as the page knows. */
  readonly knows: (id: string) => boolean;
  /** Whether its host is no more: what was drawn of it is all there is. */
  readonly isGone: (id: string) => boolean;
  readonly failed: (error: unknown) => void;
  /** A terminal out of sight wrote something. */
  readonly wroteUnseen: (id: string) => void;
}

export class Following {
  readonly #reports: Reports;
  readonly #sinks = new Map<string, TerminalSink>();
  /** How to stop listening to each. */
  readonly #attached = new Map<string, () => void>();
  /** Those behind other tabs. */
  readonly #behind = new Set<string>();
  /** Out of sight, and how much of each has come since. */
  readonly #unseen = new Map<string, number>();
  /** Of which something is drawn here. */
  readonly #drawn = new Set<string>();
  /** Nobody sees the page: none of them is in sight. */
  #away = false;
  #client: FollowClient | null = null;

  constructor(reports: Reports) {
    this.#reports = reports;
  }

  /** Returns what to call when this client is lost. */
  connected(client: FollowClient): () => void {
    this.#client = client;
    for (const id of this.#sinks.keys()) if (!this.#unseen.has(id)) this.#attach(id);
    const stops = [
      client.on('terminalCleared', ({ terminal }) => this.#sinks.get(terminal)?.clear()),
      client.on('terminalLeftBehind', ({ terminal }) => this.#leftBehind(terminal)),
    ];
    return () => {
      for (const stop of stops) stop();
      for (const deafen of this.#attached.values()) deafen();
      this.#attached.clear();
      if (this.#client === client) this.#client = null;
    };
  }

  /** Returns what ends it. */
  follow(id: string, sink: TerminalSink): () => void {
    this.#sinks.set(id, sink);
    if (this.#isSeen(id)) this.#attach(id);
    else this.#unseen.set(id, 0);
    return () => {
      if (this.#sinks.get(id) !== sink) return;
      this.#sinks.delete(id);
      this.#unseen.delete(id);
      this.#behind.delete(id);
      this.#drawn.delete(id);
      this.#detach(id);
    };
  }

  /** Whether its bytes come here, seen or not. */
  follows(id: string): boolean {
    return this.#attached.has(id);
  }

  see(id: string, seen: boolean): void {
    if (seen) this.#behind.delete(id);
    else this.#behind.add(id);
    this.#look(id);
  }

  /** Whether nobody sees the page itself. Browsers then give its timers, by which terminals are drawn, a second or a minute. */
  away(away: boolean): void {
    this.#away = away;
    for (const id of this.#sinks.keys()) this.#look(id);
  }

  #isSeen(id: string): boolean {
    return !this.#away && !this.#behind.has(id);
  }

  #look(id: string): void {
    if (this.#isSeen(id)) {
      this.#unseen.delete(id);
      if (!this.#attached.has(id)) this.#attach(id);
    } else if (!this.#unseen.has(id)) {
      this.#unseen.set(id, 0);
      this.#forgetOldest();
    }
  }

  #forgetOldest(): void {
    const unseen = [...this.#unseen.keys()].filter((id) => this.#drawn.has(id));
    for (const id of unseen.slice(0, -UNSEEN_KEPT)) {
      // What no host would draw again stays.
      if (this.#client === null || !this.#reports.knows(id)) continue;
      this.#detach(id);
      this.#drawn.delete(id);
      this.#sinks.get(id)?.reset();
    }
  }

  #leftBehind(id: string): void {
    const stop = this.#attached.get(id);
    if (stop === undefined) return;
    stop();
    this.#attached.delete(id);
    this.#look(id);
  }

  #attach(id: string): void {
    const client = this.#client;
    const sink = this.#sinks.get(id);
    if (client === null || sink === undefined || this.#reports.isGone(id)) return;
    this.#attached.get(id)?.();
    sink.reset();
    this.#drawn.add(id);
    const owed = new Acknowledgements((bytes) => client.terminalDrawn(id, bytes));
    // What was on its way when this page let go of it before comes ahead of the answer, and is not of this attachment.
    let answered = false;
    const deafen = client.onTerminal(id, (bytes) => {
      if (!answered) return;
      const unseen = this.#unseen.get(id);
      if (unseen !== undefined) this.#reports.wroteUnseen(id);
      if (unseen !== undefined && unseen + bytes.length > UNSEEN_BYTES) return this.#detach(id);
      if (unseen !== undefined) this.#unseen.set(id, unseen + bytes.length);
      // What nobody sees holds up no program: it is drawn whenever the browser gives time for it.
      if (unseen !== undefined) owed.drawn(bytes.length);
      sink.write(bytes, () => unseen === undefined && owed.drawn(bytes.length));
    });
    this.#attached.set(id, () => {
      deafen();
      owed.stop();
    });
    client.call('terminal.attach', { terminal: id }).then(
      () => (answered = true),
      (error: unknown) => {
        // Closed in the meantime, or the connection was lost: the next list or the next client settles it.
        if (this.#client === client && this.#reports.knows(id)) this.#reports.failed(error);
      },
    );
  }

  #detach(id: string): void {
    this.#attached.get(id)?.();
    if (!this.#attached.delete(id)) return;
    // A terminal that was closed needs no detaching: then the host does not know it, which is no news to anyone.
    if (this.#reports.knows(id)) this.#client?.call('terminal.detach', { terminal: id }).catch(() => {});
  }
}
