import { decimal, FormatError } from './format-error.ts';

/** What an interface has carried since it was made, as it sees it itself. */
export interface DevCounters {
  /** Hostile text. */
  readonly name: string;
  readonly rxBytes: number;
  readonly rxPackets: number;
  readonly txBytes: number;
  readonly txPackets: number;
}

/** /proc/PID/net/dev; man 5 proc_pid_net. A name has neither blanks nor colons: dev_valid_name() of net/core/dev.c. */
export const parseNetDev = (text: string): DevCounters[] =>
  text
    .split('\n')
    .slice(2)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const colon = line.indexOf(':');
      const numbers = line.slice(colon + 1).trim().split(/\s+/); // prettier-ignore
      if (colon < 0 || numbers.length < 16) throw new FormatError('net/dev', line);
      const at = (column: number): number => decimal(numbers[column], 'net/dev');
      return { name: line.slice(0, colon).trim(), rxBytes: at(0), rxPackets: at(1), txBytes: at(8), txPackets: at(9) };
    });
