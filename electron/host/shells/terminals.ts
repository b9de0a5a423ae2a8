/** All terminals of the host, alive or ended, until they are closed. */
import { randomUUID } from 'node:crypto';
import { PortholeError } from '../../../shared/frames.ts';
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from '../../../shared/model.ts';
import type { NsenterOptions } from '../../../shared/nsenter.ts';
import { behindOwnProc } from '../../../shared/own-proc.ts';
import type { TerminalInfo, TerminalRemains } from '../../../shared/terminal.ts';
import { forks, unshareArgv } from '../../../shared/unshare-argv.ts';
import type { UnshareOptions } from '../../../shared/unshare.ts';
import { LinuxKernel, type Kernel } from '../read/kernel.ts';
import { onPath, startDirectory, terminalEnvironment, usersShell } from './environment.ts';
import type { Send } from './flow.ts';
import type { Namespaces, NamespacesOf } from './inside.ts';
import { execLine, EXEC_PASSING, prepareExec, type ExecEngines, type ExecTarget, type Prepared } from './exec-start.ts';
import { trimmed } from './kept-lines.ts';
import { nsenterStart } from './nsenter-start.ts';
import type { OrphanWatch } from './orphan-watch.ts';
import { Terminal, type TerminalStart } from './terminal.ts';
import { errorText } from '../../../shared/text.ts';

/** How often it is looked whether the screens keep too much, while anything is written, ms. */
const TRIM_MILLIS = 1000;

/** Each holds a screen of up to some MB and a pseudoterminal; nobody looks at more. */
export const MOST_TERMINALS = 64;

const UNKNOWN = Object.fromEntries(NAMESPACE_TYPES.map((type) => [type, null])) as Record<NamespaceType, null>;

export interface TerminalsDeps {
  /** Namespaces of a process, read now; `null` if it is gone or none may be read. */
  readonly namespacesOf: NamespacesOf;
  /** To start programs in containers; without them there is none to ask. */
  readonly engines?: ExecEngines;
  /** Told what must not outlive the host. */
  readonly orphans?: Pick<OrphanWatch, 'tell'>;
  /** What all screens may keep together, bytes; that of kept-lines.ts by default. */
  readonly screenBytes?: number;
  /** The machine, for tests; the running one by default. */
  readonly kernel?: Kernel;
}

/** How to do it again. */
interface Recipe extends Omit<TerminalStart, 'id' | 'before' | 'cols' | 'rows' | 'title' | 'named' | 'launch'> {
  /** Called right before each start; throws if it must not be. */
  readonly check?: (kernel: Kernel) => void;
  /** The container that it is started in, by its engine. */
  readonly container?: TerminalRemains['container'];
  /** Has it started elsewhere, before each start. */
  readonly prepare?: (size: { readonly cols: number; readonly rows: number }) => Promise<Prepared>;
}

interface Entry {
  readonly terminal: Terminal;
  readonly recipe: Recipe;
}

type Listener = (terminals: readonly TerminalInfo[]) => void;

export class Terminals {
  readonly #kernel: Kernel;
  readonly #namespacesOf: NamespacesOf;
  readonly #engines: ExecEngines | null;
  readonly #orphans: Pick<OrphanWatch, 'tell'> | undefined;
  readonly #screenBytes: number | undefined;
  readonly #listeners = new Set<Listener>();
  readonly #clearListeners = new Set<(id: string) => void>();
  readonly #closing = new Map<string, Promise<TerminalRemains | null>>();
  #entries: readonly Entry[] = [];
  /** Asked for, and not yet in the list. */
  #starting = 0;
  #shutdown: Promise<void> | null = null;
  #trimming: NodeJS.Timeout | null = null;

  constructor({ namespacesOf, kernel = new LinuxKernel(), engines, orphans, screenBytes }: TerminalsDeps) {
    this.#screenBytes = screenBytes;
    this.#engines = engines ?? null;
    this.#orphans = orphans;
    this.#namespacesOf = namespacesOf;
    this.#kernel = kernel;
  }

  list(): readonly TerminalInfo[] {
    return this.#entries.map(({ terminal }) => terminal.info);
  }

