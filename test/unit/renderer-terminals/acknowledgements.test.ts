import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Acknowledgements, IDLE_MILLIS } from '../../../renderer/store/acknowledgements.ts';
import { FLOW } from '../../../shared/terminal.ts';

describe('Acknowledgements', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tells the host at once when a portion is full, with all that is owed', () => {
    const sent: number[] = [];
    const owed = new Acknowledgements((bytes) => sent.push(bytes));
    owed.drawn(FLOW.ack - 1);
    expect(sent).toEqual([]);
    owed.drawn(7);
    expect(sent).toEqual([FLOW.ack + 6]);
  });

  it('settles the rest when output pauses, once', () => {
    const sent: number[] = [];
    const owed = new Acknowledgements((bytes) => sent.push(bytes));
    owed.drawn(3);
    owed.drawn(4);
    vi.advanceTimersByTime(IDLE_MILLIS);
    expect(sent).toEqual([7]);
    vi.advanceTimersByTime(10 * IDLE_MILLIS);
    expect(sent).toEqual([7]);
  });

  it('acknowledges every byte exactly once, whatever the portions', () => {
    let sum = 0;
    const owed = new Acknowledgements((bytes) => (sum += bytes));
    let drawn = 0;
    for (let i = 1; i < 200; i++) {
      owed.drawn(i * 37);
      drawn += i * 37;
      if (i % 3 === 0) vi.advanceTimersByTime(IDLE_MILLIS);
    }
    vi.advanceTimersByTime(IDLE_MILLIS);
    expect(sum).toBe(drawn);
  });

  it('says nothing after it was stopped', () => {
    const sent: number[] = [];
    const owed = new Acknowledgements((bytes) => sent.push(bytes));
    owed.drawn(3);
    owed.stop();
    owed.drawn(4);
    vi.advanceTimersByTime(IDLE_MILLIS);
    expect(sent).toEqual([]);
  });
});
