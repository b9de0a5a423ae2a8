import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TerminalEnd } from '../../../shared/terminal.ts';
import { Typing } from '../../../renderer/store/terminal-typing.svelte.ts';

type Refused = (told: { terminal: string; bytes: number }) => void;

/** A host that takes what it is told to take. */
class FakeHost {
  readonly sent: Uint8Array[] = [];
  #took: (id: string, bytes: number) => void = () => {};

  #refuse: Refused = () => {};
  readonly client = {
    on: (_name: string, listener: (told: never) => void) => {
      this.#refuse = listener as Refused;
      return () => {};
    },
    terminalInput: (_id: string, bytes: Uint8Array) => void this.sent.push(bytes),
    onTook: (listener: (id: string, bytes: number) => void) => {
      this.#took = listener;
      return () => (this.#took = () => {});
    },
  };

  get bytes(): number {
    return this.sent.reduce((sum, { length }) => sum + length, 0);
  }

  refuse(bytes: number): void {
    this.#refuse({ terminal: 'a', bytes });
  }

  take(bytes: number): void {
    this.#took('a', bytes);
  }
}

const paste = Uint8Array.from({ length: 5_000_000 }, (_, at) => at % 251);

describe('typing', () => {
  let host: FakeHost;
  let typing: Typing;
  let ended: TerminalEnd | null;
  let lose: () => void;
  const failed = vi.fn();

  beforeEach(() => {
    vi.useFakeTimers();
    failed.mockClear();
    ended = null;
    host = new FakeHost();
    typing = new Typing({ find: () => ({ title: 'sh · x', ended }), failed });
    lose = typing.connected(host.client);
  });
  afterEach(() => void vi.useRealTimers());

  it('sends a key at once, and a paste of any size whole and in order, never much of it ahead of the program', () => {
    typing.type('a', Uint8Array.of(1));
    expect(host.sent).toEqual([Uint8Array.of(1)]);
    typing.type('a', paste);
    typing.type('a', Uint8Array.of(3));
    let taken = 0;
    for (let turn = 0; host.bytes > taken; turn++) {
      expect(host.bytes - taken).toBeLessThanOrEqual(128 * 1024);
      const piece = host.sent[turn]!;
      expect(piece.length).toBeLessThanOrEqual(32 * 1024);
      taken += piece.length;
      host.take(piece.length);
    }
    expect(Buffer.concat(host.sent).equals(Buffer.concat([Uint8Array.of(1), paste, Uint8Array.of(3)]))).toBe(true);
    vi.advanceTimersByTime(10_000);
    expect(typing.stuck.size).toBe(0);
  });

  it('says how much waits for a program that does not read, and no more once it does', () => {
    typing.type('a', paste);
    vi.advanceTimersByTime(1_900);
    expect(typing.stuck.size).toBe(0);
    host.take(32 * 1024);
    vi.advanceTimersByTime(1_900);
    expect(typing.stuck.size).toBe(0);
    vi.advanceTimersByTime(100);
    const left = paste.length - 32 * 1024;
    expect(typing.stuck.get('a')).toEqual({ bytes: left, unsent: left - 128 * 1024 });
    typing.type('a', Uint8Array.of(3));
    expect(typing.stuck.get('a')?.bytes).toBe(left + 1);
    typing.forget('a');
    expect(typing.stuck.get('a')).toEqual({ bytes: 128 * 1024, unsent: 0 });
    const sent = host.bytes;
    host.take(128 * 1024);
    expect([host.bytes, typing.stuck.size]).toEqual([sent, 0]);
  });

  it('ends with the program', () => {
    typing.type('a', paste);
    ended = { at: 0, exitCode: 0, signal: null };
    host.take(32 * 1024);
    host.take(32 * 1024);
    expect(host.bytes).toBe(128 * 1024);
    vi.advanceTimersByTime(10_000);
    expect(typing.stuck.size).toBe(0);
  });

  it('says what was not sent when the connection is lost, and sends none of it to the next host', () => {
    typing.type('a', paste);
    lose();
    expect(failed).toHaveBeenCalledExactlyOnceWith(
      'The connection was lost before 4.6 MiB for “sh · x” had been sent; they are gone.',
    );
    const next = new FakeHost();
    const loseNext = typing.connected(next.client);
    typing.type('a', Uint8Array.of(4));
    expect(next.sent).toEqual([Uint8Array.of(4)]);
    loseNext();
    expect(failed).toHaveBeenCalledTimes(1);
    typing.type('a', Uint8Array.of(5));
    expect(next.bytes).toBe(1);
  });

  it('says what the host did not keep', () => {
    host.refuse(32 * 1024);
    expect(failed).toHaveBeenCalledExactlyOnceWith(
      'The program of “sh · x” does not read what is typed: 32 KiB were not kept.',
    );
  });
});
