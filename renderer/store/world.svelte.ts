/**
 * The live world: the newest look at the machine and the one before it, for rates. It is watched only while the page is
 * seen, so that a hidden window costs the machine nothing.
 */
import { tick } from 'svelte';
import type { Client, WorldFrame } from '../../shared/client.ts';
import { apply, type WorldDelta } from '../../shared/delta.ts';
import { decodeUtf8 } from '../../shared/frames.ts';
import type { Container, EngineState, Process, ProcessKey, World } from '../../shared/model.ts';
import type { Connection } from './connection.svelte.ts';
import { connection } from './connection.svelte.ts';

export class WorldStore {
  /** Replaced whole with every frame; unchanged parts stay the same objects. `null` before the first. */
  current = $state.raw<World | null>(null);
  /** The look before {@link current}; `null` after the first, and after a pause in which rates would mean nothing. */
  previous = $state.raw<World | null>(null);
  /** True while frames are expected to come. */
  watching = $state.raw(false);
  /** True while the person keeps what is on the screen; the machine is not looked at then, as far as this page goes. */
  paused = $state.raw(false);

  readonly byKey = $derived(new Map<ProcessKey, Process>(this.current?.processes.map((p) => [p.key, p])));
  readonly byPid = $derived(new Map<number, Process>(this.current?.processes.map((p) => [p.pid, p])));
  readonly containers = $derived(new Map<string, Container>(this.current?.containers.map((c) => [c.id, c])));
  readonly engines = $derived(new Map<string, EngineState>(this.current?.engines.map((e) => [e.id, e])));

  #seq = -1;
  #watchIfWanted = () => {};

  /** Follows the connection's client, this one and each later one. */
  follow(to: Connection): void {
    to.onOpen((client) => {
      const stop = client.onWorld((frame) => void this.#receive(client, frame));
      const watchIfWanted = (): void =>
        void this.#watch(client, document.visibilityState === 'visible' && !this.paused);
      this.#watchIfWanted = watchIfWanted;
      document.addEventListener('visibilitychange', watchIfWanted);
      watchIfWanted();
      return () => {
        stop();
        document.removeEventListener('visibilitychange', watchIfWanted);
        this.#watchIfWanted = () => {};
        this.watching = false;
      };
    });
  }

  /** Goes on with a whole look. */
  setPaused(paused: boolean): void {
    if (this.paused === paused) return;
    this.paused = paused;
    this.#watchIfWanted();
  }

  async #watch(client: Client, seen: boolean): Promise<void> {
    this.watching = seen;
    this.#seq = -1;
    try {
      await client.call(seen ? 'world.watch' : 'world.unwatch', {});
    } catch (error) {
      // The connection says itself that it is lost; anything else is a fault of the host, and belongs in the console.
      console.error(error);
      this.watching = false;
    }
  }

  async #receive(client: Client, { seq, base, json }: WorldFrame): Promise<void> {
    const sent: unknown = JSON.parse(decodeUtf8(json));
    const before = this.current;
    if (base === null) {
      this.previous = null;
      this.current = sent as World;
    } else if (before !== null && base === this.#seq) {
      this.current = apply(before, sent as WorldDelta);
      this.previous = before;
    } else if (this.#seq === -1) {
      // Sent before the host heard that this page starts over; the whole one is under way.
      return;
    } else {
      // A frame against one this page does not hold.
      void this.#watch(client, true);
      return;
    }
    this.#seq = seq;
    await tick();
    client.worldApplied(seq);
  }
}

export const world = new WorldStore();
world.follow(connection);
