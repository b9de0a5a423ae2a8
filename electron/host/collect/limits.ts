/** What the cgroups of a process allow it: memory, CPU, tasks. The files are found through mountinfo, never guessed. */
import type { CgroupVersion } from '../../../shared/cgroup-file.ts';
import { OUT_OF_SIGHT, type CgroupAllowance, type FurtherAllowance } from '../../../shared/cgroup-model.ts';
import type { CgroupLimit, CgroupMembership, FurtherLimit, HostInfo, Limit, Reading } from '../../../shared/model.ts';
import type { Kernel } from '../read/kernel.ts';
import { parseFlat } from '../parse/cgroup-flat.ts';
import { decimal, parsed } from '../parse/format-error.ts';
import { parseMountinfo, type Mount } from '../parse/mountinfo.ts';
import { levelsAbove, type CgroupLevel } from './cgroup-hierarchies.ts';
import { LIMITED, LIMIT_KINDS, v1Bytes, type LimitFile, type LimitKind } from './limit-files.ts';

/** `cpus` is left out where it is not known: then of no cpuset it can be said that it limits. */
export type Machine = Pick<HostInfo, 'pageBytes'> & Partial<Pick<HostInfo, 'cpus'>>;

export interface Allowances {
  /** Of each resource that is controlled, the one that is met first. */
  readonly limits: CgroupAllowance[];
  /** What else is set. */
  readonly further: FurtherAllowance[];
}

/** Every resource that a cgroup of the process controls. The tightest of its own limit and its ancestors' holds. */
export const readLimits = (
  kernel: Kernel,
  cgroups: readonly CgroupMembership[],
  host: Machine,
): { readonly limits: CgroupLimit[]; readonly furtherLimits?: FurtherLimit[] } => {
  const mounts = parsed(kernel.text('/proc/self/mountinfo'), parseMountinfo);
  if (!mounts.ok) return { limits: [] };
  const { limits, further } = readAllowances(kernel, cgroups, mounts.value, host);
  const held = limits.map(({ effective }) => effective);
  return further.length === 0
    ? { limits: held }
    : { limits: held, furtherLimits: further.map(({ effective }) => effective) };
};

/** The same, with the cgroup's own limits and with whose it is that holds. */
export const readAllowances = (
  kernel: Kernel,
  cgroups: readonly CgroupMembership[],
  mounts: readonly Mount[],
  host: Machine,
): Allowances => {
  const found = LIMIT_KINDS.flatMap((kind) => allowanceOf(kernel, kind, cgroups, mounts, host) ?? []);
  const limits: CgroupAllowance[] = [];
  for (const resource of LIMITED) {
    const main = LIMIT_KINDS.find((kind) => kind.resource === resource);
    const candidates = found.filter((one) => one.resource === resource && (one.kind === main || !isOpen(one)));
    const met = tightest(candidates, ({ effective }) => effective.limit);
    if (met === null) continue;
    const own = candidates.find(({ kind }) => kind === main)?.own ?? null;
    limits.push({
      resource,
      own: own && { ...own, resource },
      effective: { ...met.effective, resource },
      setBy: met.setBy,
      ...(met.ofItself && { ofItself: met.ofItself }),
    });
  }
  const said = new Set(limits.map(({ effective }) => effective.path));
  const further = found.filter((one) => !said.has(one.effective.path) && !isOpen(one) && one.effective.limit.ok);
  return {
    limits,
    further: further.map(({ kind: _, ...one }) => one),
  };
};

type Found = FurtherAllowance & { readonly kind: LimitKind };
const isOpen = ({ effective }: FurtherAllowance): boolean => effective.limit.ok && effective.limit.value === 'max';

const allowanceOf = (
  kernel: Kernel,
  kind: LimitKind,
  cgroups: readonly CgroupMembership[],
  mounts: readonly Mount[],
  host: Machine,
): Found | null => {
  const place = locate(kind, cgroups, mounts);
  if (place === null) return null;
  const levels = levelsOf(kernel, kind, place, host);
  const ordered = kind.inherited ? levels.toReversed() : levels;
  const seen = tightest(ordered, ({ entry }) => entry.limit);
  const above = seen === null ? null : outOfSight(kernel, place, seen.entry, host);
  const met = above ?? seen;
  if (met === null) return null;
  const [first] = levels;
  const own = first === undefined || isAbsent(first.entry.limit) ? null : first.entry;
  const itself = first !== undefined && met.cgroup === first.cgroup ? { ofItself: true as const } : {};
  return { resource: kind.resource, own, effective: met.entry, setBy: met.cgroup, ...itself, kind };
};

