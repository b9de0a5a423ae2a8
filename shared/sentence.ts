/** One process in words. */
import {
  NAMESPACE_TYPES,
  type CgroupLimit,
  type FurtherLimit,
  type Process,
  type ProcessDetail,
  type World,
} from './model.ts';
import { namespaceRole, sharedWith, type NamespaceUser } from './namespace-role.ts';
import { visible } from './text.ts';

/** `net`, `user and time`, `mnt, uts and ipc`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

const BINARY_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** `64 MiB`, `41.2 MiB`, `500 bytes`: at most one decimal. */
export const bytesInWords = (bytes: number): string => {
  let unit = 0;
  let value = bytes;
  for (; value >= 1024 && unit < BINARY_UNITS.length - 1; unit++) value /= 1024;
  return `${Number(value.toFixed(unit === 0 ? 0 : 1))} ${BINARY_UNITS[unit]}`;
};

/** `half a CPU`, `one CPU`, `1.5 CPUs`, `20 % of a CPU`. */
export const cpusInWords = (cpus: number): string => {
  if (cpus === 0.5) return 'half a CPU';
  if (cpus === 1) return 'one CPU';
  return cpus < 1 ? `${Number((cpus * 100).toFixed(1))} % of a CPU` : `${Number(cpus.toFixed(2))} CPUs`;
};

/**
 * `64 MiB`, `half a CPU`, `2 CPUs (0-1)`, `100 tasks`, `no swap`; `null` where there is no limit or it could not be read. Above
 * memory.high nothing is refused, but tasks are slowed until it is reclaimed.
 */
export const limitInWords = ({ resource, limit, file, cpus }: FurtherLimit): string | null => {
  if (!limit.ok || limit.value === 'max') return null;
  switch (resource) {
    case 'memory':
      return `${bytesInWords(limit.value)}${file === 'memory.high' ? ' before it is slowed' : ''}`;
    case 'cpu':
      return `${cpusInWords(limit.value)}${cpus === undefined ? '' : ` (${cpus})`}`;
    case 'pids':
      return limit.value === 1 ? 'one task' : `${limit.value} tasks`;
    case 'swap':
      if (file !== 'memory.swap.max') return `${bytesInWords(limit.value)} with swap`;
      return limit.value === 0 ? 'no swap' : `${bytesInWords(limit.value)} of swap`;
  }
};

/** Swap is worth a word where there is none, or where nothing else limits memory. */
export const isWorthSaying = (further: FurtherLimit, limits: readonly CgroupLimit[]): boolean => {
  if (further.resource !== 'swap' || !further.limit.ok) return false;
  const memory = limits.find(({ resource }) => resource === 'memory');
  return (further.limit.value === 0 && further.file === 'memory.swap.max') || memory === undefined || (memory.limit.ok && memory.limit.value === 'max'); // prettier-ignore
};

/** How the screen calls a container: its name, else the beginning of its ID. */
export const containerLabel = (world: World, id: string): string =>
  visible(world.containers.find((container) => container.id === id)?.name ?? id.slice(0, 12));

const userLabel = (world: World, user: NamespaceUser): string =>
  user.kind === 'container' ? containerLabel(world, user.id) : `${visible(user.process.comm)} (${user.process.pid})`;

/** More names than this are counted instead. */
const NAMED_AT_MOST = 3;
const named = (labels: readonly string[]): string =>
  labels.length <= NAMED_AT_MOST ? listed(labels) : listed([...labels.slice(0, 2), `${labels.length - 2} others`]);

/**
 * What a person would say of it: `Its own mnt, uts, ipc, pid and cgroup. Shares net with web. May use 64 MiB, half a CPU
 * and 100 tasks.` Limits need the process's detail. Nothing is said of what could not be read except that it could not.
 */
export const processSentence = (world: World, process: Process, detail: ProcessDetail | null = null): string => {
  const role = new Map(NAMESPACE_TYPES.map((type) => [type, namespaceRole(world, process, type)]));
  const types = (wanted: string) => NAMESPACE_TYPES.filter((type) => role.get(type) === wanted);
  const unread = types('unread');
  const sentences: string[] = [];
  if (unread.length === NAMESPACE_TYPES.length) sentences.push('Its namespaces could not be read.');
  else if (types('host').length + unread.length === NAMESPACE_TYPES.length) {
    sentences.push(unread.length === 0 ? 'In the host’s namespaces.' : `In the host’s ${listed(types('host'))}.`);
  }
  if (types('own').length > 0) sentences.push(`Its own ${listed(types('own'))}.`);
  // One sentence for all types that are shared with the same others.
  const together = new Map<string, string[]>();
  for (const type of types('shared')) {
    const others = named(sharedWith(world, process, type).map((user) => userLabel(world, user)));
    together.set(others, [...(together.get(others) ?? []), type]);
  }
  for (const [others, shared] of together) sentences.push(`Shares ${listed(shared)} with ${others}.`);
  if (unread.length > 0 && unread.length < NAMESPACE_TYPES.length) {
    sentences.push(`Its ${listed(unread)} could not be read.`);
  }
  const held = detail?.limits ?? [];
  const further = (detail?.furtherLimits ?? []).filter((one) => isWorthSaying(one, held));
  const limits = [...held, ...further].map(limitInWords).filter((words) => words !== null);
  if (limits.length > 0) sentences.push(`May use ${listed(limits)}.`);
  return sentences.join(' ');
};
