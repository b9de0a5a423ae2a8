import type { TimeOffsets } from '../../../shared/inside.ts';
import { FormatError } from './format-error.ts';

/** /proc/PID/timens_offsets; time_namespaces(7), since Linux 5.6: a clock, seconds, nanoseconds. */
export const parseTimensOffsets = (text: string): TimeOffsets => {
  const clocks = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [, clock, seconds, nanos] = /^(\S+)\s+(-?\d{1,19})\s+(\d{1,9})\s*$/.exec(line) ?? [];
    if (clock === undefined || seconds === undefined || nanos === undefined)
      throw new FormatError('timens_offsets', line);
    clocks.set(clock, (BigInt(seconds) * 1_000_000_000n + BigInt(nanos)).toString());
  }
  const [monotonicNanos, boottimeNanos] = [clocks.get('monotonic'), clocks.get('boottime')];
  if (monotonicNanos === undefined || boottimeNanos === undefined) throw new FormatError('timens_offsets', text);
  return { monotonicNanos, boottimeNanos };
};
