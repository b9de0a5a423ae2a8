/** Every write to the machine: previewed, applied only as previewed, read back, undone where it still stands, and listed. */
import { randomUUID } from 'node:crypto';
import {
  signalByHand,
  writeByHand,
  type Change,
  type ChangedFile,
  type ChangePreview,
  type ChangeRecord,
} from '../../../shared/change.ts';
import { meansNothing, sameReading, textToRestore, type ChangeFile } from '../../../shared/change-files.ts';
import { PortholeError } from '../../../shared/frames.ts';
import { LinuxKernel, type Kernel } from '../read/kernel.ts';
import { ChangeList } from './change-list.ts';
import { engineTarget, type EngineTarget } from './engine-target.ts';
import { refusalOf, type Held, type Refusal } from './held-file.ts';
import { draftOfOption } from './option-draft.ts';
import { optionTarget } from './option-target.ts';
import { draftOfFile, draftOfSignal, type Draft, type Options } from './preview.ts';
import { sendSignal } from './send-signal.ts';
import { targetOf, type Target } from './targets.ts';

/** Previews come with every keystroke; only the newest can still be on a screen. */
const PREVIEWS_AT_MOST = 200;

interface Kept {
  readonly draft: Draft;
  /** `null` for a signal. */
  readonly target: Target | EngineTarget | null;
  readonly held: Held | null;
}

export class Changes {
  readonly #options: Options;
  readonly #kernel: Kernel;
  readonly #previews = new Map<string, Kept>();
  readonly #busy = new Set<string>();
  /** All that was changed through this host, whoever wrote it. */
  readonly made = new ChangeList();

  constructor(options: Options, kernel: Kernel = new LinuxKernel()) {
    this.#options = options;
    this.#kernel = kernel;
  }

  /** Oldest first. */
  list(): readonly ChangeRecord[] {
    return this.made.records;
  }

  /** Rejects with a PortholeError: `denied` for what is not written, `not-found` for what is gone. */
  async preview(change: Change): Promise<ChangePreview> {
    if (change.what === 'signal') return this.#keep({ draft: await draftOfSignal(change), target: null, held: null });
    if (change.what === 'option') {
      const target = optionTarget(this.#kernel, change, this.#options.engines);
      const held = await read(target);
      return this.#keep({ draft: await draftOfOption(change, target, held, this.#options), target, held });
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
    return this.#alone(target, async () => {
      const now = await read(target);
      if (now.identity !== held.identity) throw new PortholeError('not-found', `${placeOf(target)} was made anew.`);
      if (now.text !== held.text) {
        const words = `${target.file.name} was changed meanwhile: it reads ${now.text} now, not ${held.text}.`;
        throw new PortholeError('failed', `${words} Nothing was written.`);
      }
      return this.#write(target, held, draft.writes!, null, draft);
    });
  }

  /** Brings back what was before, if what the change left still stands. Rejects with a PortholeError if not. */
  undo(id: string): Promise<ChangeRecord> {
    return this.made.undo(id);
  }

  #undo(target: Target, identity: string, record: ChangeRecord): Promise<ChangeRecord> {
    return this.#alone(target, async () => {
      const now = await read(target);
      if (now.identity !== identity)
        throw new PortholeError('not-found', `${placeOf(target)} was made anew. Not undone.`);
      if (!sameReading(target.file, now.text, record.readBack!)) {
        const words = `${target.file.name} reads ${now.text} now, not the ${record.readBack} that this change left.`;
        throw new PortholeError('failed', `Not undone: ${words}`);
      }
      const beside = record.file === null ? null : ((await target.beside?.()) ?? null);
      if (record.file !== null && beside?.text !== record.file.readBack) {
        const words = `${record.file.path} reads ${beside?.text ?? 'nothing'} now, not ${record.file.readBack}.`;
        throw new PortholeError('failed', `Not undone: ${words}`);
      }
      return this.#write(target, now, textToRestore(target.file, record.from!, record.wanted), record.id, null);
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
    draft: Draft | null,
  ): Promise<ChangeRecord> {
    const { file, path } = target;
    const via = 'via' in target ? target.via : null;
    const beside = (await target.beside?.()) ?? null;
    let error: Refusal | null = null;
    let warnings: readonly string[] = [];
    try {
      warnings = (await (undoes !== null && target.restore ? target.restore() : target.write(text, before.identity))) ?? []; // prettier-ignore
    } catch (thrown) {
      if (thrown instanceof PortholeError && via === null) throw thrown;
      error =
        thrown instanceof PortholeError
          ? { errno: null, call: `${via} said: ${thrown.message}` }
          : refusalOf(thrown, `write("${placeOf(target)}", "${text}")`);
    }
    const after = await target.read().catch(() => null);
    const besideAfter = beside === null ? null : ((await target.beside?.()) ?? null);
    const changedFile: ChangedFile | null =
      beside === null ? null : { path: beside.path, from: beside.text, readBack: besideAfter?.text ?? null };
    const isSame = after !== null && after.text === before.text && besideAfter?.text === beside?.text;
    const isOther =
      isChange(file, draft?.readsBack, before.text) || isChange(file, draft?.file?.readsBack, beside?.text);
    if (via !== null && error === null && isSame && isOther) {
      // An engine that cannot set it says so in a warning, or not at all, and has done nothing.
      error = { errno: null, call: warnings.length > 0 ? `${via} said: ${warnings.join(' ')}` : `${via} took it and changed nothing` }; // prettier-ignore
    }
    const back = target.canUndo?.() ?? draft?.canUndo ?? true;
    const undoable = back && error === null && undoes === null && after !== null && !isSame;
    return this.made.add(
      {
        what: 'value',
        name: file.name,
        of: target.of,
        container: target.container ?? null,
        path,
        from: before.text,
        wanted: text,
        readBack: after?.text ?? null,
        file: changedFile,
        error,
        warnings,
        byHand: (undoes === null ? draft?.via?.command : target.restoreByHand?.()) ?? writeByHand(text, path ?? ''),
        via,
        undoes,
      },
      undoable ? (record) => this.#undo(target, before.identity, record) : null,
    );
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
    return this.made.add(
      {
        what: 'signal',
        name: 'signal',
        of: readsNow.ok ? readsNow.value : String(pid),
        container: null,
        path: null,
        from: null,
        wanted: writes!.replace(/ .*/, ''),
        readBack: null,
        file: null,
        error,
        warnings: [],
        byHand: signalByHand(change.signal, pid),
        via: null,
        undoes: null,
      },
      null,
    );
  }
}

/** True if what was predicted is another value than what there was. */
const isChange = (file: ChangeFile, predicted: string | null | undefined, before: string | undefined): boolean =>
  predicted != null &&
  before !== undefined &&
  !sameReading(file, predicted, before) &&
  !(meansNothing(predicted) && meansNothing(before));

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
