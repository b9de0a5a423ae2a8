import { constants } from 'node:os';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { signalNumber } from '../../../electron/host/change/send-signal.ts';
import { Change } from '../../../shared/change.ts';
import { endsUnlessHandled, isSignal, signalMeaning, typedSignal } from '../../../shared/signals.ts';

describe('a signal to a process', () => {
  it('is any that Linux has', () => {
    // Two names of IOT and POLL, and UNUSED, are others' numbers.
    const known = Object.keys(constants.signals).map((name) => name.slice(3)).filter((name) => !['IOT', 'POLL', 'UNUSED', 'CLD', 'INFO', 'LOST'].includes(name)); // prettier-ignore
    for (const name of known) expect(isSignal(name), name).toBe(true);
    for (const name of ['RTMIN', 'RTMIN+1', 'RTMIN+30']) expect(isSignal(name), name).toBe(true);
    for (const name of ['RTMIN+31', 'RTMIN-1', 'RTMAX', 'term', '15', 'toString', ''])
      expect(isSignal(name), name).toBe(false);
    expect(v.is(Change, { what: 'signal', process: '7@5', signal: 'TSTP' })).toBe(true);
  });

  it('is called by name or number, with SIG or without', () => {
    const read = ['sigterm', 'Term', 'RTMIN+3', 'rtmax', 'SIGRTMAX-1', '34', '37', '15', '65', 'RTMAX-40', 'RTMAXX', ''].map(typedSignal); // prettier-ignore
    expect(read).toEqual(['TERM', 'TERM', 'RTMIN+3', 'RTMIN+30', 'RTMIN+29', 'RTMIN', 'RTMIN+3', 'TERM', null, null, null, null]); // prettier-ignore
  });

  it('has the number that kill gives it', () => {
    for (let number = 1; number <= 31; number++) expect(signalNumber(typedSignal(`${number}`)!)).toBe(number);
    expect([signalNumber('TERM'), signalNumber('RTMIN'), signalNumber('RTMIN+30')]).toEqual([15, 34, 64]);
  });

  it('is said to end what makes nothing of it, or not to', () => {
    expect(['PIPE', 'RTMIN+2', 'SEGV'].every(endsUnlessHandled)).toBe(true);
    expect(['CHLD', 'TSTP', 'CONT', 'STOP', 'KILL'].some(endsUnlessHandled)).toBe(false);
    expect(signalMeaning('RTMIN+2')).toBe('is for the program to give a meaning; without one it ends');
  });
});
