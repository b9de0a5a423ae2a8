import type { TerminalEnd } from '../../../shared/terminal.ts';

/** `exit code 0`; `exit code 137 (SIGKILL)`, as a shell reports a signal's end. */
export const endWords = (end: Pick<TerminalEnd, 'exitCode' | 'signal'>): string =>
  end.signal === null ? `exit code ${end.exitCode}` : `exit code ${end.exitCode} (${end.signal})`;

const UNITS = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3600 },
  { name: 'min', seconds: 60 },
  { name: 's', seconds: 1 },
] as const;

/** A span in its two largest units: `0.4 s`, `12 s`, `2 min 5 s`, `3 d 4 h`. A clock that went back makes it 0. */
export const lastedWords = (millis: number): string => {
  const seconds = Math.max(0, millis) / 1000;
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const first = UNITS.findIndex((unit) => seconds >= unit.seconds);
  const words: string[] = [];
  let left = Math.round(seconds);
  for (const unit of UNITS.slice(first, first + 2)) {
    const count = Math.floor(left / unit.seconds);
    left -= count * unit.seconds;
    if (count > 0) words.push(`${count} ${unit.name}`);
  }
  return words.join(' ');
};
