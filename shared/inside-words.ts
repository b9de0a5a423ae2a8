/** What is inside a namespace, in words; the same on the screen and on the command line. */
import type { ListeningSocket, NetInterface, Sockets, SysvObject, TimeOffsets, UserInside } from './inside.ts';
import type { IdMap, NamespaceId, World } from './model.ts';
import { bytesInWords } from './sentence.ts';

/** `0.0.0.0:80`, `[::]:80`, a path. */
export const socketWhere = ({ protocol, address, port }: ListeningSocket): string => {
  if (port === null) return address;
  const host = protocol.endsWith('6') || address.includes(':') ? `[${address}]` : address;
  switch (protocol) {
    case 'raw':
    case 'raw6':
      return `${host} IP protocol ${port}`;
    case 'packet':
      return port === ETH_P_ALL ? 'every packet' : `EtherType 0x${port.toString(16).padStart(4, '0')}`;
    default:
      return `${host}:${port}`;
  }
};

/** include/uapi/linux/if_ether.h */
const ETH_P_ALL = 3;

/** From where it can be reached, as far as its address tells; `''` for one particular address. */
export const socketReach = ({ protocol, address, port }: ListeningSocket): string => {
  if (port === null || protocol === 'packet') return '';
  if (address === '0.0.0.0' || address === '::') return 'any address';
  return address.startsWith('127.') || address === '::1' || address.startsWith('::ffff:127.') ? 'only from inside' : '';
};

/** Why nobody is named for a socket. */
export const nobodyWords = ({ closedMembers }: Sockets): string =>
  closedMembers === 0
    ? 'no process that has it open'
    : `not known: the open files of ${closedMembers} ${closedMembers === 1 ? 'member' : 'members'} are closed to this session`;

/** `up`, `down`, `no carrier`, …; `null` where it is not known. */
export const stateWords = ({ state, flags }: NetInterface): string | null => {
  if (flags?.includes('UP') && flags.includes('NO-CARRIER')) return 'no carrier';
  // What has no carrier to speak of, as lo, is UNKNOWN to the kernel while it works.
  if (state === 'UNKNOWN' && flags !== null) return flags.includes('UP') ? 'up' : 'down';
  return state?.toLowerCase() ?? null;
};

/** What the kernel prints for one who has no number in the user namespace that reads: (uid_t) -1. */
const NO_NUMBER = 4294967295;

type Outside = UserInside['outside'];
const placeWords = (outside: Outside): string => (outside === 'parent' ? 'in its parent' : 'outside');

/** `0–65535 inside are 100000–165535 outside`. `outside`: whose numbers the map is told in. */
export const mapWords = ({ inside, outside: from, count }: IdMap, outside: Outside = 'reader'): string => {
  const range = (first: number): string => (count === 1 ? String(first) : `${first}–${first + count - 1}`);
  if (inside === 0 && from === 0 && count === NO_NUMBER) return `all, each the same number ${placeWords(outside)}`;
  const verb = count === 1 ? 'is' : 'are';
  if (from === NO_NUMBER) return `${range(inside)} inside${count === 1 ? ' has' : ': the first has'} no number here`;
  return `${range(inside)} inside ${verb} ${range(from)} ${placeWords(outside)}`;
};

/** A map in a sentence; man 7 user_namespaces. */
export const mapSentence = (map: readonly IdMap[], kind: 'user' | 'group', outside: Outside = 'reader'): string => {
  if (map.length === 0) return `No ${kind} is mapped: each counts as 65534, nobody.`;
  const root = map.find(({ inside }) => inside === 0);
  if (root === undefined) return `Nobody inside is ${kind} 0.`;
  const is = `${kind === 'user' ? 'Root' : 'Group 0'} inside is`;
  if (root.outside === NO_NUMBER) return `${is} a ${kind} that has no number in this session’s own user namespace.`;
  const place = placeWords(outside);
  return root.outside === 0 ? `${is} ${kind} 0 ${place} as well.` : `${is} ${kind} ${root.outside} ${place}.`;
};

const UNITS = [
  [86_400n, 'd'],
  [3600n, 'h'],
  [60n, 'min'],
  [1n, 's'],
] as const;

/** `the same as the first time namespace’s`, `100 s ahead`, `1 d 2 h behind`: man 7 time_namespaces. */
export const offsetWords = (nanos: string): string => {
  const whole = BigInt(nanos);
  if (whole === 0n) return 'no offset';
  const size = whole < 0n ? -whole : whole;
  let seconds = size / 1_000_000_000n;
  const rest = size % 1_000_000_000n;
  const parts: string[] = [];
  for (const [unit, name] of UNITS) {
    if (seconds >= unit) parts.push(`${seconds / unit} ${name}`);
    seconds %= unit;
  }
  if (rest > 0n) parts.push(`${rest} ns`);
  return `${parts.join(' ')} ${whole < 0n ? 'behind' : 'ahead'}`;
};

export const offsetsSentence = ({ monotonicNanos, boottimeNanos }: TimeOffsets): string =>
  monotonicNanos === '0' && boottimeNanos === '0'
    ? 'Its clocks run as those of the machine.'
    : 'Its clocks differ from those of the machine; the wall clock never does.';

const NOUNS = {
  shm: ['shared memory segment', 'shared memory segments'],
  sem: ['semaphore set', 'semaphore sets'],
  msg: ['message queue', 'message queues'],
} as const;

/** `3 shared memory segments, 12 KiB`. */
export const sysvWords = (kind: 'shm' | 'sem' | 'msg', objects: readonly SysvObject[]): string => {
  const count = `${objects.length === 0 ? 'no' : objects.length} ${NOUNS[kind][objects.length === 1 ? 0 : 1]}`;
  if (kind === 'sem' || objects.length === 0) return count;
  return `${count}, ${bytesInWords(objects.reduce((all, { size }) => all + size, 0))}`;
};

/** How many pid namespaces lie above it, and the way up; `null` where the way is not known to its end. */
export const pidDepth = (
  world: World,
  id: NamespaceId,
): { readonly depth: number; readonly above: readonly NamespaceId[] } | null => {
  const facts = new Map(world.namespaces.map((fact) => [fact.id, fact]));
  const above: NamespaceId[] = [];
  for (let at = id; above.length <= 32;) {
    const parent = facts.get(at)?.parent ?? 'unknown';
    if (parent === 'none') return { depth: above.length, above };
    if (!parent.includes(':[')) return null;
    at = parent as NamespaceId;
    above.push(at);
  }
  return null;
};

/** `/proc/sys/kernel/shmmax` → what it bounds; man 5 proc_sys_kernel, man 7 mq_overview. */
export const LIMIT_MEANINGS: Readonly<Record<string, string>> = {
  'kernel/shmmni': 'segments',
  'kernel/shmmax': 'bytes of a segment',
  'kernel/shmall': 'pages of all segments',
  'kernel/sem': 'semaphores of a set, of all, operations a call, sets',
  'kernel/msgmni': 'System V queues',
  'kernel/msgmax': 'bytes of a message',
  'kernel/msgmnb': 'bytes of a queue',
  'fs/mqueue/queues_max': 'POSIX queues',
  'fs/mqueue/msg_max': 'messages of a queue',
  'fs/mqueue/msgsize_max': 'bytes of a message',
};
