/**
 * The terminals of the host as the page knows them: which there are, which is looked at, and where their bytes go. The
 * host keeps them; a page that reloads or reconnects finds them again, screen and all.
 */
import type { Client } from '../../shared/client.ts';
import type { ArgsOf } from '../../shared/contract.ts';
import { PortholeError } from '../../shared/frames.ts';
import type { NsenterOptions } from '../../shared/nsenter.ts';
import type { TerminalInfo, TerminalRemains } from '../../shared/terminal.ts';
import type { ByHand } from '../../shared/by-hand.ts';
import type { UnshareOptions } from '../../shared/unshare.ts';
import { connection } from './connection.svelte.ts';
import { FONT_SIZE, fontSizeWithin, lastingStorage, recallDock, rememberDock } from './dock-memory.ts';
import { InSight } from './in-sight.svelte.ts';
import { MOST_IN_SIGHT } from './sight.ts';
import { Following } from './terminal-following.ts';
import { GoneTerminals } from './gone-terminals.svelte.ts';
import { TerminalMarks } from './terminal-marks.svelte.ts';
import type { TerminalSink } from './terminal-sink.ts';
import { Typing } from './terminal-typing.svelte.ts';
import { errorText } from '../../shared/text.ts';
export type { TerminalSink } from './terminal-sink.ts';

/** What this store needs of the client. */
export type TerminalClient = Pick<Client, 'call' | 'on' | 'onTerminal' | 'onTook' | 'terminalInput' | 'terminalDrawn'>;

type Size = Pick<TerminalInfo, 'cols' | 'rows'>;

/** Before any screen has been measured. */
const FIRST_SIZE: Size = { cols: 80, rows: 24 };

type MemoryStorage = Pick<Storage, 'getItem' | 'setItem'> | null;

