import { FormatError } from './format-error.ts';

const KINDS = { 1: 'stream', 2: 'dgram', 5: 'seqpacket' } as const;

export interface UnixSocket {
  readonly kind: 'stream' | 'dgram' | 'seqpacket' | 'other';
  /** Waits for connections: __SO_ACCEPTCON of include/linux/net.h. */
  readonly listening: boolean;
  /** SS_UNCONNECTED of include/uapi/linux/net.h. */
  readonly unconnected: boolean;
  readonly inode: number;
  /** `null` if not bound. `@` stands for NUL. */
  readonly path: string | null;
}

const LINE = /^[0-9a-f]+: [0-9A-F]{8} [0-9A-F]{8} ([0-9A-F]{8}) ([0-9A-F]{4}) ([0-9A-F]{2}) +(\d+)(?: (.*))?$/;

/**
 * /proc/PID/net/unix; man 5 proc_pid_net. The kernel writes a name as it is: what is no line of the table is the rest of a
 * name with a newline in it.
 */
export const parseNetUnix = (text: string): UnixSocket[] => {
  const sockets: { -readonly [K in keyof UnixSocket]: UnixSocket[K] }[] = [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const line of lines.slice(1)) {
    const [whole, flags = '', type = '', state = '', inode = '', path] = LINE.exec(line) ?? [];
    const last = sockets.at(-1);
    if (whole !== undefined) {
      sockets.push({
        kind: KINDS[parseInt(type, 16) as 1 | 2 | 5] ?? 'other',
        listening: (parseInt(flags, 16) & 0x10000) !== 0,
        unconnected: parseInt(state, 16) === 1,
        inode: Number(inode),
        path: path ?? null,
      });
    } else if (last?.path != null) last.path += `\n${line}`;
    else throw new FormatError('net/unix', line);
  }
  return sockets;
};
