/**
 * Moving a program into the cgroups of a process before it starts, on v1 and v2 alike. Only from 2.40 on does nsenter(1)
 * have an option for it, and that knows v2 alone.
 */
import { folderOf } from './cgroup-folder.ts';
import type { CgroupHierarchy } from './cgroup-model.ts';
import type { CgroupMembership } from './model.ts';

/**
 * Given how many files follow, the files, and a command: writes its own number into each file, then becomes the
 * command. It is the same text always; what differs are its arguments.
 */
const SCRIPT = 'n=$1; while [ "$n" -gt 0 ]; do shift; echo $$ > "$1" || exit; n=$((n-1)); done; shift; exec "$@"';

/** The command that joins by these files (`…/cgroup.procs`), then becomes `argv`. */
export const joiningArgv = (files: readonly string[], argv: readonly string[]): string[] => [
  'sh',
  '-c',
  SCRIPT,
  'join-cgroups',
  String(files.length),
  ...files,
  ...argv,
];

export interface Joining {
  /** A `cgroup.procs` for each hierarchy that is mounted here. */
  readonly files: readonly string[];
  /** The others, by their controllers: a process stays where it is in these. */
  readonly unmounted: readonly string[];
}

/** How a process's cgroups are joined. */
export const joiningOf = (
  memberships: readonly CgroupMembership[],
  hierarchies: readonly CgroupHierarchy[],
): Joining => {
  const files: string[] = [];
  const unmounted: string[] = [];
  for (const { hierarchy, controllers, path } of memberships) {
    const id = hierarchy === 0 ? 'v2' : controllers.join(',');
    const found = hierarchies.find((other) => other.id === id);
    const folder = found ? folderOf(found, path) : null;
    if (folder === null) unmounted.push(id);
    else files.push(`${folder}/cgroup.procs`);
  }
  return { files, unmounted };
};