  /** Called with the whole list after any change. Returns how to stop that. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A program in new namespaces; unshare(1). What unshare itself refuses stands on the screen of the new terminal. */
  async unshare(options: UnshareOptions, cols: number, rows: number): Promise<TerminalInfo> {
    return await this.#open({ how: 'unshare', argv: unshareArgv(options), forks: forks(options) }, options.program, {
      name: null,
      cols,
      rows,
    });
  }

  /**
   * A program in the namespaces of another process; nsenter(1). `name`: what the title calls the target. Rejects with
   * `not-found` if the target has ended; what nsenter itself refuses stands on the screen.
   */
  async nsenter(options: NsenterOptions, name: string | null, cols: number, rows: number): Promise<TerminalInfo> {
    return await this.#open(nsenterStart(options, this.#kernel), behindOwnProc(options.program), { name, cols, rows });
  }

  /** A program in a container, started by its engine. Rejects in the engine's words; `name` is the container's in the title. */
  async exec(target: ExecTarget, name: string | null, cols: number, rows: number): Promise<TerminalInfo> {
    const engines = this.#engines;
    if (engines === null) throw new PortholeError('failed', 'There are no engines here.');
    const argv = execLine(engines.current(), target);
    const prepare = (size: { readonly cols: number; readonly rows: number }): Promise<Prepared> =>
      prepareExec(engines, target, size, this.#kernel, this.#namespacesOf);
    const container = { engine: target.engine, id: target.id };
    const command = { how: 'exec', argv, forks: false, passing: EXEC_PASSING, prepare, container } as const;
    return await this.#open(command, target.options.command, { name, cols, rows });
  }

  /** The user's own shell, in the host's own namespaces. */
  async shell(cols: number, rows: number): Promise<TerminalInfo> {
    const shell = usersShell();
    return await this.#open({ how: 'shell', argv: [shell], forks: false }, [shell], { name: 'host', cols, rows });
  }

  /** A by-hand command, in the host's own namespaces. `program`: what the title calls it, for `bash -c` says nothing. */
  async run(argv: readonly string[], program: string, cols: number, rows: number): Promise<TerminalInfo> {
    return await this.#open({ how: 'shell', argv, forks: false }, [program], { name: 'by hand', cols, rows });
  }

  /** The same command again; the new terminal stands where the ended one stood. */
  async restart(id: string): Promise<TerminalInfo> {
    const old = this.#entry(id);
    const { title, named = false, cols, rows, ended } = old.terminal.info;
    if (ended === null) throw new PortholeError('failed', 'It still runs. Close it first.');
    const { recipe } = old;
    const info = await this.#begin({ recipe, title, named, cols, rows }, (entry) =>
      this.#entries.includes(old)
        ? this.#entries.map((other) => (other === old ? entry : other))
        : [...this.#entries, entry],
    );
    await old.terminal.close();
    return info;
  }

  /**
   * Screen and scrollback first, then all that follows. Calling it again starts over. `leftBehind`: it follows no more, for it
   * acknowledged nothing while its program waited.
   */
  attach(viewer: string, id: string, send: Send, leftBehind?: () => void): void {
    this.#entry(id).terminal.attach(viewer, send, leftBehind);
  }

  detach(viewer: string, id: string): void {
    this.#entry(id).terminal.detach(viewer);
  }

  detachAll(viewer: string): void {
    for (const { terminal } of this.#entries) terminal.detach(viewer);
  }

  acknowledge(viewer: string, id: string, bytes: number): void {
    this.#entry(id).terminal.acknowledge(viewer, bytes);
  }

  /** `taken` is called once the program's terminal has them all, or it has ended. Throws if they are dropped. */
  input(id: string, bytes: Uint8Array, taken?: () => void): void {
    if (this.#entry(id).terminal.input(bytes, taken)) return;
    throw new PortholeError('failed', 'The program does not read what is typed.');
  }

  resize(id: string, cols: number, rows: number): void {
    this.#entry(id).terminal.resize(cols, rows);
  }

  /** Forgets all but the line that the cursor is in. */
  clear(id: string): void {
    this.#entry(id).terminal.clear();
    for (const listener of this.#clearListeners) listener(id);
  }

  /** Called with the id of each terminal that is cleared, after its output until then. Returns how to stop that. */
  onClear(listener: (id: string) => void): () => void {
    this.#clearListeners.add(listener);
    return () => this.#clearListeners.delete(listener);
  }

  rename(id: string, title: string): void {
    this.#entry(id).terminal.rename(title);
  }

  /** To place `to` of the list, counted from 0. */
  move(id: string, to: number): void {
    const entry = this.#entry(id);
    this.#entries = this.#entries.filter((other) => other !== entry).toSpliced(to, 0, entry);
    this.#changed();
  }

  /** Ends the program with all of its session and forgets the terminal. Resolves with what could not be ended. */
  async close(id: string): Promise<TerminalRemains | null> {
    const entry = this.#entry(id);
    const closing = this.#closing.get(id) ?? this.#close(id, entry);
    this.#closing.set(id, closing);
    return closing;
  }

  /** Ends everything that was started here. No terminal can be opened afterwards. */
  shutdown(): Promise<void> {
    this.#shutdown ??= Promise.all(this.list().map(({ id }) => this.close(id))).then(() => {});
    return this.#shutdown;
  }

  async #open(
    command: Pick<Recipe, 'how' | 'argv' | 'forks' | 'passing' | 'check' | 'prepare' | 'container'>,
    [program = process.env['SHELL'] ?? '/bin/sh']: readonly string[],
    { name, cols, rows }: { readonly name: string | null; readonly cols: number; readonly rows: number },
  ): Promise<TerminalInfo> {
    const { how, argv } = command;
    const file = argv[0] ?? '';
    if (command.prepare === undefined && onPath(file) === null) {
      const from = file === how ? '; it is part of the package util-linux' : '';
      throw new PortholeError('failed', `${file} is not installed${from}.`);
    }
    if (this.#entries.length + this.#starting >= MOST_TERMINALS) {
      throw new PortholeError('failed', `There are ${MOST_TERMINALS} terminals already. Close one first.`);
    }
    const recipe = { ...command, cwd: startDirectory(), env: terminalEnvironment(process.env) };
    const title = `${program.slice(program.lastIndexOf('/') + 1)} · ${name ?? how}`;
    return await this.#begin({ recipe, title, named: false, cols, rows }, (entry) => [...this.#entries, entry]);
  }

  async #close(id: string, { terminal, recipe }: Entry): Promise<TerminalRemains | null> {
    try {
      const remains = await terminal.close();
      return remains && { title: terminal.info.title, container: recipe.container ?? null, ...remains };
    } finally {
      this.#closing.delete(id);
      this.#entries = this.#entries.filter((entry) => entry.terminal !== terminal);
      this.#changed();
    }
  }

  async #begin(
    {
      recipe,
      title,
      named,
      cols,
      rows,
    }: Pick<TerminalStart, 'title' | 'named' | 'cols' | 'rows'> & Pick<Entry, 'recipe'>,
    place: (entry: Entry) => readonly Entry[],
  ): Promise<TerminalInfo> {
    refuseUnsayable(recipe.argv);
    this.#starting++;
    let prepared: Prepared | null = null;
    try {
      prepared = (await recipe.prepare?.({ cols, rows })) ?? null;
      const before = await this.#hostNamespaces();
      if (this.#shutdown !== null) throw new PortholeError('failed', 'Porthole is closing.');
      recipe.check?.(this.#kernel);
      const start = { ...recipe, id: randomUUID(), title, named, before, cols, rows, launch: prepared?.launch };
      const deps = {
        kernel: this.#kernel,
        namespacesOf: this.#namespacesOf,
        changed: () => this.#changed(),
        wrote: () => this.#trimLater(),
      };
      const entry = { recipe, terminal: new Terminal(start, deps) };
      this.#entries = place(entry);
      this.#changed();
      return entry.terminal.info;
    } catch (thrown) {
      prepared?.abandon();
      if (thrown instanceof PortholeError) throw thrown;
      throw new PortholeError('failed', `No terminal: ${errorText(thrown)}`);
    } finally {
      this.#starting--;
    }
  }

  async #hostNamespaces(): Promise<Namespaces> {
    const read: Readonly<Record<NamespaceType, NamespaceId | null>> | null = await this.#namespacesOf(
      process.pid,
    ).catch(() => null);
    return read ?? UNKNOWN;
  }

  #entry(id: string): Entry {
    const entry = this.#entries.find(({ terminal }) => terminal.info.id === id);
    if (entry === undefined) throw new PortholeError('not-found', 'There is no such terminal (any more).');
    return entry;
  }

  #trimLater(): void {
    if (this.#trimming !== null) return;
    this.#trimming = setTimeout(() => {
      this.#trimming = null;
      const cuts = trimmed(
        this.#entries.map(({ terminal }) => terminal.kept),
        this.#screenBytes,
      );
      for (const [id, lines] of cuts) this.#entry(id).terminal.trim(lines);
    }, TRIM_MILLIS).unref();
  }

  #changed(): void {
    this.#orphans?.tell(this.#entries.flatMap(({ terminal }) => terminal.roots));
    const list = this.list();
    for (const listener of this.#listeners) listener(list);
  }
}

/** Lone surrogates stand for bytes that are not UTF-8 (`shared/text.ts`); node-pty would start something else. */
const refuseUnsayable = (argv: readonly string[]): void => {
  if (argv.every((word) => !/\p{Surrogate}/u.test(word))) return;
  throw new PortholeError('failed', 'A word of the command is not UTF-8; it cannot be passed on as it is.');
};
