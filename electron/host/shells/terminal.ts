/** One terminal of the host: a program on a pseudoterminal, its screen, and who follows it. */
import { processKey, type ProcessKey } from '../../../shared/model.ts';
import type {
  TerminalEnd,
  TerminalHow,
  TerminalInfo,
  TerminalInside,
  TerminalRemains,
  TerminalSigns,
} from '../../../shared/terminal.ts';
import { parsed } from '../parse/format-error.ts';
import { parseStatusHead } from '../parse/status.ts';
import type { Kernel } from '../read/kernel.ts';
import { Flow, type Send } from './flow.ts';
import { findInside, type Namespaces, type NamespacesOf } from './inside.ts';
import type { KeptScreen } from './kept-lines.ts';
import { endKin, livingStat } from './kin.ts';
import type { Launch, Program, ProgramEnd } from './program.ts';
import { Pty, type PtyOptions } from './pty.ts';
import { Screen } from './screen.ts';

/**
 * When to look for the program inside, milliseconds after the start: soon for the common case, patiently for a slow one.
 * After the last, as often again until it is found. The look after it was found sees a program that executes another.
 */
const LOOKS_MILLIS = [10, 30, 80, 200, 500, 1000, 2000] as const;

/** How often it is told at most that the program wrote, rang or named its terminal. */
const SIGNS_MILLIS = 1000;

/** Longer titles are cut; nobody reads more. */
const TITLE_LENGTH = 200;

/** How long a terminal may take to tell its end after its processes are gone. */
const END_MILLIS = 2000;

export interface TerminalStart extends PtyOptions {
  readonly id: string;
  readonly title: string;
  /** Whether the user gave the title. */
  readonly named?: boolean | undefined;
  readonly how: TerminalHow;
  /** Whether the program is a child of the process on the terminal. */
  readonly forks: boolean;
  /** As in {@link Started}. */
  readonly passing?: readonly (readonly string[])[];
  readonly before: Namespaces;
  /** Runs it; on a pseudoterminal of this machine by default. */
  readonly launch?: Launch | undefined;
}

export interface TerminalDeps {
  readonly kernel: Kernel;
  readonly namespacesOf: NamespacesOf;
  readonly changed: () => void;
  /** Its screen may have grown. */
  readonly wrote?: () => void;
}

export class Terminal {
  readonly #deps: TerminalDeps;
  readonly #start: TerminalStart;
  readonly #startedAt = Date.now();
  readonly #program: Program;
  readonly #screen: Screen;
  readonly #flow: Flow;
  /** The process on the terminal; `null` if it had ended before it could be looked at, or is not known. */
  #key: ProcessKey | null;
  #insideKey: ProcessKey | null = null;
  #info: TerminalInfo;
  #looks = 0;
  #closed = false;
  #seenAt = Date.now();
  #timer: NodeJS.Timeout | null = null;
  /** Until signs of the program are told. */
  #signs: NodeJS.Timeout | null = null;
  #ended: () => void = () => {};
  readonly #end = new Promise<void>((resolve) => (this.#ended = resolve));

