import { decimal, FormatError } from './format-error.ts';
import { hexadecimal, ipv4, ipv6Words, rowsBelowHead } from './inet-address.ts';

/** States of include/net/tcp_states.h that are asked for; udp uses the same numbers. */
export const TCP_LISTEN = 0x0a;
/** Of udp: bound, and connected to nobody. */
export const TCP_CLOSE = 0x07;

export interface InetSocket {
  readonly address: string;
  readonly port: number;
  /** Port 0: connected to nobody. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly state: number;
  readonly uid: number;
  readonly inode: number;
}

/** /proc/PID/net/tcp, tcp6, udp and udp6; man 5 proc_pid_net. `littleEndian`: of the machine that wrote it. */
export const parseNetInet = (text: string, littleEndian = true): InetSocket[] =>
  rowsBelowHead(text).map((words) => {
    const [hex = '', port] = (words[1] ?? '').split(':');
    const [remoteHex = '', remotePort] = (words[2] ?? '').split(':');
    if (words.length < 10) throw new FormatError('net/tcp', words.join(' '));
    const address = (digits: string): string =>
      digits.length === 8 ? ipv4(digits, 'net/tcp', littleEndian) : ipv6Words(digits, 'net/tcp6', littleEndian);
    return {
      address: address(hex),
      remoteAddress: address(remoteHex),
      remotePort: hexadecimal(remotePort, 'net/tcp'),
      port: hexadecimal(port, 'net/tcp'),
      state: hexadecimal(words[3], 'net/tcp'),
      uid: decimal(words[7], 'net/tcp'),
      inode: decimal(words[9], 'net/tcp'),
    };
  });
