/** What one engine has told of its containers: the list, and for each what a look at it added. */
import type { EngineContainer } from '../collect/containers.ts';
import type { Listed, Looked } from './engine.ts';

interface Row {
  readonly listed: Listed;
  /** `null` until the container was looked at, and again when the list says that it changed. */
  readonly looked: Looked | null;
  readonly container: EngineContainer;
}

const NOT_LOOKED = {
  pid: null,
  startedAt: null,
  finishedAt: null,
  exitCode: null,
  health: null,
  networkMode: null,
  pidMode: null,
  ipcMode: null,
  restartPolicy: null,
  autoRemove: null,
} as const;

export class ContainerBook {
  readonly #engine: string;
  readonly #rows = new Map<string, Row>();
  #containers: readonly EngineContainer[] | null = null;

  constructor(engine: string) {
    this.#engine = engine;
  }

  /** Sorted by id. The same array, and the same objects in it, as long as nothing changed. */
  containers(): readonly EngineContainer[] {
    this.#containers ??= [...this.#rows.values()]
      .map(({ container }) => container)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return this.#containers;
  }

  /** Takes in the engine's list: of `ids`, or whole. Returns the containers that are to be looked at. */
  list(entries: readonly Listed[], ids: readonly string[] | null): readonly string[] {
    const there = new Set(entries.map(({ id }) => id));
    for (const id of ids ?? [...this.#rows.keys()]) if (!there.has(id)) this.remove(id);
    return entries.flatMap((listed) => {
      const looked = this.#rows.get(listed.id)?.looked ?? null;
      const stillTrue = looked?.state === listed.state ? looked : null;
      this.#put(listed, stillTrue);
      return stillTrue === null ? [listed.id] : [];
    });
  }

  /** Takes in a look; one at a container that was removed meanwhile changes nothing. */
  look(id: string, looked: Looked): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    // The look is the younger of the two; words that contradict it are dropped until the engine says new ones.
    const same = row.listed.state === looked.state;
    this.#put(same ? row.listed : { ...row.listed, state: looked.state, status: null }, looked);
  }

  remove(id: string): void {
    if (this.#rows.delete(id)) this.#containers = null;
  }

  /**
   * The engine fell silent. Names, images and labels are still what it said last, and nothing can be removed meanwhile;
   * but what runs is no longer known from here. The join asks the kernel instead.
   */
  silence(): void {
    for (const { listed } of this.#rows.values()) this.#put({ ...listed, state: 'unknown', status: null }, null);
  }

  #put(listed: Listed, looked: Looked | null): void {
    const before = this.#rows.get(listed.id)?.container;
    const container = { engine: this.#engine, ...NOT_LOOKED, ...looked, ...listed };
    const same = before !== undefined && JSON.stringify(before) === JSON.stringify(container);
    this.#rows.set(listed.id, { listed, looked, container: same ? before : container });
    if (!same) this.#containers = null;
  }
}
