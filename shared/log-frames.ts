/**
 * The frames in which an engine sends a container's output when it has no terminal: which stream, how long, the bytes.
 * Docker Engine API reference, ContainerAttach, "Stream format"; the same for logs and exec, and for Podman.
 */

/** Where output came from; `tty`: from a terminal, where both are one. */
export type LogStream = 'stdout' | 'stderr' | 'tty';

export interface OutputFrame {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

const HEADER_BYTES = 8;
/** Engines send at most 16 KiB of a log's line, and 32 KiB of a pipe; longer ones are not waited for. */
const MOST_BYTES = 16 * 1024 * 1024;

export class OutputFrames {
  #rest: Uint8Array = new Uint8Array(0);

  /** The frames that are whole by now, from chunks cut anywhere. Throws a RangeError on what is no such stream. */
  push(chunk: Uint8Array): readonly OutputFrame[] {
    const text = this.#rest.length === 0 ? chunk : concatenated(this.#rest, chunk);
    const view = new DataView(text.buffer, text.byteOffset, text.byteLength);
    const frames: OutputFrame[] = [];
    let at = 0;
    while (text.length - at >= HEADER_BYTES) {
      const kind = text[at] ?? 0;
      const length = view.getUint32(at + 4);
      // 0 stdin, 1 stdout, 2 stderr, 3 the engine's own error; moby pkg/stdcopy.
      if (kind > 3 || text[at + 1] !== 0 || text[at + 2] !== 0 || text[at + 3] !== 0 || length > MOST_BYTES) {
        throw new RangeError('What the engine sends is not in the form of its output.');
      }
      if (text.length - at - HEADER_BYTES < length) break;
      const from = at + HEADER_BYTES;
      frames.push({ stream: kind >= 2 ? 'stderr' : 'stdout', bytes: text.subarray(from, from + length) });
      at = from + length;
    }
    this.#rest = at === text.length ? new Uint8Array(0) : text.slice(at);
    return frames;
  }
}

const concatenated = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
};
