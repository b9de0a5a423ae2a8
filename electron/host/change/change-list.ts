/** The list of what was changed through this host: kept as long as it runs, told to every page, undone from. */
import { randomUUID } from 'node:crypto';
import { CHANGES_AT_MOST, type ChangeRecord } from '../../../shared/change.ts';
import { PortholeError } from '../../../shared/frames.ts';

export type NewRecord = Omit<ChangeRecord, 'id' | 'at' | 'undo'>;

/** Brings back what was before a change, if what it left still stands. Rejects with a PortholeError if not. */
export type Undo = (record: ChangeRecord) => Promise<ChangeRecord>;

export class ChangeList {
  readonly #undos = new Map<string, Undo>();
  readonly #undoing = new Set<string>();
  readonly #listeners = new Set<(records: readonly ChangeRecord[]) => void>();
  #records: readonly ChangeRecord[] = [];

  /** Oldest first. */
  get records(): readonly ChangeRecord[] {
    return this.#records;
  }

  /** Told after each change. Returns the function that stops it. */
  onChange(listener: (records: readonly ChangeRecord[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** `undo`: `null` where there is no way back. `ends`: of which earlier changes nothing is left to be undone by this one. */
  add(made: NewRecord, undo: Undo | null, ends: (earlier: ChangeRecord) => boolean = () => false): ChangeRecord {
    const record: ChangeRecord = { ...made, id: randomUUID(), at: Date.now(), undo: undo ? 'possible' : 'none' };
    const before = this.#records.map((one): ChangeRecord => {
      if (one.undo !== 'possible' || !ends(one)) return one;
      this.#undos.delete(one.id);
      return { ...one, undo: 'none' };
    });
    if (undo !== null) this.#undos.set(record.id, undo);
    this.#tell([...before, record]);
    return record;
  }

  /** Rejects with a PortholeError where there is nothing to be undone, or not any more. */
  async undo(id: string): Promise<ChangeRecord> {
    const record = this.#records.find((one) => one.id === id);
    const undo = this.#undos.get(id);
    if (record === undefined || undo === undefined || this.#undoing.has(id)) {
      throw new PortholeError('not-found', 'There is no such change to be undone.');
    }
    this.#undoing.add(id);
    try {
      const undone = await undo(record);
      if (undone.error === null) {
        this.#undos.delete(id);
        this.#tell(this.#records.map((one) => (one.id === id ? { ...one, undo: 'done' } : one)));
      }
      return undone;
    } finally {
      this.#undoing.delete(id);
    }
  }

  #tell(records: readonly ChangeRecord[]): void {
    this.#records = records.slice(-CHANGES_AT_MOST);
    for (const id of this.#undos.keys()) if (!this.#records.some((one) => one.id === id)) this.#undos.delete(id);
    for (const listener of this.#listeners) listener(this.#records);
  }
}
