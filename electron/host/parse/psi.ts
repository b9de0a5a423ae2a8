import type { Pressure, PressureLine } from '../../../shared/cgroup-model.ts';
import { FormatError } from './format-error.ts';
import { kernelNumber } from './kernel-number.ts';

const LINE = /^(\S+) avg10=(\d{1,3}\.\d\d) avg60=(\d{1,3}\.\d\d) avg300=(\d{1,3}\.\d\d) total=(\d{1,20})$/;

/**
 * Pressure stall information; Documentation/accounting/psi.rst. `full` of cpu.pressure came with Linux 5.13,
 * irq.pressure has only `full`. Lines of other names are of a newer kernel, and left out.
 */
export const parsePsi = (text: string, file: string): Pressure => {
  const lines: Record<'some' | 'full', PressureLine | null> = { some: null, full: null };
  for (const line of text.split('\n')) {
    const name = line.split(' ', 1)[0];
    if (name !== 'some' && name !== 'full') continue;
    const [, , avg10, avg60, avg300, total] = LINE.exec(line) ?? [];
    if (total === undefined) throw new FormatError(file, line);
    lines[name] = {
      avg10: Number(avg10),
      avg60: Number(avg60),
      avg300: Number(avg300),
      total: kernelNumber(total, file),
    };
  }
  if (lines.some === null && lines.full === null) throw new FormatError(file, text);
  return lines;
};
