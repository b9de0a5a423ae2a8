/** Who looks, what each has seen, and what each gets next: the newest world, as a difference to the last it took. */
import { diff } from '../../../shared/delta.ts';
import { encodeUtf8 } from '../../../shared/frames.ts';
import type { World } from '../../../shared/model.ts';

export interface Numbered {
  readonly seq: number;
  readonly world: World;
}

interface Viewer {
  /** What was sent last, `null` before the first frame. */
  sent: Numbered | null;
  /** True if what was sent last has been applied. */
  ready: boolean;
}

export type Send = (viewer: string, seq: number, base: number | null, json: Uint8Array<ArrayBuffer>) => void;

export class Viewers {
  readonly #viewers = new Map<string, Viewer>();
  readonly #send: Send;
  #newest: Numbered | null = null;

  constructor(send: Send) {
    this.#send = send;
  }

  get size(): number {
    return this.#viewers.size;
  }

  /** Begins anew, with a whole world. */
  attach(viewer: string): void {
    this.#viewers.set(viewer, { sent: null, ready: true });
    this.#serve(viewer, new Map());
  }

  detach(viewer: string): void {
    this.#viewers.delete(viewer);
    // Whoever comes after a pause gets the world of then, not of now.
    if (this.size === 0) this.#newest = null;
  }

  /** The viewer has applied the frame `seq`. Any other than the last one sent means nothing. */
  ready(viewer: string, seq: number): void {
    const found = this.#viewers.get(viewer);
    if (found?.sent?.seq !== seq) return;
    found.ready = true;
    this.#serve(viewer, new Map());
  }

  publish(newest: Numbered): void {
    this.#newest = newest;
    const encoded = new Map<number | null, Uint8Array<ArrayBuffer>>();
    for (const viewer of this.#viewers.keys()) this.#serve(viewer, encoded);
  }

  /** `encoded`: frames made already for others with the same base. */
  #serve(name: string, encoded: Map<number | null, Uint8Array<ArrayBuffer>>): void {
    const viewer = this.#viewers.get(name);
    const newest = this.#newest;
    if (viewer === undefined || newest === null || !viewer.ready || viewer.sent?.seq === newest.seq) return;
    const base = viewer.sent?.seq ?? null;
    let json = encoded.get(base);
    if (json === undefined) {
      const value = viewer.sent === null ? newest.world : diff(viewer.sent.world, newest.world);
      json = encodeUtf8(JSON.stringify(value)) as Uint8Array<ArrayBuffer>;
      encoded.set(base, json);
    }
    viewer.sent = newest;
    viewer.ready = false;
    // Sending gives the memory away; the next viewer needs its own.
    this.#send(name, newest.seq, base, json.slice());
  }
}
