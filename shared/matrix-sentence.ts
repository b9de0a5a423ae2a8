/** What the matrix shows, in sentences: who shares what, and which containers stay in the host's. */
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType, type World } from './model.ts';
import type { NamespaceRow } from './namespace-rows.ts';
import { listed } from './sentence.ts';
import { visible } from './text.ts';

/** More would be a page of text. */
const SENTENCES_AT_MOST = 6;
const NAMED_AT_MOST = 4;

const named = (rows: readonly NamespaceRow[]): string => {
  const names = rows.map(({ name, leader }, index) => {
    const twice = rows.some((other, at) => at !== index && other.name === name);
    return twice && leader !== null ? `${visible(name)} (${leader.pid})` : visible(name);
  });
  return names.length <= NAMED_AT_MOST ? listed(names) : listed([...names.slice(0, 3), `${names.length - 3} more`]);
};

/** `db and web share net.`, `metrics runs in the host’s net and pid.`; the most telling first. */
export const matrixSentences = (rows: readonly NamespaceRow[], world: World): readonly string[] => {
  const subjects = rows.filter(({ kind }) => kind === 'container' || kind === 'shell' || kind === 'service');
  const sentences = [...sharing(subjects, world), ...inHosts(subjects, world)];
  if (sentences.length > SENTENCES_AT_MOST) {
    const rest = sentences.length - SENTENCES_AT_MOST + 1;
    return [...sentences.slice(0, SENTENCES_AT_MOST - 1), `And ${rest} more of the kind.`];
  }
  if (sentences.length > 0) return sentences;
  // What is closed to the reader may share as well.
  const closed = rows.some(({ namespaces }) => NAMESPACE_TYPES.some((type) => namespaces[type] === 'unread'));
  if (subjects.length === 0) {
    return [
      closed
        ? 'Every process that can be read is in the host’s namespaces.'
        : 'Every process is in the host’s namespaces.',
    ];
  }
  return [`${closed ? 'Of those that can be read, no' : 'No'} two share a namespace, but for the host’s.`];
};

/** An engine told its name; of a container known by its cgroup alone one has but the beginning of its ID. */
const hasName = ({ container, name }: NamespaceRow): boolean => container === null || !container.startsWith(name);

const sharing = (subjects: readonly NamespaceRow[], world: World): readonly string[] => {
  const users = new Map<NamespaceId, NamespaceRow[]>();
  for (const row of subjects) {
    for (const type of NAMESPACE_TYPES) {
      const id = row.namespaces[type];
      if (id === 'unread' || id === 'none' || id === world.host.namespaces[type]) continue;
      users.set(id, [...(users.get(id) ?? []), row]);
    }
  }
  const together = new Map<string, { rows: readonly NamespaceRow[]; types: NamespaceType[] }>();
  for (const type of NAMESPACE_TYPES) {
    for (const [id, rows] of users) {
      if (rows.length < 2 || !id.startsWith(`${type}:`)) continue;
      const key = rows.map((row) => row.key).join('\n');
      const known = together.get(key);
      if (known) known.types.push(type);
      else together.set(key, { rows, types: [type] });
    }
  }
  const place = ({ rows }: { rows: readonly NamespaceRow[] }): number =>
    subjects.indexOf(rows[0]!) + (rows.every(hasName) ? 0 : subjects.length);
  const byPlace = [...together.values()].sort((a, b) => place(a) - place(b));
  return byPlace.map(({ rows, types }) => `${named(rows)} share ${listed(types)}.`);
};

/** Of these a container usually has its own; on cgroup v1 engines leave it in the host's cgroup namespace. */
const usuallyOwn = (world: World): readonly NamespaceType[] =>
  world.host.cgroup === 'v2' ? ['mnt', 'uts', 'ipc', 'net', 'pid', 'cgroup'] : ['mnt', 'uts', 'ipc', 'net', 'pid'];

const inHosts = (subjects: readonly NamespaceRow[], world: World): readonly string[] => {
  const wanted = usuallyOwn(world);
  const together = new Map<string, NamespaceRow[]>();
  for (const row of subjects) {
    if (row.kind !== 'container') continue;
    const types = wanted.filter((type) => row.namespaces[type] === world.host.namespaces[type]);
    if (types.length === 0) continue;
    const words = listed(types);
    together.set(words, [...(together.get(words) ?? []), row]);
  }
  return [...together].map(
    ([types, rows]) => `${named(rows)} ${rows.length === 1 ? 'runs' : 'run'} in the host’s ${types}.`,
  );
};
