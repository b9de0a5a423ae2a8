/** One container's log as its tab shows it: followed, kept in bounds, filtered, searched. */
import { LOG_FLOW, type LogQuery, type LogStart } from '../../../../shared/logs.ts';
import type { Client } from '../../../../shared/client.ts';
import { LogAssembler, type LogLine } from './log-assembler.ts';
import { finderOf, linesWith, NO_FINDER, type Finder } from './log-find.ts';
import { LogKeep } from './log-keep.ts';
import { LogLayout } from './log-layout.ts';
import { plainText } from './sgr.ts';
import { errorText } from '../../../../shared/text.ts';

export type LogState = 'asking' | 'following' | 'ended' | 'failed';

/** How often the screen takes in what has come, ms. */
const TAKE_MILLIS = 80;

export class LogView {
  state = $state<LogState>('asking');
  /** The engine's words. */
  error = $state<string | null>(null);
  start = $state.raw<LogStart | null>(null);
  /** Counts up whenever lines came or went; the layout itself is no state. */
  version = $state(0);
  onlyStderr = $state(false);
  query = $state('');
  /** Whether {@link query} is a regular expression. */
  isExpression = $state(false);
  finder = $state.raw<Finder>(NO_FINDER);
  /** Numbers of the lines found, in order. */
  found = $state.raw<readonly number[]>([]);
  /** Index into {@link found} of the one that was stepped to; -1 before the first step. */
  at = $state(-1);
  /** Rows that went at the top since the screen last asked. */
  rowsGone = 0;
  /** Lines that have come since the log was opened. */
  came = $state(0);
  dropped = $state(0);
  errors = $state(0);

  #keep = new LogKeep();
  layout = new LogLayout(null);
  #columns: number | null = null;
  #waiting: LogLine[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #stop: (() => void) | null = null;

  /** Begins anew; what was shown is forgotten. Returns what ends it. */
  follow(client: Client, engine: string, id: string, query: LogQuery): () => void {
    this.#stop?.();
    const log = crypto.randomUUID();
    this.#clear();
    let assembler: LogAssembler | null = null;
    let owed = 0;
    const deafen = client.onLog(log, (bytes) => {
      if (assembler === null) return;
      try {
        this.#come(assembler.push(bytes));
      } catch (error) {
        return stop(errorText(error));
      }
      owed += bytes.length;
      if (owed < LOG_FLOW.ack) return;
      client.logTaken(log, owed);
      owed = 0;
    });
    const unhear = client.on('logEnd', (end) => {
      if (end.log !== log || assembler === null) return;
      this.#come(assembler.rest());
      this.#take();
      this.state = end.error === null ? 'ended' : 'failed';
      this.error = end.error;
    });
    const stop = (because: string | null = null): void => {
      deafen();
      unhear();
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = null;
      if (this.#stop === stop) this.#stop = null;
      if (because !== null) {
        this.state = 'failed';
        this.error = because;
      }
      client.call('logs.stop', { log }).catch(() => {});
    };
    this.#stop = stop;
    client.call('logs.follow', { log, engine, id, query }).then(
      (start) => {
        if (this.#stop !== stop) return;
        assembler = new LogAssembler(start.tty);
        this.start = start;
        this.state = 'following';
      },
      (error: unknown) => {
        if (this.#stop === stop) stop(errorText(error));
      },
    );
    return () => stop();
  }

  /** Characters that a row holds; `null`: lines are not broken. */
  setColumns(columns: number | null): void {
    if (columns === this.#columns) return;
    this.#columns = columns;
    this.#lay();
  }

  setOnlyStderr(only: boolean): void {
    this.onlyStderr = only;
    this.#lay();
    this.search(this.query);
  }

  search(query: string): void {
    this.query = query;
    this.finder = finderOf(query, this.isExpression);
    this.found = linesWith(this.layout.lines, this.finder);
    this.at = -1;
  }

  setExpression(isExpression: boolean): void {
    this.isExpression = isExpression;
    this.search(this.query);
  }

  /** To the next line found, or the one before, around the ends. `near`: where to begin. Its number, or `null`. */
  step(by: 1 | -1, near: number): number | null {
    const { found } = this;
    if (found.length === 0) return null;
    if (this.at < 0) {
      const next = found.findIndex((seq) => seq >= near);
      this.at = by === 1 ? Math.max(next, 0) : next <= 0 ? found.length - 1 : next - 1;
    } else this.at = (this.at + by + found.length) % found.length;
    return found[this.at] ?? null;
  }

  /** What is shown, as text. */
  text(withTimes: boolean): string {
    const lines = this.layout.lines.map(({ text, time }) =>
      withTimes && time !== null ? `${time} ${plainText(text)}` : plainText(text),
    );
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  }

  #come(lines: LogLine[]): void {
    for (const line of lines) this.#waiting.push(line);
    if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#take(), TAKE_MILLIS);
  }

  #take(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const lines = this.#waiting;
    if (lines.length === 0) return;
    this.#waiting = [];
    this.#keep.add(lines);
    this.came += lines.length;
    this.errors = this.#keep.errors;
    const first = this.#keep.lines[0]?.seq ?? 0;
    const shown = (this.onlyStderr ? lines.filter(({ stream }) => stream === 'stderr') : lines).filter(
      ({ seq }) => seq >= first,
    );
    this.layout.append(shown);
    if (this.#keep.dropped !== this.dropped) {
      this.dropped = this.#keep.dropped;
      this.rowsGone += this.layout.dropBefore(first);
    }
    if (this.finder.find !== null) {
      const kept = this.found.filter((seq) => seq >= first);
      if (this.at >= 0) this.at = Math.max(-1, this.at - (this.found.length - kept.length));
      this.found = [...kept, ...linesWith(shown, this.finder)];
    }
    this.version++;
  }

  #lay(): void {
    this.layout = new LogLayout(this.#columns);
    this.layout.append(
      this.onlyStderr ? this.#keep.lines.filter(({ stream }) => stream === 'stderr') : this.#keep.lines,
    );
    this.rowsGone = 0;
    this.version++;
  }

  #clear(): void {
    this.#keep = new LogKeep();
    this.#waiting = [];
    this.state = 'asking';
    this.error = this.start = null;
    this.came = this.dropped = this.errors = 0;
    this.found = [];
    this.at = -1;
    this.#lay();
  }
}
