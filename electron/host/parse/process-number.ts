import { decimal, FormatError } from './format-error.ts';
import { onlyLine } from './kernel-number.ts';

/** A file of one whole number: oom_score, oom_score_adj, cap_last_cap. */
export const parseProcessNumber = (text: string): number => decimal(onlyLine(text, 'a number'), 'a number');

/** loginuid and sessionid: 4294967295 says that none was set; man 5 proc_pid_loginuid. */
export const parseAuditId = (text: string): number | null => {
  const id = parseProcessNumber(text);
  return id === 4_294_967_295 ? null : id;
};

/** The kernel function that a thread waits in; `null` for 0: it does not wait, or the reader may not know where. */
export const parseWchan = (text: string): string | null => {
  if (text === '0' || text === '') return null;
  if (!/^[\w.]{1,128}$/.test(text)) throw new FormatError('wchan', text);
  return text;
};