export class Terminals {
  list = $state.raw<readonly TerminalInfo[]>([]);
  open = $state(false);
  maximised = $state(false);
  /** Height of the open dock, px. */
  height = $state(0);
  /** Of every terminal, px. */
  fontSize = $state<number>(FONT_SIZE.usual);
  /** Whether a screen reader gets every line of every terminal, which costs time. */
  readAloud = $state(false);
  /** Why the last thing asked of a terminal did not happen, for the screen; `null` once dismissed. */
  problem = $state<string | null>(null);
  /** Id of the terminal that is to be closed though its program may go on, until that is answered. */
  asked = $state<string | null>(null);
  /** What the closing of terminals did not end, until it is dismissed. */
  remains = $state.raw<readonly TerminalRemains[]>([]);
  /** Counts the times that something asked for the keyboard to go to the active terminal. */
  focusAsked = $state(0);
  /** How many of those have been answered. */
  focusGiven = 0;
  /** Those in sight, from left to right or from top to bottom. */
  readonly panes = $derived.by(() => this.inSight.ids.flatMap((id) => this.#find(id) ?? []));
  /** Id of the tab that is looked at. */
  readonly active = $derived.by(() => this.inSight.active);
  readonly current = $derived(this.list.find(({ id }) => id === this.active) ?? null);

  readonly inSight: InSight;
  /** What happened in those that nobody looks at. */
  readonly marks = new TerminalMarks();

  readonly #storage: MemoryStorage;
  readonly #following = new Following({
    knows: (id) => this.#find(id) !== undefined && !this.isGone(id),
    isGone: (id) => this.isGone(id),
    failed: (error) => this.complain(error),
    wroteUnseen: (id) => this.marks.add(id, 'wrote'),
  });
  readonly typing = new Typing({ find: (id) => this.#find(id), failed: (words) => this.complain(words) });
  /** First in the list. */
  readonly #gone = new GoneTerminals();
  #client: TerminalClient | null = null;
  #size = FIRST_SIZE;

  constructor(storage: MemoryStorage = null) {
    this.#storage = storage;
    const kept = recallDock(storage);
    this.open = kept.open;
    this.inSight = new InSight(() => this.#remember(), kept);
    this.height = kept.height;
    this.fontSize = kept.fontSize;
    this.readAloud = kept.readAloud;
  }

  /** To be called with every new client (`Connection.onOpen`); returns what to call when that client is lost. */
  connected = (client: TerminalClient): (() => void) => {
    this.#client = client;
    const stop = client.on('terminals', (list) => this.#take(this.#gone.before(list, this.list)));
    client.call('terminal.list', {}).then(
      (list) => this.#client === client && this.#take(this.#gone.before(list, this.list)),
      (error: unknown) => this.complain(error),
    );
    const stops = [stop, this.#following.connected(client), this.typing.connected(client)];
    return () => {
      for (const end of stops) end();
      if (this.#client === client) this.#client = null;
    };
  };

  /** The host is no more (`Connection.onHostGone`): what this page has of its terminals stays, as ended. */
  hostGone = (): void => {
    this.list = this.#gone.mourn(this.list);
  };

  /** Whether only this page has it: it cannot be started again, and nobody else sees it. */
  isGone(id: string): boolean {
    return this.#gone.has(id);
  }

  /** Shows terminal `id` on `sink`, from its first kept line on and over every reconnect. Returns what ends that. */
  follow(id: string, sink: TerminalSink): () => void {
    return this.#following.follow(id, sink);
  }

  /** Whether anybody looks at terminal `id`: one that was never looked at, or floods unseen, is not followed. */
  see(id: string, seen: boolean): void {
    this.#following.see(id, seen);
    this.marks.see(id, seen);
  }

  /** Whether nobody sees the page at all. */
  away(away: boolean): void {
    this.#following.away(away);
  }

  input(id: string, bytes: Uint8Array): void {
    if (this.#find(id)?.ended === null) this.typing.type(id, bytes);
  }

  resize(id: string, { cols, rows }: Size): void {
    // Made anew: whoever measures may hand over more than the contract takes.
    const size = { cols, rows };
    this.#size = size;
    const terminal = this.#find(id);
    if (terminal?.ended !== null || (terminal.cols === size.cols && terminal.rows === size.rows)) return;
    void this.#ask((client) =>
      client.call('terminal.resize', { terminal: id, ...size }).catch((error: unknown) => {
        // It is closed just now; nobody asked for its size.
        if (!(error instanceof PortholeError && error.code === 'not-found')) throw error;
      }),
    );
  }

  /** Starts unshare(1) and shows its terminal. Rejects with the host's `PortholeError`. */
  start(options: UnshareOptions): Promise<TerminalInfo> {
    return this.#begin((client) => client.call('terminal.unshare', { options, ...this.#size }));
  }

  /** Starts the user's own shell on this machine and shows its terminal. */
  shell(): Promise<void> {
    return this.#started((client) => client.call('terminal.shell', this.#size));
  }

  /** Runs a by-hand command as it stands and shows its terminal. */
  async run({ argv, text }: ByHand): Promise<void> {
    const program = text.split(' ', 1)[0] ?? '';
    await this.#started((client) => client.call('terminal.run', { argv: [...argv], program, ...this.#size }));
  }

  /** Starts nsenter(1) and shows its terminal; `name` is what its title calls the target. Rejects as {@link start} does. */
  nsenter(options: NsenterOptions, name: string | null): Promise<TerminalInfo> {
    return this.#begin((client) => client.call('terminal.nsenter', { options, name, ...this.#size }));
  }

  /** Has an engine start a program in a container, and shows its terminal. Rejects as {@link start} does. */
  exec(target: Omit<ArgsOf<'terminal.exec'>, 'cols' | 'rows'>): Promise<TerminalInfo> {
    return this.#begin((client) => client.call('terminal.exec', { ...target, ...this.#size }));
  }

  restart(id: string): Promise<void> {
    return this.#started((client) => client.call('terminal.restart', { terminal: id }), id);
  }

  async close(id: string): Promise<void> {
    this.asked = null;
    if (this.isGone(id)) return this.#take(this.list.filter((terminal) => terminal.id !== id));
    const done = await this.#ask(async (client) => ({
      remains: await client.call('terminal.close', { terminal: id }),
    }));
    if (!done) return;
    if (done.remains) this.remains = [...this.remains, done.remains];
    this.#take(this.list.filter((terminal) => terminal.id !== id));
  }

  async rename(id: string, title: string): Promise<void> {
    const trimmed = title.trim().slice(0, 80);
    if (trimmed === '' || trimmed === this.#find(id)?.title || this.isGone(id)) return;
    await this.#ask((client) => client.call('terminal.rename', { terminal: id, title: trimmed }));
  }

  /** To place `to` among the tabs, counted from 0; outside of them is nowhere. */
  async move(id: string, to: number): Promise<void> {
    const at = this.list.findIndex((terminal) => terminal.id === id);
    const own = to - this.#gone.count;
    if (at < 0 || at === to || own < 0 || to >= this.list.length || this.isGone(id)) return;
    await this.#ask((client) => client.call('terminal.move', { terminal: id, to: own }));
  }

  async clear(id: string): Promise<void> {
    if (this.isGone(id)) return;
    await this.#ask((client) => client.call('terminal.clear', { terminal: id }));
  }

  /** Opens the dock at this terminal, with the keyboard in it. */
  show(id: string): void {
    this.take(id);
    if (this.open) this.focusAsked++;
    else this.setOpen(true);
  }

  /** This one is worked in from now on: in its own half if it is in sight, in place of the active one otherwise. */
  take(id: string): void {
    if (id !== this.active) this.inSight.look(id);
  }

  /** Shows terminal `id`, or a new shell, beside the active one, and the keyboard goes there. */
  async split(id?: string): Promise<void> {
    if (this.panes.length >= MOST_IN_SIGHT) {
      this.complain(new Error(`There are ${MOST_IN_SIGHT} in sight already.`));
      return;
    }
    const started = id === undefined ? await this.#ask((client) => client.call('terminal.shell', this.#size)) : null;
    if (started !== null) this.#add(started, null);
    const other = id ?? started?.id;
    if (other === undefined) return;
    this.inSight.beside(other);
    this.show(other);
  }

  /** The keyboard goes to the next one in sight. */
  turn(): void {
    const at = this.panes.findIndex(({ id }) => id === this.active);
    const next = this.panes[(at + 1) % this.panes.length];
    if (next) this.show(next.id);
  }

  /** The keyboard goes so many tabs further, around the ends. */
  step(by: 1 | -1): void {
    const at = this.list.findIndex(({ id }) => id === this.active);
    const next = this.list.at((at + by) % this.list.length);
    if (next) this.show(next.id);
  }

  /** Opening brings the keyboard along. */
  setOpen(open: boolean): void {
    if (open && !this.open) this.focusAsked++;
    this.open = open;
    if (!open) this.maximised = false;
    this.#remember();
  }

  setHeight(px: number): void {
    this.height = px;
    this.#remember();
  }

  setReadAloud(on: boolean): void {
    this.readAloud = on;
    this.#remember();
  }

  zoom(px: number): void {
    this.fontSize = fontSizeWithin(px);
    this.#remember();
  }

  async #begin(ask: (client: TerminalClient) => Promise<TerminalInfo>): Promise<TerminalInfo> {
    if (this.#client === null) throw new Error('There is no connection to the host.');
    return this.#shown(await ask(this.#client), null);
  }

  /** `replaced`: the terminal whose place it takes. */
  async #started(
    ask: (client: TerminalClient) => Promise<TerminalInfo>,
    replaced: string | null = null,
  ): Promise<void> {
    const started = await this.#ask(ask);
    if (started !== null) this.#shown(started, replaced);
  }

  #shown(started: TerminalInfo, replaced: string | null): TerminalInfo {
    this.#add(started, replaced);
    this.show(started.id);
    return started;
  }

  #find(id: string): TerminalInfo | undefined {
    return this.list.find((terminal) => terminal.id === id);
  }

  /** Before the host's own list comes; `replaced` is the terminal whose place it takes. */
  #add(terminal: TerminalInfo, replaced: string | null): void {
    if (this.#find(terminal.id)) return;
    const at = this.list.findIndex(({ id }) => id === replaced);
    this.#take(at < 0 ? [...this.list, terminal] : this.list.with(at, terminal));
  }

  #take(list: readonly TerminalInfo[]): void {
    const ids = (terminals: readonly TerminalInfo[]): readonly string[] => terminals.map(({ id }) => id);
    const before = ids(this.list);
    this.list = list;
    this.#gone.keepTo(list);
    this.marks.listed(list, (id) => this.#following.follows(id));
    this.inSight.listed(before, ids(list));
  }

  async #ask<T>(ask: (client: TerminalClient) => Promise<T>): Promise<T | null> {
    if (this.#client === null) {
      this.problem = 'There is no connection to the host.';
      return null;
    }
    try {
      return await ask(this.#client);
    } catch (error) {
      this.complain(error);
      return null;
    }
  }

  /** Says in the dock why something did not happen. */
  complain(error: unknown): void {
    this.open = true;
    this.problem = errorText(error);
  }

  #remember(): void {
    const { open, height, fontSize, readAloud } = this;
    rememberDock(this.#storage, { open, ...this.inSight.memory(), height, fontSize, readAloud });
  }
}

export const terminals = new Terminals(lastingStorage());
connection.onOpen(terminals.connected);
connection.onHostGone(terminals.hostGone);
