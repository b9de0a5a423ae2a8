/** Everything about one process, read fresh. */
import {
  NAMESPACE_LINKS,
  type HostInfo,
  type NamespaceId,
  type NamespaceLink,
  type ProcessDetail,
  type ProcessKey,
  type ProcessStatus,
  type Reading,
} from '../../../shared/model.ts';
import type { Directory, Kernel } from '../read/kernel.ts';
import { parseCgroup } from '../parse/cgroup.ts';
import { parseCmdline } from '../parse/cmdline.ts';
import { parseEnviron } from '../parse/environ.ts';
import { parsed } from '../parse/format-error.ts';
import { parseIdMap } from '../parse/id-map.ts';
import { parseMountinfo } from '../parse/mountinfo.ts';
import { parseNsLink } from '../parse/ns-link.ts';
import { parsePasswd } from '../parse/passwd.ts';
import { parseProcessNumber } from '../parse/process-number.ts';
import { parseStatus } from '../parse/status.ts';
import { readFreezers } from './freezer.ts';
import { isLocal } from './local-mounts.ts';
import { readLimits } from './limits.ts';
import { ofProcess } from './of-process.ts';

/** A user database inside a container is as hostile as the rest of it: no more than this is read. */
const PASSWD_BYTES = 1024 * 1024;

/** Throws as {@link ofProcess} does. */
export const readDetail = (
  kernel: Kernel,
  key: ProcessKey,
  host: HostInfo,
  users: ReadonlyMap<number, string>,
): ProcessDetail =>
  ofProcess(kernel, key, (directory) => {
    const cgroups = parsed(directory.text('cgroup'), parseCgroup);
    const status = parsed(directory.text('status'), parseStatus);
    return {
      key,
      takenAt: Date.now(),
      cmdline: parsed(directory.text('cmdline'), parseCmdline),
      environ: parsed(directory.text('environ'), parseEnviron),
      exe: directory.link('exe'),
      cwd: directory.link('cwd'),
      root: directory.link('root'),
      namespaces: readLinks(directory),
      cgroups,
      uidMap: parsed(directory.text('uid_map'), parseIdMap),
      gidMap: parsed(directory.text('gid_map'), parseIdMap),
      status,
      lsm: directory.text('attr/current'),
      oomScoreAdj: parsed(directory.text('oom_score_adj'), parseProcessNumber),
      userInside: status.ok ? userInside(directory, status.value, users) : null,
      freezers: cgroups.ok ? readFreezers(kernel, cgroups.value) : [],
      ...(cgroups.ok ? readLimits(kernel, cgroups.value, host) : { limits: [] }),
    };
  });

const readLinks = (directory: Directory): ProcessDetail['namespaces'] => {
  const namespaces = {} as Record<NamespaceLink, Reading<NamespaceId>>;
  for (const link of NAMESPACE_LINKS) namespaces[link] = parsed(directory.link(`ns/${link}`), parseNsLink);
  return namespaces;
};

/** The effective user's name by the process's own user database, if it has another there than on the host. */
const userInside = (directory: Directory, status: ProcessStatus, users: ReadonlyMap<number, string>): string | null => {
  const mounts = parsed(directory.text('mountinfo'), parseMountinfo);
  if (!mounts.ok || !isLocal('/etc/passwd', mounts.value)) return null;
  const passwd = directory.regularText('root/etc', 'passwd', PASSWD_BYTES);
  const map = parsed(directory.text('uid_map'), parseIdMap);
  if (!passwd.ok || !map.ok) return null;
  const euid = status.uids[1];
  const range = map.value.find(({ outside, count }) => euid >= outside && euid < outside + count);
  if (range === undefined) return null;
  const name = parsePasswd(passwd.value).get(range.inside + (euid - range.outside)) ?? null;
  return name === users.get(euid) ? null : name;
};
