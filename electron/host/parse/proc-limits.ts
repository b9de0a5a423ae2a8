import type { ResourceLimit } from '../../../shared/process-account.ts';
import { FormatError } from './format-error.ts';
import { kernelNumber } from './kernel-number.ts';

const LINE = /^(Max .*?) {2,}(\d+|unlimited) +(\d+|unlimited)(?: +([a-z]+))? *$/;

/** /proc/PID/limits; man 5 proc_pid_limits. In the kernel's order. */
export const parseProcLimits = (text: string): ResourceLimit[] => {
  const [head = '', ...lines] = text.split('\n');
  if (!head.startsWith('Limit ')) throw new FormatError('limits', text);
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [, name, soft, hard, unit = ''] = LINE.exec(line) ?? [];
      if (name === undefined || soft === undefined || hard === undefined) throw new FormatError('limits', line);
      return { name, soft: limit(soft), hard: limit(hard), unit };
    });
};

const limit = (text: string): ResourceLimit['soft'] =>
  text === 'unlimited' ? 'unlimited' : kernelNumber(text, 'limits');
