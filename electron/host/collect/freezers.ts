/** Which processes their cgroups have stopped, from one look to the next: one file for each cgroup, not for each process. */
import { frozenBy } from '../../../shared/freezer-words.ts';
import type { CgroupMembership, FreezerState, Process } from '../../../shared/model.ts';
import { same } from '../../../shared/same.ts';
import type { HeldFile, Kernel } from '../read/kernel.ts';
import { parsed } from '../parse/format-error.ts';
import type { Hierarchies } from './cgroup-hierarchies.ts';
import { freezerFiles, isUnfreezable, knownHierarchies, parseFreezer, type FreezerFile } from './freezer.ts';

/**
 * Whoever is frozen or thawed runs for it, or wakes changed: a cgroup is asked as soon as one of its processes is not what it
 * was. Since Linux 6.1 v1 freezes some sleepers without waking them; those are met in turns, once in so many looks.
 */
const EVERY_LOOKS = 5;
/** Mounts change by an administrator's hand: seldom. */
const HIERARCHIES_EVERY_LOOKS = 10;
/** How many files are held open at most; of further ones each is opened when it is read. */
const HELD_AT_MOST = 512;

interface Source extends FreezerFile {
  held: HeldFile | null;
  state: FreezerState | null;
  /** The look that read it, and the look that met it, last. */
  readAt: number;
  metAt: number;
}

interface Place {
  readonly sources: readonly Source[];
  readonly unfreezable: boolean;
  metAt: number;
}

export class Freezers {
  readonly #kernel: Kernel;
  #hierarchies: Hierarchies['list'] = [];
  /** By the list itself: processes of the same cgroups share one. */
  #places = new Map<readonly CgroupMembership[], Place>();
  readonly #sources = new Map<string, Source>();
  #rows: readonly Process[] = [];
  #heldCount = 0;
  #looks = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** One answer for each row, in their order. `rows` come by pid, and unchanged ones are the same objects. */
  look(rows: readonly Process[]): readonly Process['frozen'][] {
    this.#lookAtHierarchies();
    const places = this.#placesOf(rows);
    let turn = this.#looks;
    for (const source of this.#sources.values()) if (turn++ % EVERY_LOOKS === 0) this.#read(source);
    if (this.#places.size > 0) this.#dropUnmet();
    this.#rows = rows;
    this.#looks++;
    let last: Place | null = null;
    let answer: FreezerState | null = null;
    return places.map((place) => {
      if (place !== last) answer = place === null ? null : stateOf(place);
      last = place;
      return answer;
    });
  }

  /** Lets go of what it holds open. */
  forget(): void {
    for (const source of this.#sources.values()) this.#release(source);
    this.#sources.clear();
    this.#places.clear();
    this.#rows = [];
  }

  #placesOf(rows: readonly Process[]): (Place | null)[] {
    const before = this.#rows;
    let at = 0;
    return rows.map((row) => {
      while (at < before.length && before[at]!.pid < row.pid) at++;
      if (row.cgroups.length === 0) return null;
      const place = this.#placeOf(row.cgroups);
      if (before[at] !== row) for (const source of place.sources) this.#read(source);
      return place;
    });
  }

  #placeOf(cgroups: readonly CgroupMembership[]): Place {
    const known = this.#places.get(cgroups);
    if (known !== undefined) {
      if (known.metAt !== this.#looks) {
        known.metAt = this.#looks;
        for (const source of known.sources) source.metAt = this.#looks;
      }
      return known;
    }
    const sources = freezerFiles(this.#hierarchies, cgroups).map(({ path, version }) => {
      const source = this.#sources.get(path) ?? { path, version, held: null, state: null, readAt: -1, metAt: -1 };
      this.#sources.set(path, source);
      source.metAt = this.#looks;
      return source;
    });
    const place = { sources, unfreezable: isUnfreezable(this.#hierarchies, cgroups), metAt: this.#looks };
    this.#places.set(cgroups, place);
    return place;
  }

  #read(source: Source): void {
    if (source.readAt === this.#looks) return;
    source.readAt = this.#looks;
    if (source.held === null && this.#heldCount < HELD_AT_MOST) {
      const held = this.#kernel.hold?.(source.path);
      if (held?.ok === true) {
        source.held = held.value;
        this.#heldCount++;
      }
    }
    const text = source.held?.record() ?? this.#kernel.record(source.path);
    const state = parsed(text, (whole) => parseFreezer(whole, source.version));
    source.state = state.ok ? state.value : null;
    // The cgroup was removed; another of its name will be held anew.
    if (!state.ok) this.#release(source);
  }

  #lookAtHierarchies(): void {
    if (this.#looks % HIERARCHIES_EVERY_LOOKS !== 0) return;
    const hierarchies = knownHierarchies(this.#kernel);
    if (same(hierarchies, this.#hierarchies)) return;
    this.forget();
    this.#hierarchies = hierarchies;
  }

  #dropUnmet(): void {
    for (const [cgroups, { metAt }] of this.#places) if (metAt !== this.#looks) this.#places.delete(cgroups);
    for (const [path, source] of this.#sources) {
      if (source.metAt === this.#looks) continue;
      this.#release(source);
      this.#sources.delete(path);
    }
  }

  #release(source: Source): void {
    if (source.held === null) return;
    source.held.close();
    source.held = null;
    this.#heldCount--;
  }
}

const stateOf = ({ sources, unfreezable }: Place): FreezerState | null =>
  unfreezable ? 'thawed' : frozenBy(sources.map(({ state }) => state));
