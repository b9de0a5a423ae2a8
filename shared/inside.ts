/** What is inside one namespace: read of a member where its files tell it, else by a child that enters and ends. */
import * as v from 'valibot';
import { NAMESPACE_TYPES, type IdMap, type NamespaceId, type NamespaceType, type Why } from './model.ts';
import type { Mount } from './mounts.ts';

/** A namespace as an argument of a call. */
export const NamespaceIdArgument = v.pipe(
  v.string(),
  v.regex(new RegExp(`^(?:${NAMESPACE_TYPES.join('|')}):\\[[1-9]\\d{0,9}\\]$`), 'type:[inode]'),
  v.transform((id) => id as NamespaceId),
);

/**
 * `no-way`: nothing that this session may see leads into the namespace. `refused`: there is a way, and the kernel would say
 * no. `no-program`: what would be asked is not installed. `late`: it did not answer in time. `failed`: its own words.
 */
export type WhyNot = Why | 'no-way' | 'refused' | 'no-program' | 'late' | 'failed';

export interface Unlearned {
  readonly ok: false;
  readonly why: WhyNot;
  /** One or two sentences for the screen; may hold text from the machine. */
  readonly words: string;
}
export type Learned<T> = { readonly ok: true; readonly value: T } | Unlearned;

export interface InterfaceAddress {
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefix: number;
  /** `global`, `link`, `host`, `site`. */
  readonly scope: string;
}

/** The other end of a pair. */
export interface Peer {
  readonly ifindex: number;
  /** `null` where the namespace it is in is not known. */
  readonly namespace: NamespaceId | null;
}

export interface NetInterface {
  /** Hostile text. */
  readonly name: string;
  readonly ifindex: number | null;
  /** `veth`, `bridge`, …; `loopback` and `ether` where the kernel knows no more. */
  readonly kind: string | null;
  /** `UP`, `DOWN`, `UNKNOWN`, …: RFC 2863. */
  readonly state: string | null;
  readonly flags: readonly string[] | null;
  readonly mac: string | null;
  readonly mtuBytes: number | null;
  /** The bridge or bond that it belongs to. */
  readonly master: string | null;
  readonly addresses: readonly InterfaceAddress[];
  readonly peer: Peer | null;
  readonly rxBytes: number | null;
  readonly txBytes: number | null;
  readonly rxPackets: number | null;
  readonly txPackets: number | null;
}

export const SOCKET_PROTOCOLS = [
  ...(['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6', 'raw', 'raw6'] as const),
  ...(['sctp', 'packet', 'unix'] as const),
] as const;
export type SocketProtocol = (typeof SOCKET_PROTOCOLS)[number];

/**
 * A socket that waits: tcp, sctp and unix in LISTEN, udp, udplite, raw and bound unix datagram sockets without a peer, and
 * those that take packets from a device.
 */
export interface ListeningSocket {
  readonly protocol: SocketProtocol;
  /** An IP address, or a unix socket's path: hostile text, `@` for the NUL that begins an abstract name. */
  readonly address: string;
  /** `null` for unix; of raw the number of the IP protocol, of packet that of the EtherType. */
  readonly port: number | null;
  readonly kind: 'stream' | 'dgram' | 'seqpacket' | 'raw';
  /** Who made it, in the reader's numbering; unix and packet sockets do not tell. */
  readonly uid: number | null;
  readonly inode: number;
  /** Pids that have it open, at most {@link HOLDERS}, members first. */
  readonly holders: readonly number[];
  /** How many have it open besides. */
  readonly moreHolders: number;
}

/** Workers of one server share a socket: more than these are counted. */
export const HOLDERS = 8;
/** More sockets or mounts than this are counted. */
export const MOST_ROWS = 20_000;

export interface Sockets {
  readonly listening: readonly ListeningSocket[];
  readonly left: number;
  /** Of tcp and tcp6: those in any other state. */
  readonly connections: number;
  /** Members whose open files are closed to this session: they may be who holds what nobody seems to. */
  readonly closedMembers: number;
}

/** One of the ways that a route leads. */
export interface NextHop {
  readonly gateway: string | null;
  readonly device: string | null;
  /** Of several ways, which share of the traffic it takes; `null` where there is but one. */
  readonly weight: number | null;
}

export interface Route {
  readonly family: 4 | 6;
  /** `unicast`, `local`, `blackhole`, …: man 8 ip-route. `null` where only /proc tells of it. */
  readonly type: string | null;
  /** `default`, or an address and its prefix. */
  readonly destination: string;
  /** `main`, `local`, a number or a name of this machine; `null` where only /proc tells of it. */
  readonly table: string | null;
  /** Where it leads; nowhere if none has a device. */
  readonly hops: readonly NextHop[];
  /** `null` where there is none, which counts as 0. */
  readonly metric: number | null;
  /** Who made it: `kernel`, `boot`, `static`, `dhcp`, `ra`, …; `null` where only /proc tells of it. */
  readonly protocol: string | null;
  readonly scope: string | null;
  /** The address that packets take as their own. */
  readonly source: string | null;
  /** What else ip(8) says of it, in its words. */
  readonly more: readonly string[];
}

