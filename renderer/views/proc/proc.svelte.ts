/** One process's directory under /proc: the folder that is open and the file that is shown, read as long as somebody looks. */
import { PortholeError } from '../../../shared/frames.ts';
import type { ProcessKey } from '../../../shared/model.ts';
import { procFile } from '../../../shared/proc-files.ts';
import type { ProcFile, ProcListing } from '../../../shared/proc-model.ts';
import { connection } from '../../store/connection.svelte.ts';
import { errorText } from '../../../shared/text.ts';

/** Which files there are changes seldom, and a listing looks into each: only what is shown is read with every look. */
const LIST_EVERY_MILLIS = 5000;
/** What walks all memory of the process is not read every second. */
const COSTLY_EVERY_MILLIS = 5000;
/** Looks closer together than this are one. */
const LEAST_MILLIS = 500;

export interface ProcPlace {
  readonly key: ProcessKey;
  readonly folder: string;
  /** `null` while no file is shown. */
  readonly file: string | null;
}

export class ProcModel {
  listing = $state.raw<ProcListing | null>(null);
  file = $state.raw<ProcFile | null>(null);
  /** When the process was found to have ended, ms since 1970. What was read last stays. */
  goneAt = $state.raw<number | null>(null);
  /** Why the last reading failed otherwise. */
  error = $state.raw<string | null>(null);

  /** Where each part of the file began that was gone through to the one that is shown, in bytes. */
  #begins = $state.raw<readonly number[]>([0]);

  #place: ProcPlace | null = null;
  readonly #asking = { list: '', file: '' };
  readonly #dueAt = { list: 0, file: 0 };

  /** To be called with each look at the machine, and when another place is to be shown. One question of each kind at a time. */
  look(place: ProcPlace): void {
    const before = this.#place;
    this.#place = place;
    if (before?.key !== place.key) {
      this.goneAt = null;
      this.error = null;
    }
    if (before?.key !== place.key || before.folder !== place.folder) {
      this.listing = null;
      this.#dueAt.list = 0;
    }
    if (before?.key !== place.key || before.file !== place.file) {
      this.#begins = [0];
      this.file = null;
      this.#dueAt.file = 0;
    }
    if (this.goneAt !== null) return;
    const { key, folder, file } = place;
    void this.#read('list', `${key} ${folder}`, LIST_EVERY_MILLIS, async (client) => {
      const listing = await client.call('proc.list', { key, path: folder });
      return () => (this.listing = listing);
    });
    if (file === null) return;
    const every = procFile(file)?.cost === 'asked' ? COSTLY_EVERY_MILLIS : LEAST_MILLIS;
    const offset = this.#begins.at(-1) ?? 0;
    void this.#read('file', this.#fileQuestion(place), every, async (client) => {
      const read = await client.call('proc.read', { key, path: file, offset });
      return () => (this.file = read);
    });
  }

  /** Shows the part of the file behind the one that is shown, or the one before it. */
  turn(to: 'next' | 'previous'): void {
    const content = this.file?.content;
    if (to === 'next' && content?.ok && content.value.cut)
      this.#begins = [...this.#begins, content.value.offset + content.value.bytes];
    else if (to === 'previous' && this.#begins.length > 1) this.#begins = this.#begins.slice(0, -1);
    else return;
    this.#dueAt.file = 0;
    if (this.#place !== null) this.look(this.#place);
  }

  #fileQuestion({ key, file }: ProcPlace): string {
    return `${key} ${this.#begins.at(-1) ?? 0} ${file ?? ''}`;
  }

  /** `what` names the question, so that a late answer to an earlier one is dropped. */
  async #read(
    kind: 'list' | 'file',
    what: string,
    everyMillis: number,
    ask: (client: NonNullable<typeof connection.client>) => Promise<() => void>,
  ): Promise<void> {
    const { client } = connection;
    const now = performance.now();
    if (client === null || this.#asking[kind] === what || now < this.#dueAt[kind]) return;
    this.#asking[kind] = what;
    this.#dueAt[kind] = now + everyMillis;
    const { key } = this.#place ?? {};
    try {
      const take = await ask(client);
      if (this.#asking[kind] !== what || !this.#isAt(kind, what)) return;
      take();
      this.error = null;
    } catch (error) {
      if (this.#place?.key !== key) return;
      if (error instanceof PortholeError && error.code === 'not-found') this.goneAt ??= Date.now();
      else if (this.#isAt(kind, what)) this.error = errorText(error);
    } finally {
      if (this.#asking[kind] === what) this.#asking[kind] = '';
    }
  }

  #isAt(kind: 'list' | 'file', what: string): boolean {
    const place = this.#place;
    return place !== null && what === (kind === 'list' ? `${place.key} ${place.folder}` : this.#fileQuestion(place));
  }
}
