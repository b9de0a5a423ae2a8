/** The JSON lines of POST /images/create, folded into one state. Docker Engine API reference, ImageCreate. */
import { PortholeError } from '../../../shared/frames.ts';
import type { PulledLayer, PullState } from '../../../shared/pull.ts';
import { field } from './field.ts';

/** An image may have 127 layers (overlay2); whoever sends more is not believed, but counted. */
const MOST_LAYERS = 256;
/** For one line of the screen. */
const MOST_CHARACTERS = 300;

const text = (value: unknown): string | null => (typeof value === 'string' ? value.slice(0, MOST_CHARACTERS) : null);
const bytes = (value: unknown): number | null =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;

export class PullProgress {
  readonly #layers = new Map<string, PulledLayer>();
  readonly #unkept = new Set<string>();
  #status: string | null = null;

  /** Throws a PortholeError in the engine's words if the line says that the pull failed; a line that is no JSON is left out. */
  take(line: string): void {
    let said: unknown;
    try {
      said = JSON.parse(line);
    } catch {
      return;
    }
    const error = text(field(said, 'errorDetail', 'message')) ?? text(field(said, 'error'));
    if (error !== null) throw new PortholeError('failed', error);
    const status = text(field(said, 'status'));
    const id = text(field(said, 'id'));
    if (status === null) return;
    // `Pulling from library/redis` carries the tag as its id.
    if (id === null || !/^[0-9a-f]{6,64}$/.test(id)) this.#status = status;
    else if (this.#layers.has(id) || this.#layers.size < MOST_LAYERS) {
      const current = bytes(field(said, 'progressDetail', 'current'));
      this.#layers.set(id, { id, status, current, total: bytes(field(said, 'progressDetail', 'total')) });
    } else if (this.#unkept.size < MOST_LAYERS) this.#unkept.add(id);
  }

  now(): PullState {
    return { status: this.#status, layers: [...this.#layers.values()], more: this.#unkept.size };
  }
}
