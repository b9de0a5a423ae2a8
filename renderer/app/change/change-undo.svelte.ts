/** Undoing a change out of a list, and why that was not done. */
import { errorText } from '../../../shared/text.ts';
import { changes, type Changes } from '../../store/changes.svelte.ts';

export class ChangeUndo {
  /** Hostile text; `null` where the last one was done. */
  problem = $state.raw<string | null>(null);
  readonly #changes: Pick<Changes, 'undo'>;

  constructor(store: Pick<Changes, 'undo'> = changes) {
    this.#changes = store;
  }

  async of(id: string): Promise<void> {
    this.problem = null;
    try {
      const { error, name, readBack } = await this.#changes.undo(id);
      if (error !== null)
        this.problem = `Not undone: ${error.errno ?? error.call}. ${name} still reads ${readBack ?? '?'}.`;
    } catch (error) {
      this.problem = errorText(error);
    }
  }
}
