/** What one engine has told of its containers: the list, and for each what a look at it added. */
import type { EngineContainer } from '../collect/containers.ts';
import type { Listed, Looked } from './engine.ts';

interface Row {
  readonly listed: Listed;
  /** `null` until the container was looked at, and again when the list says that it changed. */
  readonly looked: Looked | null;
  readonly told: number;
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
  /** Whose looks are shown and are to be taken again: something may have been missed. */
  readonly #doubted = new Set<string>();
  #containers: readonly EngineContainer[] | null = null;
  /** Of the whole book, so that no row that comes back has a number it had before. */
  #told = 0;

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
      return stillTrue === null || this.#doubted.has(listed.id) ? [listed.id] : [];
    });
  }

  /** The engine said something of it, or was asked to change it. */
  touch(id: string): void {
    const row = this.#rows.get(id);
    if (row !== undefined) this.#put(row.listed, row.looked, ++this.#told);
  }

  /** What the engine said meanwhile was not heard: all is shown as it was until it was looked at again. */
  doubt(): void {
    for (const id of this.#rows.keys()) {
      this.#doubted.add(id);
      this.touch(id);
    }
  }

  /** What tells whether two lists are of the same: who is there, called what, in which state. Ages are left out. */
  outline(): string {
    return JSON.stringify([...this.#rows.values()].map(({ listed: { id, name, state } }) => [id, name, state]).sort());
  }

  /** Takes in a look; one at a container that was removed meanwhile changes nothing. */
  look(id: string, looked: Looked): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    this.#doubted.delete(id);
    // The look is the younger of the two; words that contradict it are dropped until the engine says new ones.
    const same = row.listed.state === looked.state;
    this.#put(same ? row.listed : { ...row.listed, state: looked.state, status: null }, looked);
  }

  remove(id: string): void {
    this.#doubted.delete(id);
    if (this.#rows.delete(id)) this.#containers = null;
  }

  /**
   * The engine fell silent. Names, images and labels are still what it said last, and nothing can be removed meanwhile;
   * but what runs is no longer known from here. The join asks the kernel instead.
   */
  silence(): void {
    for (const { listed } of this.#rows.values()) this.#put({ ...listed, state: 'unknown', status: null }, null);
  }

  #put(listed: Listed, looked: Looked | null, told = this.#rows.get(listed.id)?.told ?? ++this.#told): void {
    const before = this.#rows.get(listed.id)?.container;
    const container = { engine: this.#engine, told, ...NOT_LOOKED, ...looked, ...listed };
    const same = before !== undefined && JSON.stringify(before) === JSON.stringify(container);
    this.#rows.set(listed.id, { listed, looked, told, container: same ? before : container });
    if (!same) this.#containers = null;
  }
}
