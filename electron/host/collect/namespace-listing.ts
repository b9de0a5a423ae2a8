/** The kernel's own list of namespaces, as a check on what we found ourselves. */
import type { NamespaceId } from '../../../shared/model.ts';
import type { Kernel } from '../read/kernel.ts';

/** One call, but what it names anew has to be opened each. */
const EVERY_LOOKS = 5;
/** Each an open, a link and a close. The rest at the next turn. */
const OPENED_AT_ONCE = 500;

const NOTHING: readonly NamespaceId[] = [];

export class NamespaceListing {
  readonly #kernel: Kernel;
  /** By number, which the kernel never uses again; `null`: not to be opened. */
  #known = new Map<bigint, NamespaceId | null>();
  #listed: readonly NamespaceId[] = NOTHING;
  #looks = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** What the kernel listed last; nothing where it has no such list. The same object as long as that says the same. */
  look(): readonly NamespaceId[] {
    return this.#looks++ % EVERY_LOOKS === 0 ? this.now() : this.#listed;
  }

  now(): readonly NamespaceId[] {
    const ids = this.#kernel.listNamespaces();
    if (ids === null) return this.#listed;
    const known = new Map<bigint, NamespaceId | null>();
    let opened = 0;
    for (const id of ids) {
      const before = this.#known.get(id);
      if (before !== undefined) known.set(id, before);
      else if (opened++ < OPENED_AT_ONCE) known.set(id, this.#kernel.namespaceById(id));
    }
    this.#known = known;
    const listed = [...known.values()].filter((id) => id !== null);
    const same = listed.length === this.#listed.length && listed.every((id, at) => id === this.#listed[at]);
    if (!same) this.#listed = listed;
    return this.#listed;
  }

  /** The kernel's number of a namespace that it listed last. */
  numberOf(id: NamespaceId): bigint | null {
    for (const [number, known] of this.#known) if (known === id) return number;
    return null;
  }
}
