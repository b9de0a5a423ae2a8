/**
 * Every write to the machine: previewed, applied only as previewed, read back, undone where it still stands, and listed.
 * The list lives as long as the host.
 */
import { randomUUID } from 'node:crypto';
import {
  signalByHand,
  writeByHand,
  type Change,
  type ChangePreview,
  type ChangeRecord,
} from '../../../shared/change.ts';
import { sameReading, textToRestore } from '../../../shared/change-files.ts';
import { PortholeError } from '../../../shared/frames.ts';
import { LinuxKernel, type Kernel } from '../read/kernel.ts';
import { engineTarget, type EngineTarget } from './engine-target.ts';
import { refusalOf, type Held, type Refusal } from './held-file.ts';
import { draftOfOption, optionTarget } from './option-target.ts';
import { draftOfFile, draftOfSignal, type Draft, type Options } from './preview.ts';
import { sendSignal } from './send-signal.ts';
import { targetOf, type Target } from './targets.ts';

/** Previews come with every keystroke; only the newest can still be on a screen. */
const PREVIEWS_AT_MOST = 200;
/** Far more than a person makes, and still one answer. */
const RECORDS_AT_MOST = 2000;

interface Kept {
  readonly draft: Draft;
  /** `null` for a signal. */
  readonly target: Target | EngineTarget | null;
  readonly held: Held | null;
}

interface Done {
  readonly target: Target;
  /** Of the file as it was written to. */
  readonly identity: string;
}

export class Changes {
  readonly #options: Options;
  readonly #kernel: Kernel;
  readonly #previews = new Map<string, Kept>();
  readonly #done = new Map<string, Done>();
  readonly #busy = new Set<string>();
  readonly #listeners = new Set<(records: readonly ChangeRecord[]) => void>();
  #records: readonly ChangeRecord[] = [];

  constructor(options: Options, kernel: Kernel = new LinuxKernel()) {
    this.#options = options;
    this.#kernel = kernel;
  }

  /** Oldest first. */
  list(): readonly ChangeRecord[] {
    return this.#records;
  }

