/**
 * Who has taken how much of a terminal's output. The program is held up while anyone is too far behind, so that a flood
 * is never queued here, and Ctrl+C acts on what was just seen.
 */
import { COALESCE_MILLIS, FLOW } from '../../../shared/terminal.ts';

/** This much is sent without waiting for more: as large as a frame needs to be, and a flood is not slowed by the clock. */
const ENOUGH_BYTES = 32 * 1024;

/**
 * A viewer that holds up the program and takes nothing for so long (a page in the background, a laptop asleep) is left behind;
 * it may follow again, with a replay.
 */
const STALLED_MILLIS = 5_000;

export type Send = (bytes: Uint8Array) => void;

class Follower {
  readonly send: Send;
  readonly leftBehind: () => void;
  /** It has acknowledged something since it was last asked. */
  awake = true;
  /** Its replay is still being made: output waits behind it. */
  replayed = false;
  gathered: Uint8Array[] = [];
  /** Gathered here or sent, and not yet acknowledged. */
  behind = 0;

  constructor(send: Send, leftBehind: () => void) {
    this.send = send;
    this.leftBehind = leftBehind;
  }
}

export interface Valve {
  pause(): void;
  resume(): void;
}

export class Flow {
  readonly #valve: Valve;
  readonly #followers = new Map<string, Follower>();
  #timer: NodeJS.Timeout | null = null;
  /** Since the last flush. */
  #gatheredBytes = 0;
  #paused = false;
  /** Runs while the program is held up. */
  #stalled: NodeJS.Timeout | null = null;
  /** Given to the host's own screen and not yet parsed. It always follows, so the slowest is never nobody. */
  #unparsed = 0;

  constructor(valve: Valve) {
    this.#valve = valve;
  }

  /** Output of the program, in order. Call {@link parsed} with the same number once the host's screen holds it. */
  output(bytes: Uint8Array): void {
    this.#unparsed += bytes.length;
    for (const follower of this.#followers.values()) {
      follower.gathered.push(bytes);
      follower.behind += bytes.length;
    }
    this.#gatheredBytes += bytes.length;
    if (this.#gatheredBytes >= ENOUGH_BYTES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), COALESCE_MILLIS);
    this.#govern();
  }

  parsed(bytes: number): void {
    this.#unparsed -= bytes;
    this.#govern();
  }

  /**
   * Output from now on is this viewer's too, but held until the returned function is called with what came before now.
   * A viewer that follows already starts again. `leftBehind` is called once if it follows no more, for it took nothing.
   */
  follow(viewer: string, send: Send, leftBehind: () => void = () => {}): (replay: Uint8Array) => void {
    const follower = new Follower(send, leftBehind);
    this.#followers.set(viewer, follower);
    return (replay) => {
      if (this.#followers.get(viewer) !== follower) return;
      follower.replayed = true;
      follower.behind += replay.length;
      if (replay.length > 0) send(replay);
      this.flush();
      this.#govern();
    };
  }

  get followed(): boolean {
    return this.#followers.size > 0;
  }

  leave(viewer: string): void {
    this.#followers.delete(viewer);
    this.#govern();
  }

  /** More than was sent counts as all of it: the page is not trusted to count. */
  acknowledge(viewer: string, bytes: number): void {
    const follower = this.#followers.get(viewer);
    if (follower === undefined) return;
    follower.behind = Math.max(follower.behind - bytes, total(follower.gathered));
    follower.awake = true;
    this.#govern();
  }

  /** Sends what has been gathered, without waiting for more. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#gatheredBytes = 0;
    for (const follower of this.#followers.values()) {
      const { gathered } = follower;
      if (!follower.replayed || gathered.length === 0) continue;
      follower.gathered = [];
      follower.send(joined(gathered));
    }
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#followers.clear();
    this.#stopWatching();
  }

  #govern(): void {
    let most = this.#unparsed;
    for (const { behind } of this.#followers.values()) most = Math.max(most, behind);
    if (!this.#paused && most > FLOW.high) {
      this.#paused = true;
      this.#valve.pause();
      for (const follower of this.#followers.values()) follower.awake = false;
      this.#stalled = setInterval(() => this.#leaveBehind(), STALLED_MILLIS).unref();
    } else if (this.#paused && most < FLOW.low) {
      this.#paused = false;
      this.#stopWatching();
      this.#valve.resume();
    }
  }

  #leaveBehind(): void {
    for (const [viewer, follower] of this.#followers) {
      const asleep = follower.replayed && !follower.awake && follower.behind >= FLOW.low;
      follower.awake = false;
      if (!asleep) continue;
      this.#followers.delete(viewer);
      follower.leftBehind();
    }
    this.#govern();
  }

  #stopWatching(): void {
    if (this.#stalled !== null) clearInterval(this.#stalled);
    this.#stalled = null;
  }
}

const total = (chunks: readonly Uint8Array[]): number => chunks.reduce((sum, { length }) => sum + length, 0);

/** Always a copy: what is sent may be handed over to another thread, while the host's screen still reads the original. */
const joined = (chunks: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(total(chunks));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
};
