/** Images as an engine keeps them, and how they are called. Everything textual is hostile. */
import * as v from 'valibot';

/**
 * What may name an image: `redis:alpine`, `127.0.0.1:5000/a/b@sha256:…`, or an ID; distribution/reference, grammar. What
 * else there is in the world no engine takes, and in an address it would mean another thing.
 */
export const ImageRef = v.pipe(
  v.string(),
  v.maxLength(512),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*(?:[:/@][A-Za-z0-9_][A-Za-z0-9_.-]*)*$/, 'an image'),
);

export interface EngineImage {
  /** `sha256:…`, as `docker images --no-trunc` prints it. */
  readonly id: string;
  /** `redis:alpine`; none: dangling. */
  readonly tags: readonly string[];
  /** `redis@sha256:…`: what a registry calls it. */
  readonly digests: readonly string[];
  /** With all its layers, shared ones included. */
  readonly bytes: number | null;
  /** Of that, in layers that other images have as well; `null` where the engine does not say. */
  readonly sharedBytes: number | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number | null;
  /** Full IDs of the containers made from it, running or not; `null` if they could not be listed. */
  readonly usedBy: readonly string[] | null;
}

/** One step of an image's making, the youngest first; `docker history`. */
export interface ImageStep {
  /** `null` where the engine does not keep the step's image (`<missing>`). */
  readonly id: string | null;
  readonly createdAt: number | null;
  readonly createdBy: string;
  readonly bytes: number | null;
  readonly tags: readonly string[];
  readonly comment: string;
}

/** What was done when an image was removed, in the engine's order. */
export interface ImageRemoved {
  readonly untagged: readonly string[];
  readonly deleted: readonly string[];
}

/** Twelve digits, as `docker images` prints them. */
export const shortImageId = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12);
