/** The engine's own account of one container, asked again when something that it tells may have changed. */
import { connection } from '../../../store/connection.svelte.ts';
import { errorText } from '../../../../shared/text.ts';

export class Inspected {
  current = $state.raw<unknown>(null);
  /** Why it could not be had; the last account stays. Hostile text. */
  error = $state.raw<string | null>(null);
  #turn = 0;

  async ask(engine: string, id: string): Promise<void> {
    const { client } = connection;
    if (client === null) return;
    const turn = ++this.#turn;
    try {
      const told = await client.call('container.inspect', { engine, id });
      if (turn !== this.#turn) return;
      this.current = told;
      this.error = null;
    } catch (error) {
      if (turn === this.#turn) this.error = errorText(error);
    }
  }
}

/** One field of what an engine told, which may be anything. */
export const told = (value: unknown, ...names: readonly string[]): unknown => {
  let at = value;
  for (const name of names) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return at;
};
