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

/** The files to join a process's cgroups by; those of hierarchies that are not mounted here are left out. */
export const joinFiles = (
  memberships: readonly CgroupMembership[],
  hierarchies: readonly CgroupHierarchy[],
): readonly string[] =>
  memberships.flatMap(({ hierarchy, controllers, path }) => {
    const id = hierarchy === 0 ? 'v2' : controllers.join(',');
    const found = hierarchies.find((other) => other.id === id);
    const folder = found ? folderOf(found, path) : null;
    return folder === null ? [] : [`${folder}/cgroup.procs`];
  });
