import type { TerminalEnd } from '../../../shared/terminal.ts';
import { durationInWords } from '../../parts/format.ts';

/** `exit code not known`; `exit code 0`; `exit code 137 (SIGKILL)`, as a shell reports a signal's end. */
export const endWords = (end: Pick<TerminalEnd, 'exitCode' | 'signal'>): string =>
  end.exitCode === null
    ? 'exit code not known'
    : end.signal === null
      ? `exit code ${end.exitCode}`
      : `exit code ${end.exitCode} (${end.signal})`;

/** How long it ran. Under ten seconds the tenths tell a program that failed at once from one that worked. */
export const lastedWords = (millis: number): string => {
  const seconds = Math.max(0, millis) / 1000;
  return seconds < 9.95 ? `${seconds.toFixed(1)} s` : durationInWords(seconds);
};
