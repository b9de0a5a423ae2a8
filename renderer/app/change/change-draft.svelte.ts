/** One change while it is thought about: what would come of it, then what came of it. */
import type { Change, ChangePreview, ChangeRecord } from '../../../shared/change.ts';
import { changes, type Changes } from '../../store/changes.svelte.ts';
import { errorText } from '../../../shared/text.ts';

export class ChangeDraft {
  preview = $state.raw<ChangePreview | null>(null);
  /** Why it could not be asked, or was not tried. Hostile text. */
  error = $state.raw<string | null>(null);
  /** What the kernel made of it. */
  outcome = $state.raw<ChangeRecord | null>(null);
  busy = $state(false);

  readonly #changes: Pick<Changes, 'preview' | 'apply' | 'undo'>;
  #asked = 0;

  constructor(store: Pick<Changes, 'preview' | 'apply' | 'undo'> = changes) {
    this.#changes = store;
  }

  /** The answer to the last question counts. Until it comes there is nothing to confirm. */
  async ask(change: Change): Promise<void> {
    const turn = ++this.#asked;
    this.outcome = null;
    this.error = null;
    if (this.preview !== null) this.preview = { ...this.preview, token: null };
    try {
      const preview = await this.#changes.preview(change);
      if (turn === this.#asked) this.preview = preview;
    } catch (error) {
      if (turn !== this.#asked) return;
      this.preview = null;
      this.error = errorText(error);
    }
  }

  /** There is nothing to ask about. */
  drop(): void {
    this.#asked += 1;
    this.preview = null;
    this.outcome = null;
    this.error = null;
  }

  /** Does exactly what is shown. */
  async apply(): Promise<void> {
    const token = this.preview?.token;
    if (token == null || this.busy) return;
    await this.#settle(() => this.#changes.apply(token));
  }

  async undo(id: string): Promise<void> {
    if (!this.busy) await this.#settle(() => this.#changes.undo(id));
  }

  async #settle(work: () => Promise<ChangeRecord>): Promise<void> {
    const turn = ++this.#asked;
    this.busy = true;
    this.error = null;
    try {
      const outcome = await work();
      if (turn === this.#asked) this.outcome = outcome;
    } catch (error) {
      if (turn === this.#asked) this.error = errorText(error);
    } finally {
      this.busy = false;
      if (turn === this.#asked) this.preview = null;
    }
  }
}
