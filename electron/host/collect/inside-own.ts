/** What the smaller namespaces hold, each of it a few lines: names, clocks, numbers, users, the root of the cgroup tree. */
import type { CgroupInside, Learned, PidInside, TimeInside, UserInside, UtsInside } from '../../../shared/inside.ts';
import type { CgroupMembership, NamespaceId, Process, World } from '../../../shared/model.ts';
import { parseCgroup } from '../parse/cgroup.ts';
import { decimal, parsed } from '../parse/format-error.ts';
import { parseIdMap } from '../parse/id-map.ts';
import { onlyLine } from '../parse/kernel-number.ts';
import { parseTimensOffsets } from '../parse/timens-offsets.ts';
import type { Kernel } from '../read/kernel.ts';
import { filesInside, type RunInside } from './inside-child.ts';
import { fileOf, learned, NO_MEMBER, understood } from './inside-learned.ts';
import { toldBy } from './inside-teller.ts';
import { directoryOf, type Way } from './inside-way.ts';
import { isDead } from './one-process.ts';

const KERNEL = '/proc/sys/kernel';
/** include/linux/proc_ns.h */
const FIRST_USER_NAMESPACE = 'user:[4026531837]';

/** Files of /proc/sys speak of whoever reads them. */
const settings = async (way: Way, run: RunInside, names: readonly string[]) => {
  const paths = names.map((name) => `${KERNEL}/${name}`);
  return way.spaces.ok ? filesInside(run, way.spaces.value, paths) : way.spaces;
};

const lineOf = (files: Learned<ReadonlyMap<string, string>>, name: string): Learned<string> =>
  understood(fileOf(files, `${KERNEL}/${name}`), (text) => onlyLine(text, name));

export const readUts = async (way: Way, run: RunInside): Promise<UtsInside> => {
  const files = await settings(way, run, ['hostname', 'domainname', 'osrelease']);
  const [hostname, domainname, release] = ['hostname', 'domainname', 'osrelease'].map((name) => lineOf(files, name));
  for (const one of [hostname, domainname, release]) if (!one!.ok) return { type: 'uts', names: one! };
  const value = (one: Learned<string> | undefined): string => (one?.ok ? one.value : '');
  return {
    type: 'uts',
    names: {
      ok: true,
      value: { hostname: value(hostname), domainname: value(domainname), release: value(release) },
    },
  };
};

/**
 * Which of them there are, a digit each, then a line of each that there is. All by one process, for each is given a number
 * there; and by cat, for the kernel gives a line of /proc/sys to one read alone, and the shell's own reads a byte at a time.
 */
const READ_LINES = `for file do [ -r "$file" ] && { printf 1; set -- "$@" "$file"; } || printf 0; shift; done
echo; exec cat "$@"`;

export const readPid = async (way: Way, run: RunInside): Promise<PidInside> => {
  // The second only with CONFIG_CHECKPOINT_RESTORE.
  const names = ['pid_max', 'ns_last_pid'];
  const told = way.spaces.ok
    ? await run(way.spaces.value, ['sh', '-c', READ_LINES, 'sh', ...names.map((name) => `${KERNEL}/${name}`)])
    : way.spaces;
  const [there = '', ...lines] = told.ok ? told.value.split('\n') : [];
  const line = (at: number): Learned<number> => {
    if (told.ok && there[at] === '0')
      return { ok: false, why: 'absent', words: `${KERNEL}/${names[at]} could not be read from inside.` };
    const before = there.slice(0, at).replaceAll('0', '').length;
    return understood(told, () => decimal(lines[before], names[at]!));
  };
  return { type: 'pid', pidMax: line(0), lastPid: line(1) };
};

export const readUser = async (kernel: Kernel, way: Way): Promise<UserInside> => {
  const told = await toldBy(kernel, way, (directory) => {
    const file = <T>(name: string, parse: (text: string) => T): Learned<T> =>
      learned(parsed(directory.text(name), parse));
    return {
      uidMap: file('uid_map', parseIdMap),
      gidMap: file('gid_map', parseIdMap),
      setgroups: file('setgroups', (text) => onlyLine(text, 'setgroups')),
    };
  });
  // uid_m_show of kernel/user_namespace.c. The first one has no parent.
  const isOurs = way.spaces.ok && way.spaces.value.length === 0 && way.id !== FIRST_USER_NAMESPACE;
  const outside = isOurs ? 'parent' : 'reader';
  return { type: 'user', outside, ...(told ?? { uidMap: NO_MEMBER, gidMap: NO_MEMBER, setgroups: NO_MEMBER }) };
};

/**
 * A member's cgroup has two names: one seen from here, one seen from inside. What the first has before the second is the
 * root. cgroup_namespaces(7).
 */
export const readCgroupRoots = async (kernel: Kernel, way: Way, run: RunInside): Promise<CgroupInside> => {
  const roots = await toldBy(kernel, way, async (directory, teller) => {
    const path = `${directoryOf(teller)}/cgroup`;
    const here = learned(parsed(directory.text('cgroup'), parseCgroup));
    const files = way.spaces.ok ? await filesInside(run, way.spaces.value, [path]) : way.spaces;
    return rootsBy(here, understood(fileOf(files, path), parseCgroup));
  });
  return { type: 'cgroup', roots: roots ?? NO_MEMBER };
};

type Memberships = Learned<readonly CgroupMembership[]>;
const rootsBy = (here: Memberships, there: Memberships): CgroupInside['roots'] => {
  if (!here.ok) return here;
  if (!there.ok) return there;
  const inner = new Map(there.value.map((one) => [one.hierarchy, one.path]));
  return {
    ok: true,
    value: here.value.map((one) => ({ controllers: controllersOf(one), root: rootOf(one, inner) })),
  };
};

const controllersOf = ({ hierarchy, controllers }: CgroupMembership): string =>
  hierarchy === 0 ? 'v2' : controllers.join(',');

const rootOf = ({ hierarchy, path }: CgroupMembership, inner: ReadonlyMap<number, string>): string | null => {
  const below = inner.get(hierarchy);
  if (below === undefined || /^\/\.\.(?:\/|$)/.test(below)) return null;
  if (below === '/') return path;
  return path.endsWith(below) ? path.slice(0, -below.length) || '/' : null;
};

/**
 * The file speaks of the namespace that the next children are born into: of a process that has unshared, not of its own. Who
 * enters is in it with its children, so where nobody is, a child tells.
 */
export const readTime = async (
  kernel: Kernel,
  world: World,
  id: NamespaceId,
  way: Way,
  run: RunInside,
): Promise<TimeInside> => {
  const born = ({ namespaces, state }: Process): boolean => namespaces.time_for_children === id && !isDead(state);
  for (const { pid } of world.processes.filter(born)) {
    const pinned = kernel.pin(`/proc/${pid}`);
    if (!pinned.ok) continue;
    const directory = pinned.value;
    const isStill = (): boolean => {
      const link = directory.link('ns/time_for_children');
      return link.ok && link.value === id;
    };
    try {
      if (!isStill()) continue;
      const offsets = learned(parsed(directory.text('timens_offsets'), parseTimensOffsets));
      if (isStill()) return { type: 'time', offsets };
    } finally {
      directory.close();
    }
  }
  const own = '/proc/self/timens_offsets';
  const files = way.spaces.ok ? await filesInside(run, way.spaces.value, [own]) : way.spaces;
  return { type: 'time', offsets: understood(fileOf(files, own), parseTimensOffsets) };
};
