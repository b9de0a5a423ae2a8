import { readFileSync } from 'node:fs';
import { CapturedKernel } from '../../trees/captured-kernel.ts';

/** A captured machine: test/trees/NAME.tree. */
export const tree = (name: string): CapturedKernel =>
  new CapturedKernel(readFileSync(new URL(`../../trees/${name}.tree`, import.meta.url), 'utf8'));

/** Whether the kernel is asked about many processes at once, or about each for itself; see {@link CapturedKernel.together}. */
export const READ: readonly (readonly [how: string, together: boolean])[] = [
  ['one after the other', false],
  ['all at once', true],
];

export interface Made {
  readonly ppid?: number;
  readonly comm?: string;
  readonly state?: string;
  readonly flags?: number;
  readonly ticks?: number;
  readonly threads?: number;
  readonly starttime?: number;
  readonly ran?: number;
  readonly uid?: number;
  readonly cmdline?: string;
  readonly cgroup?: string;
  readonly net?: string;
}

/** Writes the files of one process as the kernel would, in place of those it had. */
export const put = (kernel: CapturedKernel, pid: number, made: Made = {}): void => {
  const { ppid = 0, comm = 'x', state = 'S', flags = 0, ticks = 0, threads = 1, starttime = 100, uid = 0 } = made;
  const at = `/proc/${pid}`;
  kernel.write(
    `${at}/stat`,
    `${pid} (${comm}) ${state} ${ppid} 1 1 0 -1 ${flags} 0 0 0 0 ${ticks} 0 0 0 20 0 ${threads} 0 ${starttime} 4096 1 0 0\n`,
  );
  kernel.write(`${at}/schedstat`, `${made.ran ?? 1000} 0 1\n`);
  kernel.write(`${at}/status`, `Name:\tx\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nNSpid:\t${pid}\n`);
  kernel.write(`${at}/cmdline`, made.cmdline ?? 'x\0');
  kernel.write(`${at}/cgroup`, made.cgroup ?? '0::/\n');
  kernel.write(`${at}/mountinfo`, '');
  kernel.close(`${at}/fd/0`, 'absent');
  for (const [link, type] of LINKS) {
    const inode = type === 'net' && made.net !== undefined ? made.net : String(FIRST[type]);
    kernel.symlink(`${at}/ns/${link}`, `${type}:[${inode}]`);
  }
};

const FIRST = { mnt: 1, uts: 2, ipc: 3, net: 4, pid: 4026531836, user: 4026531837, cgroup: 7, time: 8 } as const;
type Type = keyof typeof FIRST;
const LINKS: readonly (readonly [string, Type])[] = [
  ...(Object.keys(FIRST) as Type[]).map((type) => [type, type] as const),
  ['pid_for_children', 'pid'],
  ['time_for_children', 'time'],
];
