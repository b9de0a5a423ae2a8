import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Audience } from '../../../electron/host/audience.ts';

describe('the audience', () => {
  const log: string[] = [];
  beforeEach(() => {
    vi.useFakeTimers();
    log.length = 0;
  });
  afterEach(() => vi.useRealTimers());
  const audience = (): Audience =>
    new Audience({ arrived: () => log.push('arrived'), left: () => log.push('left'), lingerMillis: 1000 });

  it('arrives once, however many look, and leaves a while after the last', () => {
    const viewers = audience();
    viewers.arrive('a');
    viewers.arrive('a');
    viewers.arrive('b');
    viewers.leave('a');
    vi.advanceTimersByTime(5000);
    expect(log).toEqual(['arrived']);
    viewers.leave('b');
    vi.advanceTimersByTime(1000);
    expect(log).toEqual(['arrived', 'left']);
  });

  it('outlasts a page reload without leaving', () => {
    const viewers = audience();
    viewers.arrive('a');
    viewers.leave('a');
    vi.advanceTimersByTime(999);
    viewers.arrive('b');
    vi.advanceTimersByTime(5000);
    expect(log).toEqual(['arrived']);
  });

  it('does not take a stranger leaving for the last one leaving', () => {
    const viewers = audience();
    viewers.leave('nobody');
    vi.advanceTimersByTime(5000);
    expect(log).toEqual([]);
  });
});