interface Place {
  readonly version: CgroupVersion;
  readonly file: LimitFile;
  /** The process's own cgroup first, then its ancestors as far as they are mounted. */
  readonly levels: readonly CgroupLevel[];
}

/** On a hybrid machine a controller is on one hierarchy of v1 or on v2; /proc/PID/cgroup says which. */
const locate = (
  { controller, v1, v2 }: LimitKind,
  cgroups: readonly CgroupMembership[],
  mounts: readonly Mount[],
): Place | null => {
  const on1 = cgroups.find(({ controllers }) => controllers.includes(controller));
  const membership = on1 ?? cgroups.find(({ hierarchy }) => hierarchy === 0);
  const [version, file] = on1 === undefined ? [2 as const, v2] : [1 as const, v1];
  const levels = membership === undefined || file === null ? null : levelsAbove(membership, mounts);
  return levels === null || file === null ? null : { version, file, levels };
};

interface Level {
  readonly cgroup: string;
  readonly entry: FurtherLimit;
}

const levelsOf = (kernel: Kernel, { resource, controller }: LimitKind, place: Place, host: Machine): Level[] => {
  const { version, file, levels } = place;
  const found: Level[] = [];
  for (const [at, { cgroup, folder }] of levels.entries()) {
    if (at > 0 && version === 1 && controller === 'memory' && countsAlone(kernel, folder)) break;
    const path = `${folder}/${file.limit}`;
    const beside = (name: string) => kernel.text(`${folder}/${name}`);
    const text = kernel.text(path);
    const around = { pageBytes: host.pageBytes, cpus: host.cpus ?? null, beside };
    const limit = parsed(text, (whole) => file.parse(whole, around));
    const entry: FurtherLimit = {
      resource,
      file: file.limit,
      path,
      limit:
        limit.ok && limit.value === null
          ? { ok: false, why: 'absent', call: path, errno: null }
          : (limit as Reading<Limit>),
      used: usedOf(file, beside),
      ...(controller === 'cpuset' && text.ok && limit.ok ? { cpus: text.value.trim() } : {}),
    };
    found.push({ cgroup, entry });
  }
  return found;
};

const usedOf = ({ used }: LimitFile, beside: (file: string) => Reading<string>): CgroupLimit['used'] =>
  used === null ? null : parsed(beside(used), (text) => decimal(text.trim(), used));

/**
 * True where a cgroup of v1 does not count what those below it use, so that neither its limit nor any above it is theirs.
 * Never so since Linux 5.11, and where nobody said otherwise before; cgroup-v1/memory.rst, "Hierarchy support".
 */
const countsAlone = (kernel: Kernel, folder: string): boolean => {
  const text = kernel.text(`${folder}/memory.use_hierarchy`);
  return text.ok && text.value.trim() === '0';
};

/** Of v1 the kernel tells the tightest limit on the whole way up: what is less than all that can be seen is set above that. */
const outOfSight = (kernel: Kernel, { file, levels }: Place, seen: FurtherLimit, host: Machine): Level | null => {
  const [first] = levels;
  const { hierarchical: key } = file;
  if (key === undefined || first === undefined || !seen.limit.ok) return null;
  const path = `${first.folder}/memory.stat`;
  const told = parsed(kernel.text(path), (text) => {
    const found = parseFlat(text, 'memory.stat', () => false).find(([name]) => name === key)?.[1];
    return found === undefined ? null : v1Bytes('memory.stat')(String(found), host);
  });
  if (!told.ok || told.value === null || number(told.value) >= number(seen.limit.value)) return null;
  // What is in use up there cannot be seen from here either.
  const limit = { ok: true as const, value: told.value };
  const entry: FurtherLimit = { resource: seen.resource, file: 'memory.stat', path, limit, used: null };
  return { cgroup: OUT_OF_SIGHT, entry };
};

/** The one that decides; of equals the first. `null` if none has the file, as where v2 has no such controller. */
const tightest = <T>(all: readonly T[], limitOf: (one: T) => Reading<Limit>): T | null => {
  let found: T | null = null;
  for (const one of all) {
    const limit = limitOf(one);
    if (isAbsent(limit)) continue;
    // What cannot be read may be tighter than what can: better to say so than to show a limit that may not hold.
    if (!limit.ok) return one;
    const least = found === null ? null : limitOf(found);
    if (least === null || (least.ok && number(limit.value) < number(least.value))) found = one;
  }
  return found;
};

const isAbsent = (limit: Reading<Limit>): boolean => !limit.ok && limit.why === 'absent';
const number = (limit: Limit): number => (limit === 'max' ? Infinity : limit);
