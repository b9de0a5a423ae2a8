/** The seccomp filters of one process, read when a person asks for it, with what they come to. */
import type { ProcessKey } from '../../shared/model.ts';
import { answerOf, type SeccompAnswer } from '../../shared/seccomp-answer.ts';
import type { SeccompFilters } from '../../shared/seccomp-model.ts';
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

  /** Forgets what was read of another process. */
  look(key: ProcessKey): void {
    if (key === this.key) return;
    this.key = key;
    this.read = null;
    this.error = null;
    this.busy = false;
  }

  /** Has the process stopped for some milliseconds: only after a person said so. */
  async stopAndRead(): Promise<void> {
    const { key } = this;
    const { client } = connection;
    if (key === null || client === null || this.busy) return;
    this.busy = true;
    this.error = null;
    try {
      const told = await client.call('seccomp.read', { key });
      if (this.key === key) this.read = { told, answer: answerFor(told) };
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
