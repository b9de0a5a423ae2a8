/** The seccomp filters of one process, read when a person asks for it, with what they come to. */
import type { ProcessKey } from '../../shared/model.ts';
import { answerOf, type SeccompAnswer } from '../../shared/seccomp-answer.ts';
import type { SeccompFilters, SeccompThreads } from '../../shared/seccomp-model.ts';
import { strictAnswer } from '../../shared/seccomp.ts';
import { connection } from './connection.svelte.ts';
import { errorText } from '../../shared/text.ts';

export interface ReadSeccomp {
  readonly told: SeccompFilters;
  /** `null` where there is no table of the machine's system calls. */
  readonly answer: SeccompAnswer | null;
}

export class Seccomp {
  key = $state.raw<ProcessKey | null>(null);
  read = $state.raw<ReadSeccomp | null>(null);
  busy = $state(false);
  error = $state.raw<string | null>(null);
  /** What its threads say of themselves; `null` before that is read, and of a process of one thread. */
  threads = $state.raw<SeccompThreads | null>(null);
  /** Whose filters are asked for; `null`: the first thread's. */
  tid = $state.raw<number | null>(null);

  /** Forgets what was read of another process. `count`: how many threads it has. */
  look(key: ProcessKey, count: number): void {
    if (key === this.key) return;
    this.key = key;
    this.read = null;
    this.error = null;
    this.busy = false;
    this.threads = null;
    this.tid = null;
    if (count > 1) void this.#readThreads(key);
  }

  /** Another thread's filters are others: what was read is put away. */
  choose(tid: number | null): void {
    this.tid = tid;
    this.read = null;
    this.error = null;
  }

  async #readThreads(key: ProcessKey): Promise<void> {
    try {
      const threads = await connection.client?.call('seccomp.threads', { key });
      if (this.key === key && threads !== undefined) this.threads = threads;
    } catch (error) {
      if (this.key === key) this.error = errorText(error);
    }
  }

  /** Has the process stopped for some milliseconds: only after a person said so. */
  async stopAndRead(): Promise<void> {
    const { key, tid } = this;
    const { client } = connection;
    if (key === null || client === null || this.busy) return;
    this.busy = true;
    this.error = null;
    try {
      const told = await client.call('seccomp.read', { key, tid });
      if (this.key !== key || this.tid !== tid) return;
      this.read = { told, answer: answerFor(told) };
      this.threads = told.threads;
    } catch (error) {
      if (this.key === key) this.error = errorText(error);
    } finally {
      if (this.key === key) this.busy = false;
    }
  }
}

const answerFor = ({ mode, architecture, filters }: SeccompFilters): SeccompAnswer | null => {
  if (architecture === null) return null;
  if (mode === 1) return strictAnswer(architecture);
  return answerOf(
    filters.map(({ program }) => program),
    architecture,
  );
};
