/** Sockets that wait in a network namespace, and who holds each. */
import os from 'node:os';
import {
  HOLDERS,
  MOST_ROWS,
  type Learned,
  type ListeningSocket,
  type SocketProtocol,
  type Sockets,
} from '../../../shared/inside.ts';
import type { Process } from '../../../shared/model.ts';
import { parseNetInet, TCP_CLOSE, TCP_LISTEN } from '../parse/net-inet.ts';
import { parseNetPacket } from '../parse/net-kernel.ts';
import { parseNetSctpEps } from '../parse/net-sctp.ts';
import { parseNetUnix } from '../parse/net-unix.ts';
import type { Kernel } from '../read/kernel.ts';
import { understood } from './inside-learned.ts';
import { eachOpen } from './open-files.ts';

const INET = ['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6', 'raw', 'raw6'] as const;
/** SCTP_SS_LISTENING of include/net/sctp/constants.h, which is TCP_LISTEN. */
const SCTP_LISTENING = TCP_LISTEN;

/** What {@link readSockets} asks for. */
export const SOCKET_FILES: readonly string[] = [...INET, 'sctp/eps', 'packet', 'unix'];

type Bare = Omit<ListeningSocket, 'holders' | 'moreHolders'>;

/** Of a file that this kernel has not (IPv6 switched off) there is nothing to tell, and nothing amiss. */
const orNone = <T>(rows: Learned<readonly T[]>): Learned<readonly T[]> =>
  !rows.ok && rows.why === 'absent' ? { ok: true, value: [] } : rows;

/** `text` gives a file of /proc/net by its name; `others` are processes outside that may hold a socket of it. */
export const readSockets = (
  kernel: Kernel,
  text: (name: string) => Learned<string>,
  members: readonly Process[],
  others: readonly Process[],
): Learned<Sockets> => {
  const littleEndian = os.endianness() === 'LE';
  const listening: Bare[] = [];
  let connections = 0;
  for (const protocol of INET) {
    const rows = orNone(understood(text(protocol), (whole) => parseNetInet(whole, littleEndian)));
    if (!rows.ok) return rows;
    const waiting = isTcp(protocol) ? TCP_LISTEN : TCP_CLOSE;
    const kind = isTcp(protocol) ? 'stream' : protocol.startsWith('raw') ? 'raw' : 'dgram';
    for (const { address, port, state, uid, inode } of rows.value) {
      if (state === waiting) listening.push({ protocol, address, port, kind, uid, inode });
      else if (isTcp(protocol)) connections++;
    }
  }
  const sctp = orNone(understood(text('sctp/eps'), parseNetSctpEps));
  if (!sctp.ok) return sctp;
  for (const { state, port, uid, inode, addresses } of sctp.value) {
    if (state !== SCTP_LISTENING) continue;
    for (const address of addresses) listening.push({ protocol: 'sctp', address, port, kind: 'seqpacket', uid, inode });
  }
  const packet = orNone(understood(text('packet'), parseNetPacket));
  if (!packet.ok) return packet;
  for (const { protocol: port, inode } of packet.value) {
    // Number 0 is one that takes nothing yet, or only sends; packet(7).
    if (port !== 0) listening.push({ protocol: 'packet', address: '', port, kind: 'raw', uid: null, inode });
  }
  const unix = orNone(understood(text('unix'), parseNetUnix));
  if (!unix.ok) return unix;
  for (const { kind, listening: waits, unconnected, inode, path } of unix.value) {
    if (kind === 'other' || path === null || !(waits || (kind === 'dgram' && unconnected))) continue;
    listening.push({ protocol: 'unix', address: path, port: null, kind, uid: null, inode });
  }
  const shown = listening.slice(0, MOST_ROWS);
  const { holders, closed } = holdersOf(kernel, new Set(shown.map(({ inode }) => inode)), members, others);
  return {
    ok: true,
    value: {
      listening: shown.map((socket) => {
        const pids = holders.get(socket.inode) ?? [];
        return { ...socket, holders: pids.slice(0, HOLDERS), moreHolders: Math.max(0, pids.length - HOLDERS) };
      }),
      left: listening.length - shown.length,
      connections,
      closedMembers: closed,
    },
  };
};

const isTcp = (protocol: SocketProtocol): boolean => protocol === 'tcp' || protocol === 'tcp6';

/** Of others so many are looked through before it is seen whether all are found. */
const OTHERS_AT_ONCE = 256;

/** Processes by the sockets they have open. Those outside are looked through only for what no member holds. */
const holdersOf = (
  kernel: Kernel,
  wanted: ReadonlySet<number>,
  members: readonly Process[],
  others: readonly Process[],
): { readonly holders: ReadonlyMap<number, readonly number[]>; readonly closed: number } => {
  const holders = new Map<number, number[]>();
  let closed = 0;
  if (wanted.size === 0) return { holders, closed };
  const look = (processes: readonly Process[], onClosed: () => void): void => {
    const found = new Map<number, ReadonlySet<number>>();
    eachOpen(kernel, processes, ({ pid }, open) => {
      if (!open.ok) return onClosed();
      const sockets = open.value.flatMap(({ targets }) => targets.map(([, target]) => socketInode(target)));
      found.set(pid, new Set(sockets.filter((inode) => wanted.has(inode))));
    });
    for (const { pid } of processes) {
      for (const inode of found.get(pid) ?? []) {
        const pids = holders.get(inode);
        if (pids === undefined) holders.set(inode, [pid]);
        else pids.push(pid);
      }
    }
  };
  look(members, () => closed++);
  for (let from = 0; from < others.length && holders.size < wanted.size; from += OTHERS_AT_ONCE)
    look(others.slice(from, from + OTHERS_AT_ONCE), () => {});
  return { holders, closed };
};

const socketInode = (target: string): number => (target.startsWith('socket:[') ? Number(target.slice(8, -1)) : NaN);
