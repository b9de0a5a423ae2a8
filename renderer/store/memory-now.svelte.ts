/** The memory of each running container, for lists: asked every few seconds, and only while a list of them is seen. */
import { connection } from './connection.svelte.ts';
import type { Container } from '../../shared/model.ts';

/** A list is glanced at; two files a container each time. */
const EVERY_MILLIS = 5000;
/** As many as the contract takes. */
const MOST = 500;

export class MemoryNowStore {
  /** By container; bytes. One that could not be read is not in it. */
  bytes = $state.raw<ReadonlyMap<string, number>>(new Map());
  #dueAt = 0;
  #asking = false;

  /** To be called with each look at the machine. */
  async ask(containers: readonly Pick<Container, 'id' | 'pid'>[]): Promise<void> {
    const { client } = connection;
    const at = performance.now();
    if (client === null || this.#asking || at < this.#dueAt) return;
    const running = containers.flatMap(({ id, pid }) => (pid === null ? [] : [{ id, pid }])).slice(0, MOST);
    this.#dueAt = at + EVERY_MILLIS;
    if (running.length === 0) {
      this.bytes = new Map();
      return;
    }
    this.#asking = true;
    try {
      const told = await client.call('container.memory', { containers: running });
      this.bytes = new Map(told.flatMap(({ id, bytes }) => (bytes === null ? [] : [[id, bytes] as const])));
    } catch {
      // The list then says what it otherwise says; the page of a container says why.
      this.bytes = new Map();
    } finally {
      this.#asking = false;
    }
  }
}

export const memoryNow = new MemoryNowStore();
