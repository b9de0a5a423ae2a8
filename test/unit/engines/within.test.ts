import { describe, expect, it } from 'vitest';
import { NoAnswer, pause, within } from '../../../electron/host/engines/within.ts';

const never = new AbortController().signal;

describe('within', () => {
  it('gives up on a call that heeds no signal, and tells it so', async () => {
    let told: AbortSignal | undefined;
    const asked = within('x', 10, never, (signal) => {
      told = signal;
      return new Promise(() => undefined);
    });
    await expect(asked).rejects.toBeInstanceOf(NoAnswer);
    expect(told?.aborted).toBe(true);
  });

  it('ends with the outer signal’s reason, also if that came before', async () => {
    const outer = new AbortController();
    const asked = within('x', 60_000, outer.signal, () => new Promise(() => undefined));
    outer.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    await expect(within('x', 60_000, outer.signal, () => Promise.resolve(1))).rejects.toThrow('enough');
  });

  it('answers what the call answers', async () => {
    await expect(within('x', 60_000, never, () => Promise.resolve(1))).resolves.toBe(1);
    await expect(within('x', 60_000, never, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});

describe('pause', () => {
  it('ends early when it is aborted', async () => {
    const outer = new AbortController();
    const paused = pause(3_600_000, outer.signal);
    outer.abort();
    await paused;
    await pause(3_600_000, outer.signal);
  });
});
