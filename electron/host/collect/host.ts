/** The machine as a whole, and who reads it. */
import {
  NAMESPACE_TYPES,
  type HostInfo,
  type NamespaceId,
  type NamespaceType,
  type Reading,
} from '../../../shared/model.ts';
import type { Kernel } from '../read/kernel.ts';
import { parseAuxv } from '../parse/auxv.ts';
import { parsed } from '../parse/format-error.ts';
import { parseMountinfo, type Mount } from '../parse/mountinfo.ts';
import { parseNsLink } from '../parse/ns-link.ts';
import { procHides } from './proc-hides.ts';
import { parsePasswd } from '../parse/passwd.ts';
import { parseProcessNumber } from '../parse/process-number.ts';
import { parseStatus } from '../parse/status.ts';
import { parseMemTotalBytes, parseSystemStat } from '../parse/system.ts';

/** Without these there is nothing to show, so their absence is an error of the whole. */
const must = <T>(reading: Reading<T>): T => {
  if (reading.ok) return reading.value;
  if (reading.why === 'absent' && /"\/proc\/(?!self\/)/.test(reading.call))
    throw new Error(
      `${reading.call}: ${reading.errno}; /proc has no such file: not mounted, or mounted with subset=pid`,
    );
  throw new Error(`${reading.call}: ${reading.errno ?? reading.why}`);
};

/** Names in the machine's user database. Empty if it cannot be read: then numbers are shown. */
export const readUsers = (kernel: Kernel): ReadonlyMap<number, string> => {
  const text = kernel.text('/etc/passwd');
  return text.ok ? parsePasswd(text.value) : new Map();
};

/** The namespaces of one process; `null` where they are not readable, all of it if none is. */
export const readNamespaces = (
  kernel: Kernel,
  pid: number | 'self',
): Readonly<Record<NamespaceType, NamespaceId | null>> | null => {
  let any = false;
  const namespaces = {} as Record<NamespaceType, NamespaceId | null>;
  for (const type of NAMESPACE_TYPES) {
    const link = parsed(kernel.link(`/proc/${pid}/ns/${type}`), parseNsLink);
    namespaces[type] = link.ok ? link.value : null;
    any ||= link.ok;
  }
  return any ? namespaces : null;
};

/** Which cgroup versions are mounted where the reader can see them. */
export const cgroupVersions = (mounts: readonly Mount[]): HostInfo['cgroup'] => {
  const v1 = mounts.some((mount) => mount.type === 'cgroup');
  const v2 = mounts.some((mount) => mount.type === 'cgroup2');
  return v1 && v2 ? 'hybrid' : v1 ? 'v1' : v2 ? 'v2' : 'none';
};

export const readHost = (kernel: Kernel, users: ReadonlyMap<number, string>): HostInfo => {
  const status = must(parsed(kernel.text('/proc/self/status'), parseStatus));
  const stat = must(parsed(kernel.text('/proc/stat'), parseSystemStat));
  const auxv = parseAuxv(must(kernel.bytes('/proc/self/auxv')));
  const mounts = parsed(kernel.text('/proc/self/mountinfo'), parseMountinfo);
  const lastCapability = parsed(kernel.text('/proc/sys/kernel/cap_last_cap'), parseProcessNumber);
  const hides = mounts.ok ? procHides(mounts.value, status) : null;
  const first = readNamespaces(kernel, 1);
  const none = Object.fromEntries(NAMESPACE_TYPES.map((type) => [type, null])) as HostInfo['namespaces'];
  return {
    hostname: must(kernel.text('/proc/sys/kernel/hostname')).trimEnd(),
    kernel: must(kernel.text('/proc/sys/kernel/osrelease')).trimEnd(),
    uid: status.uids[1],
    user: users.get(status.uids[1]) ?? String(status.uids[1]),
    pid: Number(must(kernel.link('/proc/self'))),
    capEff: status.capabilities.effective,
    lastCapability: lastCapability.ok ? lastCapability.value : null,
    clockTicksPerSecond: auxv.clockTicksPerSecond,
    pageBytes: auxv.pageBytes,
    cpus: stat.cpus,
    memoryBytes: must(parsed(kernel.text('/proc/meminfo'), parseMemTotalBytes)),
    bootedAt: stat.btime * 1000,
    cgroup: mounts.ok ? cgroupVersions(mounts.value) : 'none',
    namespaces: first ?? readNamespaces(kernel, 'self') ?? none,
    namespacesOf: first === null ? 'this process' : 'pid 1',
    ...(hides === null ? null : { procHides: hides }),
  };
};
