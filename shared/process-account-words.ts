/** The numbers of a process's account, in the words of the manual pages and of chrt(1) and ss(8). */
import type { MappingKind, OpenFile, OpenFileKind, ResourceLimit, Scheduling } from './process-account.ts';
import { bytesInWords } from './sentence.ts';

/** include/uapi/linux/sched.h; SCHED_EXT since Linux 6.12. */
const POLICIES: Readonly<Record<number, string>> = {
  0: 'SCHED_OTHER',
  1: 'SCHED_FIFO',
  2: 'SCHED_RR',
  3: 'SCHED_BATCH',
  5: 'SCHED_IDLE',
  6: 'SCHED_DEADLINE',
  7: 'SCHED_EXT',
};

/** `SCHED_OTHER, nice 0`, `SCHED_FIFO, priority 50`. */
export const schedulingWords = ({ policy, nice, realtimePriority }: Scheduling): string => {
  const name = POLICIES[policy] ?? `policy ${policy}`;
  if (policy === 1 || policy === 2) return `${name}, priority ${realtimePriority}`;
  return policy === 0 || policy === 3 ? `${name}, nice ${nice}` : name;
};

/** include/net/tcp_states.h, in the words of ss(8) in capitals. */
const TCP_STATES = ['ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'FIN_WAIT1', 'FIN_WAIT2', 'TIME_WAIT', 'CLOSE']
  .concat(['CLOSE_WAIT', 'LAST_ACK', 'LISTEN', 'CLOSING', 'NEW_SYN_RECV', 'BOUND_INACTIVE']); // prettier-ignore
export const tcpState = (state: number): string => TCP_STATES[state - 1] ?? `state ${state}`;

/** include/uapi/linux/netlink.h, in the words of ss(8) where it has one. */
const NETLINK: Readonly<Record<number, string>> = {
  0: 'route', 2: 'usersock', 3: 'firewall', 4: 'sock_diag', 5: 'nflog', 6: 'xfrm', 7: 'selinux', 8: 'iscsi', 9: 'audit',
  10: 'fib_lookup', 11: 'connector', 12: 'netfilter', 13: 'ip6_fw', 14: 'dnrtmsg', 15: 'kobject_uevent', 16: 'generic',
  18: 'scsitransport', 19: 'ecryptfs', 20: 'rdma', 21: 'crypto', 22: 'smc',
}; // prettier-ignore
export const netlinkName = (protocol: number): string => NETLINK[protocol] ?? `protocol ${protocol}`;

/** What a packet socket gets, include/uapi/linux/if_ether.h. */
const ETHER_TYPES: Readonly<Record<number, string>> = {
  0x0003: 'ETH_P_ALL',
  0x0800: 'ETH_P_IP',
  0x0806: 'ETH_P_ARP',
  0x86dd: 'ETH_P_IPV6',
  0x88cc: 'ETH_P_LLDP',
};
export const etherTypeName = (protocol: number): string =>
  protocol === 0 ? '' : (ETHER_TYPES[protocol] ?? `0x${protocol.toString(16).padStart(4, '0')}`);

/** include/uapi/asm-generic/fcntl.h; on x86, arm64 and riscv these differ in O_DIRECTORY and its neighbours alone. */
const FLAGS: readonly (readonly [number, string])[] = [
  [0o2000, 'O_APPEND'],
  [0o4000, 'O_NONBLOCK'],
  [0o20000, 'O_ASYNC'],
  [0o4010000, 'O_SYNC'],
  [0o10000, 'O_DSYNC'],
  [0o1000000, 'O_NOATIME'],
  [0o2000000, 'O_CLOEXEC'],
  [0o10000000, 'O_PATH'],
];

/** `r`, `w` or `rw`; `path` for a file that is only named (O_PATH). */
export const accessOf = (flags: number): string => {
  if ((flags & 0o10000000) !== 0) return 'path';
  return ['r', 'w', 'rw'][flags & 3] ?? '?';
};

/** The names that open(2) has for them, without those of the access mode. */
export const flagNames = (flags: number): readonly string[] => {
  const names: string[] = [];
  let left = flags;
  for (const [bits, name] of FLAGS) {
    if ((left & bits) !== bits) continue;
    names.push(name);
    left &= ~bits;
  }
  return names;
};

export const FILE_KINDS: Readonly<Record<OpenFileKind, string>> = {
  file: 'a file or directory',
  deleted: 'a file that has been deleted and lives while it is open; one whose name ends so looks the same',
  device: 'a device',
  memfd: 'memory with a file descriptor, memfd_create(2)',
  dmabuf: 'memory that devices share, dma-buf',
  mqueue: 'a message queue, mq_overview(7)',
  socket: 'a socket',
  pipe: 'a pipe',
  namespace: 'a namespace, which it keeps alive',
  pidfd: 'a process, pidfd_open(2)',
  eventfd: 'a counter to wait on, eventfd(2)',
  epoll: 'a set of files to wait on, epoll(7)',
  timerfd: 'a timer, timerfd_create(2)',
  signalfd: 'signals to read, signalfd(2)',
  inotify: 'a watch on files, inotify(7)',
  anonymous: 'something without a name in any file system',
  unread: 'not readable',
};

/** Of a kernel function to wait in that is `0`. */
export const waitsNowhere = (state: string | undefined): string =>
  state === 'R' ? 'nothing: it runs, or is ready to' : 'the kernel does not say where';

/** Why a rate may leap: the kernel adds what a child did when the parent has waited for it. */
export const IO_OF_CHILDREN = 'With what its children did: added whole once one has ended and it has waited for it.';

/** What the target does not say by itself: `tcp 127.0.0.1:6379 LISTEN`, `tcp 10.0.0.2:40312 to 10.0.0.1:443`. */
export const socketWords = ({ socket }: Pick<OpenFile, 'socket'>): string | null => {
  if (socket === null) return null;
  const { protocol, local, remote, state } = socket;
  const ends = remote === null ? local : local === '' ? `to ${remote}` : `${local} to ${remote}`;
  return [protocol, ends || 'not bound', ...(state === null || state === 'ESTABLISHED' ? [] : [state])].join(' ');
};

/** `8 MiB`, `30 seconds`, `1024` of what the limit’s name says, `unlimited`. */
export const limitWords = (value: ResourceLimit['soft'], unit: string): string => {
  if (value === 'unlimited') return value;
  if (unit === 'bytes' && typeof value === 'number') return bytesInWords(value);
  return unit === 'seconds' || unit === 'us' || unit === 'bytes' ? `${value} ${unit}` : String(value);
};

/** Of a counter read twice, how much a second; `null` without a first reading or when it went back. */
export const perSecond = (
  now: { readonly clock: number; readonly count: number },
  before: { readonly clock: number; readonly count: number } | null,
): number | null => {
  if (before === null || now.clock <= before.clock || now.count < before.count) return null;
  return ((now.count - before.count) * 1000) / (now.clock - before.clock);
};

const MAPPING_KINDS: Readonly<Record<MappingKind, string>> = {
  file: 'a file',
  memfd: 'memory with a file descriptor',
  shared: 'memory that can be shared',
  device: 'a device',
  heap: 'the heap, brk(2)',
  stack: 'the stack of its first thread',
  kernel: 'the kernel’s',
  anonymous: 'memory of no file',
};
export const mappingWords = (kind: MappingKind): string => MAPPING_KINDS[kind];

/** `12 ms`, `3.4 s`: nanoseconds as one reads them. */
export const nanosWords = (nanos: number): string =>
  nanos < 1e9 ? `${Math.round(nanos / 1e6)} ms` : `${(nanos / 1e9).toFixed(1)} s`;

/** `14: 6 sockets, 2 pipes`. */
export const fileSummary = (files: readonly Pick<OpenFile, 'kind'>[], left: number): string => {
  const count = (kind: OpenFileKind): number => files.filter((file) => file.kind === kind).length;
  const parts = (['socket', 'pipe', 'namespace', 'deleted'] as const)
    .map((kind) => [count(kind), kind] as const)
    .filter(([number]) => number > 0)
    .map(([number, kind]) => `${number} ${kind}${kind === 'deleted' || number === 1 ? '' : 's'}`);
  return [String(files.length + left), ...(parts.length === 0 ? [] : [parts.join(', ')])].join(': ');
};
