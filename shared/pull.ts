/** What an engine tells while it fetches an image, and what is kept of it. */
import type { Ulimit } from './run-parts.ts';

export interface PulledLayer {
  /** As the engine calls it: the first twelve digits of its digest. */
  readonly id: string;
  /** `Downloading`, `Extracting`, `Pull complete`, …; hostile text. */
  readonly status: string;
  /** Bytes done and bytes in all; `null` where the engine does not say. */
  readonly current: number | null;
  readonly total: number | null;
}

export interface PullState {
  /** The last words about the image as a whole; hostile text. */
  readonly status: string | null;
  /** In the order in which the engine first spoke of them. */
  readonly layers: readonly PulledLayer[];
  /** Layers beyond those that are kept. */
  readonly more: number;
}

/** Told to the page that asked for the run, a few times a second at most. */
export interface PullTold extends PullState {
  readonly job: string;
  /** `with the credentials for HOST of FILE`, `without credentials`; hostile text. */
  readonly credentials: string;
}

export interface LocalImage {
  /** `redis:alpine`; hostile text. */
  readonly name: string;
  readonly bytes: number | null;
}

/** What became of a run. */
export interface RanContainer {
  readonly id: string;
  /** The engine's remarks on what was asked for; hostile text. */
  readonly warnings: readonly string[];
  /** Why it was created and not started, in the engine's words; `null` if it was started. */
  readonly notStarted: string | null;
  /** Whether it is there all the same; one made with `--rm` that does not start its engine removes at once. */
  readonly left: boolean;
  /** Given to it because it would not start with the engine's own; none: it was made as it was asked for. */
  readonly ulimits: readonly Ulimit[];
}