/** Which table is looked into for which packets; man 8 ip-rule. */
export interface RoutingRule {
  readonly family: 4 | 6;
  /** The lower is asked first. */
  readonly priority: number;
  /** As ip(8) writes it: `from all lookup main`. */
  readonly words: string;
}

export interface NetInside {
  readonly type: 'net';
  readonly interfaces: Learned<readonly NetInterface[]>;
  /** Why of the interfaces only names, counters and IPv6 addresses are known; `null` if all is. */
  readonly partly: Unlearned | null;
  /** IPv4 addresses that the kernel lists without their interface; only where {@link partly} is set. */
  readonly loose: readonly string[];
  readonly sockets: Learned<Sockets>;
  /** Of every table. */
  readonly routes: Learned<readonly Route[]>;
  /** More than {@link MOST_ROWS} are counted. */
  readonly routesLeft: number;
  /** Why the routes are only those of /proc, without type, and of IPv6 without table; `null` if all is known. */
  readonly routesPartly: Unlearned | null;
  readonly rules: Learned<readonly RoutingRule[]>;
}

export interface MntInside {
  readonly type: 'mnt';
  /** As this process sees it; `null`: as one does who enters, for no process is in it. */
  readonly pid: number | null;
  /** The root of that process, where it is not the namespace's: then only mounts below it are shown. Left out otherwise. */
  readonly root?: string;
  /** Only this thread of the process is in it; left out where the process is. */
  readonly tid?: number;
  readonly mounts: Learned<readonly Mount[]>;
  readonly left: number;
}

export interface UtsInside {
  readonly type: 'uts';
  readonly names: Learned<{ readonly hostname: string; readonly domainname: string; readonly release: string }>;
}

/** A row of /proc/sysvipc; man 7 sysvipc. */
export interface SysvObject {
  readonly key: number;
  readonly id: number;
  readonly uid: number;
  /** Octal digits as the kernel writes them. */
  readonly perms: string;
  /** Bytes of a segment, semaphores of a set, bytes waiting in a queue. */
  readonly size: number;
  /** Processes attached to a segment, messages in a queue; `null` for semaphores. */
  readonly used: number | null;
  /** Pid that made it, in the reader's numbering; segments only. */
  readonly cpid: number | null;
}
export interface MessageQueue {
  /** Hostile text. */
  readonly name: string;
  /** Bytes that wait in it; `null` if it may not be read. */
  readonly bytes: number | null;
}
export interface IpcInside {
  readonly type: 'ipc';
  readonly shm: Learned<readonly SysvObject[]>;
  readonly sem: Learned<readonly SysvObject[]>;
  readonly msg: Learned<readonly SysvObject[]>;
  readonly queues: Learned<readonly MessageQueue[]>;
  /** Files under /proc/sys/kernel and /proc/sys/fs/mqueue, and what they hold. */
  readonly limits: readonly { readonly file: string; readonly value: string }[];
}

export interface PidInside {
  readonly type: 'pid';
  /** Numbers begin anew behind this one. Each namespace's own since Linux 6.14. */
  readonly pidMax: Learned<number>;
  /** The number given last. To ask costs a namespace that is not the host's one number: the answer is that one. */
  readonly lastPid: Learned<number>;
}

export interface UserInside {
  readonly type: 'user';
  /** Whose numbers the maps are told in: the reader's own user namespace's, or, where that is this one, its parent's. */
  readonly outside: 'reader' | 'parent';
  readonly uidMap: Learned<readonly IdMap[]>;
  readonly gidMap: Learned<readonly IdMap[]>;
  /** `allow` or `deny`; since Linux 3.19. */
  readonly setgroups: Learned<string>;
}

export interface CgroupInside {
  readonly type: 'cgroup';
  /** Of each hierarchy, what looks like its root from inside; `null`: outside of what its member can name. */
  readonly roots: Learned<readonly { readonly controllers: string; readonly root: string | null }[]>;
}

/** Nanoseconds, as text, for they may pass 2^53; time_namespaces(7). */
export interface TimeOffsets {
  readonly monotonicNanos: string;
  readonly boottimeNanos: string;
}
export interface TimeInside {
  readonly type: 'time';
  readonly offsets: Learned<TimeOffsets>;
}

export type Inside = NetInside | MntInside | UtsInside | IpcInside | PidInside | UserInside | CgroupInside | TimeInside;

export interface NamespaceInside {
  readonly id: NamespaceId;
  readonly takenAt: number;
  /** How long it took to read. */
  readonly millis: number;
  readonly inside: Extract<Inside, { type: NamespaceType }>;
}
