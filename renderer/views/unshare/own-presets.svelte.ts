/** Choices of a form that somebody has given a name, kept in the browser. */
import * as v from 'valibot';
import { lastingStorage } from '../../store/dock-memory.ts';

export interface OwnPreset<Options> {
  readonly id: string;
  readonly name: string;
  /** The command it makes. */
  readonly text: string;
  readonly options: Options;
  readonly own: true;
}

/** More than one column of them finds nobody's eye. */
const MOST = 50;
const Name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60));

interface Kept<Options> {
  readonly name: string;
  readonly options: Options;
}

export class OwnPresets<Options extends object> {
  #kept = $state.raw<readonly Kept<Options>[]>([]);
  /** True once something could not be kept: it is forgotten with the page. */
  forgetful = $state(false);
  /** The one that was removed last, and where it stood. */
  #removed = $state.raw<{ readonly one: Kept<Options>; readonly at: number } | null>(null);
  readonly #key: string;
  readonly #schema: v.GenericSchema<unknown, Options>;
  readonly #textOf: (options: Options) => string;
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'> | null;

  readonly list: readonly OwnPreset<Options>[] = $derived(this.#kept.map((one) => this.#shown(one)));
  readonly removed: string | null = $derived(this.#removed?.one.name ?? null);

  /** `textOf`: what stands below its name. */
  constructor(
    key: string,
    schema: v.GenericSchema<unknown, Options>,
    textOf: (options: Options) => string,
    storage: Pick<Storage, 'getItem' | 'setItem'> | null = lastingStorage(),
  ) {
    this.#key = key;
    this.#schema = schema;
    this.#textOf = textOf;
    this.#storage = storage;
    this.read();
  }

  /** Takes what is kept, for another page may have changed it. What is not of the form's own kind is left out. */
  read(): void {
    if (this.forgetful) return;
    let kept: unknown = [];
    try {
      kept = JSON.parse(this.#storage?.getItem(this.#key) ?? '[]');
    } catch {
      // Not our JSON, or no storage: as if nothing was kept.
    }
    const one = v.object({ name: Name, options: this.#schema });
    const found = (Array.isArray(kept) ? kept : []).slice(0, MOST).flatMap((some: unknown) => {
      const read = v.safeParse(one, some);
      return read.success ? [read.output] : [];
    });
    this.#kept = found.filter(({ name }, at) => found.findIndex((other) => other.name === name) === at);
  }

  /** The name as it would be kept; `null` if it is none. */
  nameOf(text: string): string | null {
    const name = v.safeParse(Name, text);
    return name.success ? name.output : null;
  }

  has(name: string): boolean {
    return this.#kept.some((one) => one.name === name);
  }

  /** Whether these can be kept, and one more has room. */
  keeps(options: Options, name: string): boolean {
    return v.is(this.#schema, options) && (this.#kept.length < MOST || this.has(name));
  }

  /** Takes the place of one that is called the same. */
  save(name: string, options: Options): OwnPreset<Options> {
    this.read();
    const one = { name, options };
    const at = this.#kept.findIndex((other) => other.name === name);
    this.#write(at < 0 ? [...this.#kept, one] : this.#kept.with(at, one));
    return this.#shown(one);
  }

  /** `null` if it is gone, or another is called so. */
  rename(from: string, to: string): OwnPreset<Options> | null {
    this.read();
    const at = this.#kept.findIndex(({ name }) => name === from);
    const one = this.#kept[at];
    if (one === undefined || (from !== to && this.has(to))) return null;
    const renamed = { ...one, name: to };
    this.#write(this.#kept.with(at, renamed));
    return this.#shown(renamed);
  }

  remove(name: string): void {
    this.read();
    const at = this.#kept.findIndex((other) => other.name === name);
    const one = this.#kept[at];
    if (one === undefined) return;
    this.#write(this.#kept.toSpliced(at, 1));
    this.#removed = { one, at };
  }

  /** Brings back the one that was removed last. */
  restore(): void {
    const removed = this.#removed;
    this.read();
    if (removed === null || this.has(removed.one.name)) return;
    this.#write(this.#kept.toSpliced(removed.at, 0, removed.one));
  }

  #shown({ name, options }: Kept<Options>): OwnPreset<Options> {
    return { id: `own:${name}`, name, text: this.#textOf(options), options, own: true };
  }

  #write(kept: readonly Kept<Options>[]): void {
    this.#kept = kept;
    this.#removed = null;
    try {
      if (this.#storage === null) throw new Error('no storage');
      this.#storage.setItem(this.#key, JSON.stringify(kept));
    } catch {
      // Forbidden or full.
      this.forgetful = true;
    }
  }
}