  /** Starts the program; throws if no pseudoterminal can be had. */
  constructor(start: TerminalStart, deps: TerminalDeps) {
    this.#deps = deps;
    this.#start = start;
    this.#flow = new Flow({ pause: () => this.#program.pause(), resume: () => this.#program.resume() });
    // What the program asks its terminal is answered here, whether no page looks at it or two.
    this.#screen = new Screen(start.cols, start.rows, (bytes) => this.#program.write(bytes), {
      titled: (said) => this.#sign({ said: said.slice(0, TITLE_LENGTH) }),
      rang: () => this.#sign({ bells: (this.#info.signs?.bells ?? 0) + 1 }),
    });
    const launch: Launch = start.launch ?? ((onData, onEnd) => new Pty(start, onData, onEnd));
    this.#program = launch(
      (bytes) => this.#output(bytes),
      (end) => this.#over(end),
    );
    const { pid } = this.#program;
    this.#key = this.#keyOf(pid);
    const { id, title, named = false, how, argv, before, cols, rows } = start;
    this.#info = {
      id,
      title,
      named,
      how,
      argv,
      pid,
      inside: null,
      before,
      cols,
      rows,
      startedAt: this.#startedAt,
      ended: null,
    };
    this.#lookLater();
  }

  get info(): TerminalInfo {
    return this.#info;
  }

  /** The processes that everything on this terminal comes from; none once it has ended. */
  get roots(): readonly ProcessKey[] {
    return this.#info.ended === null ? this.#keys() : [];
  }

  attach(viewer: string, send: Send, leftBehind?: () => void): void {
    const follow = this.#flow.follow(viewer, send, leftBehind);
    this.#screen.replay(follow);
    if (this.#info.ended === null && this.#info.inside !== null) void this.#look();
  }

  detach(viewer: string): void {
    if (this.#flow.followed) this.#seenAt = Date.now();
    this.#flow.leave(viewer);
  }

  get kept(): KeptScreen {
    const { id, cols, ended } = this.#info;
    const [lines, followed] = [this.#screen.lines, this.#flow.followed];
    return { id, lines, cols, followed, ended: ended !== null, seenAt: followed ? Date.now() : this.#seenAt };
  }

  /** Forgets the oldest lines of its screen, so that about so many are left. */
  trim(lines: number): void {
    this.#screen.trim(lines);
  }

  acknowledge(viewer: string, bytes: number): void {
    this.#flow.acknowledge(viewer, bytes);
  }

  /** False if the program has long not taken any, and no more is kept. */
  input(bytes: Uint8Array, taken?: () => void): boolean {
    return this.#program.write(bytes, taken);
  }

  resize(cols: number, rows: number): void {
    if (cols === this.#info.cols && rows === this.#info.rows) return;
    this.#program.resize(cols, rows);
    // What was written for the size before is to be drawn in it.
    this.#flow.flush();
    this.#screen.resize(cols, rows);
    this.#change({ cols, rows });
  }

  clear(): void {
    this.#flow.flush();
    this.#screen.clear();
  }

  rename(title: string): void {
    this.#change({ title, named: true });
  }

  /** Ends the program and everything of its family and session, and follows nothing any more. Tells what goes on. */
  async close(): Promise<Pick<TerminalRemains, 'processes' | 'known'> | null> {
    const remains = this.#info.ended === null ? await this.#endProgram() : null;
    this.#closed = true;
    this.#stopLooking();
    if (this.#signs !== null) clearTimeout(this.#signs);
    this.#flow.close();
    this.#screen.dispose();
    return remains;
  }

  async #endProgram(): Promise<Pick<TerminalRemains, 'processes' | 'known'> | null> {
    const { kernel } = this.#deps;
    this.#key ??= this.#keyOf(this.#program.pid);
    const keys = this.#keys();
    const left = await endKin(kernel, keys);
    this.#program.close?.();
    await Promise.race([this.#end, new Promise((resolve) => setTimeout(resolve, END_MILLIS).unref())]);
    const processes = left.flatMap((key) => accountOf(kernel, key) ?? []);
    if (processes.length > 0) return { processes, known: true };
    if (left.length > 0 || keys.length > 0) return null;
    const outlives = (await this.#program.outlives?.()) ?? (this.#program.outlives === undefined ? false : null);
    return outlives === false ? null : { processes, known: outlives !== null };
  }

  #keyOf(pid: number | null): ProcessKey | null {
    const stat = pid === null ? null : livingStat(this.#deps.kernel, pid);
    return pid === null || stat === null ? null : processKey(pid, stat.starttime);
  }

  #keys(): ProcessKey[] {
    return [this.#key, this.#insideKey].filter((key) => key !== null);
  }

  #output(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#screen.write(bytes, () => this.#flow.parsed(bytes.length));
    this.#deps.wrote?.();
    this.#flow.output(bytes);
    this.#sign({ wrote: (this.#info.signs?.wrote ?? 0) + bytes.length });
  }

  #over({ exitCode, signal, because = null }: ProgramEnd): void {
    this.#stopLooking();
    this.#flow.flush();
    const ended: TerminalEnd = { at: Date.now(), exitCode, signal, because };
    this.#change({ ended });
    // unshare that was killed leaves its child, the program, without a terminal and perhaps deaf to SIGHUP.
    if (this.#start.forks && this.#insideKey !== null) void endKin(this.#deps.kernel, [this.#insideKey]);
    this.#ended();
  }

  #change(part: Partial<TerminalInfo>): void {
    this.#info = { ...this.#info, ...part };
    this.#deps.changed();
  }

  #sign(part: Partial<TerminalSigns>): void {
    const signs = { ...(this.#info.signs ?? { said: '', bells: 0, wrote: 0 }), ...part };
    this.#info = { ...this.#info, signs };
    this.#signs ??= setTimeout(() => {
      this.#signs = null;
      this.#deps.changed();
    }, SIGNS_MILLIS).unref();
  }

  #lookLater(): void {
    const at = LOOKS_MILLIS[this.#looks];
    const last = LOOKS_MILLIS.at(-1) ?? 0;
    if (at === undefined && this.#info.inside !== null) return;
    const wait = at === undefined ? last : this.#startedAt + at - Date.now();
    this.#looks++;
    this.#timer = setTimeout(() => void this.#look().then(() => this.#lookLater()), Math.max(0, wait));
  }

  #stopLooking(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #look(): Promise<void> {
    const { kernel, namespacesOf } = this.#deps;
    const { how, forks, passing = [] } = this.#start;
    // A by-hand command is itself the program; it does not become another.
    const argv = how === 'shell' ? [] : this.#start.argv;
    const { pid } = this.#program;
    if (pid === null || this.#info.ended !== null) return;
    if (this.#info.pid !== pid) {
      this.#key = this.#keyOf(pid);
      this.#change({ pid });
    }
    const started = { pid, argv, forks, passing };
    const found = await findInside(kernel, started, namespacesOf).catch(() => null);
    if (found === null || this.#info.ended !== null) return;
    this.#insideKey = processKey(found.inside.pid, found.starttime);
    const inside = { key: this.#insideKey, ...found.inside };
    if (!same(inside, this.#info.inside)) this.#change({ inside });
  }
}

/** `null` if it has ended by now. */
const accountOf = (kernel: Kernel, key: ProcessKey): TerminalRemains['processes'][number] | null => {
  const pid = Number(key.split('@')[0]);
  const stat = livingStat(kernel, pid);
  if (stat === null || processKey(pid, stat.starttime) !== key) return null;
  const status = parsed(kernel.record(`/proc/${pid}/status`), parseStatusHead);
  return { key, comm: stat.comm, innerPid: status.ok ? (status.value.nspid.at(-1) ?? null) : null };
};

const same = (a: TerminalInside, b: TerminalInside | null): boolean => JSON.stringify(a) === JSON.stringify(b);