  /** Told after each change. Returns the function that stops it. */
  onChange(listener: (records: readonly ChangeRecord[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Rejects with a PortholeError: `denied` for what is not written, `not-found` for what is gone. */
  async preview(change: Change): Promise<ChangePreview> {
    if (change.what === 'signal') return this.#keep({ draft: await draftOfSignal(change), target: null, held: null });
    if (change.what === 'option') {
      const target = optionTarget(change, this.#options.engines);
      const held = await read(target);
      return this.#keep({ draft: await draftOfOption(change, target, held), target, held });
    }
    const target =
      change.what === 'update'
        ? engineTarget(this.#kernel, change, this.#options.engines)
        : targetOf(this.#kernel, change);
    const held = await read(target);
    return this.#keep({ draft: await draftOfFile(change, target, held, this.#options), target, held });
  }

  /**
   * Does what was previewed, once. Rejects with a PortholeError where nothing was tried: the value or the process is not the
   * previewed one any more. What the kernel refused is a record with its error.
   */
  async apply(token: string): Promise<ChangeRecord> {
    const kept = this.#previews.get(token);
    this.#previews.delete(token);
    if (kept === undefined) throw new PortholeError('not-found', 'This preview is not known any more. Look again.');
    const { draft, target, held } = kept;
    if (target === null || held === null) return this.#signal(draft);
    const wanted = draft.writes!;
    return this.#alone(target, async () => {
      const now = await read(target);
      if (now.identity !== held.identity) throw new PortholeError('not-found', `${placeOf(target)} was made anew.`);
      if (now.text !== held.text) {
        const words = `${target.file.name} was changed meanwhile: it reads ${now.text} now, not ${held.text}.`;
        throw new PortholeError('failed', `${words} Nothing was written.`);
      }
      return this.#write(target, held, wanted, null, draft);
    });
  }

  /** Writes the former value back, if the file still reads what the change left. Rejects with a PortholeError if not. */
  async undo(id: string): Promise<ChangeRecord> {
    const record = this.#records.find((one) => one.id === id);
    const done = this.#done.get(id);
    if (record === undefined || done === undefined || record.undo !== 'possible') {
      throw new PortholeError('not-found', 'There is no such change to be undone.');
    }
    const { target, identity } = done;
    return this.#alone(target, async () => {
      const now = await read(target);
      if (now.identity !== identity)
        throw new PortholeError('not-found', `${placeOf(target)} was made anew. Not undone.`);
      if (!sameReading(target.file, now.text, record.readBack!)) {
        const words = `${target.file.name} reads ${now.text} now, not the ${record.readBack} that this change left.`;
        throw new PortholeError('failed', `Not undone: ${words}`);
      }
      const undone = await this.#write(target, now, textToRestore(target.file, record.from!, record.wanted), id);
      if (undone.error === null)
        this.#tell(this.#records.map((one) => (one.id === id ? { ...one, undo: 'done' } : one)));
      return undone;
    });
  }

  #keep(kept: Kept): ChangePreview {
    if (kept.draft.writes === null) return { ...kept.draft, token: null };
    const token = randomUUID();
    this.#previews.set(token, kept);
    for (const old of this.#previews.keys()) {
      if (this.#previews.size <= PREVIEWS_AT_MOST) break;
      this.#previews.delete(old);
    }
    return { ...kept.draft, token };
  }

  /** Two writes to one file at once could each take the other's value for the former one. */
  async #alone<T>(target: Target, work: () => Promise<T>): Promise<T> {
    const path = placeOf(target);
    if (this.#busy.has(path)) throw new PortholeError('failed', `Another change of ${path} is under way.`);
    this.#busy.add(path);
    try {
      return await work();
    } finally {
      this.#busy.delete(path);
    }
  }

  async #write(
    target: Target | EngineTarget,
    before: Held,
    text: string,
    undoes: string | null,
    draft?: Draft,
  ): Promise<ChangeRecord> {
    const { file, path } = target;
    const via = 'via' in target ? target.via : null;
    let error: Refusal | null = null;
    try {
      await (undoes !== null && target.restore ? target.restore() : target.write(text, before.identity));
    } catch (thrown) {
      if (thrown instanceof PortholeError && via === null) throw thrown;
      error =
        thrown instanceof PortholeError
          ? { errno: null, call: `${via} said: ${thrown.message}` }
          : refusalOf(thrown, `write("${placeOf(target)}", "${text}")`);
    }
    const after = await target.read().catch(() => null);
    const back = target.canUndo?.() ?? draft?.canUndo ?? true;
    const undoable = back && error === null && undoes === null && after !== null && after.text !== before.text;
    const record: ChangeRecord = {
      id: randomUUID(),
      at: Date.now(),
      name: file.name,
      of: target.of,
      container: target.container ?? null,
      path,
      from: before.text,
      wanted: text,
      readBack: after?.text ?? null,
      error,
      byHand: (undoes === null ? draft?.via?.command : target.restoreByHand?.()) ?? writeByHand(text, path ?? ''),
      via,
      undo: undoable ? 'possible' : 'none',
      undoes,
    };
    if (undoable) this.#done.set(record.id, { target, identity: before.identity });
    this.#tell([...this.#records, record]);
    return record;
  }

  async #signal({ change, readsNow, writes }: Draft): Promise<ChangeRecord> {
    if (change.what !== 'signal') throw new TypeError('not a signal');
    let error: Refusal | null = null;
    const pid = Number(change.process.split('@')[0]);
    try {
      await sendSignal(change.process, change.signal);
    } catch (thrown) {
      if (thrown instanceof PortholeError) throw thrown;
      error = refusalOf(thrown, `kill(${pid}, SIG${change.signal})`);
    }
    const record: ChangeRecord = {
      id: randomUUID(),
      at: Date.now(),
      name: 'signal',
      of: readsNow.ok ? readsNow.value : String(pid),
      container: null,
      path: null,
      from: null,
      wanted: writes!.replace(/ .*/, ''),
      readBack: null,
      error,
      byHand: signalByHand(change.signal, pid),
      via: null,
      undo: 'none',
      undoes: null,
    };
    this.#tell([...this.#records, record]);
    return record;
  }

  #tell(records: readonly ChangeRecord[]): void {
    this.#records = records.slice(-RECORDS_AT_MOST);
    for (const id of this.#done.keys()) if (!this.#records.some((one) => one.id === id)) this.#done.delete(id);
    for (const listener of this.#listeners) listener(this.#records);
  }
}

/** What no two changes at once may touch. */
const placeOf = ({ path, of, container, file }: Target): string => path ?? `${file.name} of ${container ?? of}`;

/** What a file reads now; the kernel's error as a PortholeError in its own words. */
const read = async (target: Target): Promise<Held> => {
  try {
    return await target.read();
  } catch (thrown) {
    if (thrown instanceof PortholeError) throw thrown;
    const { errno, call } = refusalOf(thrown, `open("${placeOf(target)}")`);
    const gone = errno === 'ENOENT' || errno === 'ENODEV' || errno === 'ESRCH';
    throw new PortholeError(gone ? 'not-found' : errno === 'EACCES' || errno === 'EPERM' ? 'denied' : 'failed', `${call}: ${errno}`); // prettier-ignore
  }
};
