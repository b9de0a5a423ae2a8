import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Flow } from '../../../electron/host/shells/flow.ts';
import { COALESCE_MILLIS, FLOW } from '../../../shared/terminal.ts';

let log: string[];
let flow: Flow;
const bytes = (length: number, of = 0x78): Uint8Array => new Uint8Array(length).fill(of);
const text = (...all: Uint8Array[]): string => all.map((one) => Buffer.from(one).toString()).join('|');
/** A viewer that is shown nothing of before. */
const watch = (viewer: string): Uint8Array[] => {
  const got: Uint8Array[] = [];
  flow.follow(viewer, (sent) => got.push(sent))(bytes(0));
  return got;
};

beforeEach(() => {
  vi.useFakeTimers();
  log = [];
  flow = new Flow({ pause: () => log.push('pause'), resume: () => log.push('resume') });
});
afterEach(() => {
  flow.close();
  vi.useRealTimers();
});

/** Output that the host's own screen takes at once. */
const output = (some: Uint8Array): void => {
  flow.output(some);
  flow.parsed(some.length);
};

describe('gathering', () => {
  it('makes one frame of what comes within a moment', () => {
    const got = watch('a');
    output(Buffer.from('one '));
    output(Buffer.from('two'));
    expect(got).toEqual([]);
    vi.advanceTimersByTime(COALESCE_MILLIS);
    expect(text(...got)).toBe('one two');
  });

  it('does not wait in a flood', () => {
    const got = watch('a');
    for (let turn = 0; turn < 20; turn++) output(bytes(4096));
    expect(got.length).toBeGreaterThan(0);
  });

  it('sends copies, for the receiver may keep or change them', () => {
    const got = watch('a');
    const own = Buffer.from('mine');
    output(own);
    vi.advanceTimersByTime(COALESCE_MILLIS);
    own.fill(0);
    expect(text(...got)).toBe('mine');
  });
});

describe('a replay', () => {
  it('comes first, then all that came meanwhile, and nothing twice', () => {
    const got: Uint8Array[] = [];
    output(Buffer.from('before'));
    const replay = flow.follow('late', (sent) => got.push(sent));
    output(Buffer.from('after '));
    vi.advanceTimersByTime(1000);
    output(Buffer.from('later'));
    expect(got).toEqual([]);
    replay(Buffer.from('[before]'));
    expect(text(...got)).toBe('[before]|after later');
  });

  it('for one that has left or started again is not sent', () => {
    const got: Uint8Array[] = [];
    const first = flow.follow('a', (sent) => got.push(sent));
    const second = flow.follow('a', (sent) => got.push(sent));
    first(Buffer.from('first'));
    second(Buffer.from('second'));
    flow.leave('a');
    output(Buffer.from('gone'));
    vi.advanceTimersByTime(1000);
    expect(text(...got)).toBe('second');
  });

  it('has to be acknowledged too', () => {
    flow.follow('a', () => {})(bytes(FLOW.high + 1));
    expect(log).toEqual(['pause']);
    flow.acknowledge('a', FLOW.high + 1);
    expect(log).toEqual(['pause', 'resume']);
  });
});

describe('holding up', () => {
  it('begins above the high mark and ends below the low one', () => {
    watch('a');
    output(bytes(FLOW.high));
    expect(log).toEqual([]);
    output(bytes(1));
    expect(log).toEqual(['pause']);
    vi.advanceTimersByTime(COALESCE_MILLIS);
    flow.acknowledge('a', FLOW.high - FLOW.low);
    flow.acknowledge('a', 1);
    expect(log).toEqual(['pause']);
    flow.acknowledge('a', 1);
    expect(log).toEqual(['pause', 'resume']);
  });

  it('follows the slowest of several', () => {
    watch('quick');
    watch('slow');
    output(bytes(FLOW.high + 1));
    vi.advanceTimersByTime(COALESCE_MILLIS);
    flow.acknowledge('quick', FLOW.high + 1);
    expect(log).toEqual(['pause']);
    flow.leave('slow');
    expect(log).toEqual(['pause', 'resume']);
  });

  it('is by the host’s own screen when nobody watches', () => {
    flow.output(bytes(FLOW.high + 1));
    expect(log).toEqual(['pause']);
    flow.parsed(FLOW.high + 1);
    expect(log).toEqual(['pause', 'resume']);
  });

  it('is not undone by a page that claims to have drawn what it was never sent', () => {
    flow.follow('liar', () => {});
    output(bytes(FLOW.high + 1));
    flow.acknowledge('liar', Number.MAX_SAFE_INTEGER);
    expect(log).toEqual(['pause']);
  });

  it('ends after some seconds for one that takes nothing, which is told, and not for one that is merely slow', () => {
    const told: string[] = [];
    const watching = (viewer: string): void =>
      flow.follow(viewer, () => {}, () => told.push(viewer))(bytes(0)); // prettier-ignore
    watching('asleep');
    watching('slow');
    output(bytes(FLOW.high + 1));
    for (let seconds = 0; seconds < 4; seconds++) {
      vi.advanceTimersByTime(1000);
      flow.acknowledge('slow', 10);
    }
    expect([told, log]).toEqual([[], ['pause']]);
    vi.advanceTimersByTime(1000);
    expect([told, log]).toEqual([['asleep'], ['pause']]);
    flow.acknowledge('slow', FLOW.high);
    expect(log).toEqual(['pause', 'resume']);
    output(bytes(FLOW.high + 1));
    flow.acknowledge('slow', FLOW.high);
    vi.advanceTimersByTime(60_000);
    expect([told, log.at(-1)]).toEqual([['asleep'], 'resume']);
  });

  it('is by one that follows again as by any other', () => {
    let told = 0;
    const follow = (): void => flow.follow('a', () => {}, () => void told++)(bytes(0)); // prettier-ignore
    follow();
    for (const times of [1, 2]) {
      output(bytes(FLOW.high + 1));
      expect(log.at(-1)).toBe('pause');
      vi.advanceTimersByTime(10_000);
      expect([told, log.at(-1)]).toEqual([times, 'resume']);
      follow();
    }
  });
});
