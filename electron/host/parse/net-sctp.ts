import { decimal, FormatError } from './format-error.ts';
import { rowsBelowHead } from './inet-address.ts';

export interface SctpEndpoint {
  /** SCTP_SS_* of include/net/sctp/constants.h. */
  readonly state: number;
  readonly port: number;
  readonly uid: number;
  readonly inode: number;
  /** IPv4 and IPv6, as many as it is bound to. */
  readonly addresses: readonly string[];
}

/** /proc/PID/net/sctp/eps, sctp_eps_seq_show of net/sctp/proc.c. Only while the module is loaded. */
export const parseNetSctpEps = (text: string): SctpEndpoint[] =>
  rowsBelowHead(text).map((words) => {
    if (words.length < 8) throw new FormatError('net/sctp/eps', words.join(' '));
    const at = (column: number): number => decimal(words[column], 'net/sctp/eps');
    return { state: at(3), port: at(5), uid: at(6), inode: at(7), addresses: words.slice(8) };
  });
