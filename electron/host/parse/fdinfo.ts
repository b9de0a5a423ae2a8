import type { FileState } from '../../../shared/process-account.ts';
import { decimal, FormatError } from './format-error.ts';

const KNOWN = new Set(['pos', 'flags', 'mnt_id', 'ino']);
/** An epoll watches thousands, each a line. */
const MOST_LINES = 20;

/** /proc/PID/fdinfo/FD; man 5 proc_pid_fdinfo. */
export const parseFdinfo = (text: string): FileState => {
  const more: string[] = [];
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const key = colon < 0 ? '' : line.slice(0, colon);
    if (KNOWN.has(key)) values.set(key, line.slice(colon + 1).trim());
    else if (line.trim() !== '' && more.length < MOST_LINES) more.push(line.replaceAll('\t', ' ').trim());
  }
  const flags = values.get('flags');
  if (flags === undefined || !/^0[0-7]*$/.test(flags)) throw new FormatError('fdinfo', text);
  return { position: decimal(values.get('pos'), 'fdinfo'), flags: parseInt(flags, 8), more };
};
