import type { ProcessIo } from '../../../shared/process-account.ts';
import { decimal, FormatError } from './format-error.ts';

const FILE = 'io';

/** /proc/PID/io; man 5 proc_pid_io. Keys that came later are skipped. */
export const parseProcIo = (text: string): ProcessIo => {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(': ');
    if (colon > 0) values.set(line.slice(0, colon), line.slice(colon + 2));
  }
  const of = (key: string): number => {
    const number = decimal(values.get(key), FILE);
    if (number < 0) throw new FormatError(FILE, text);
    return number;
  };
  return {
    readChars: of('rchar'),
    writtenChars: of('wchar'),
    readCalls: of('syscr'),
    writeCalls: of('syscw'),
    readBytes: of('read_bytes'),
    writtenBytes: of('write_bytes'),
    cancelledBytes: of('cancelled_write_bytes'),
  };
};
