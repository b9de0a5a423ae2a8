/** The same by hand: for each panel the command that shows what it shows. Complete, runnable, and nothing but numbers,
 * checked IDs and the addresses of engines ever stand in it. */
import { clientArgv, type EnginePlace } from './container-act.ts';
import { commandLine } from './text.ts';

export interface ByHand {
  /** What execve(2) would get. */
  readonly argv: readonly string[];
  /** What a person would type into bash. */
  readonly text: string;
}

const plain = (...argv: string[]): ByHand => ({ argv, text: commandLine(argv) });
/** Redirections and process substitution need a shell; pids are numbers, so there is nothing to quote. */
const inBash = (text: string): ByHand => ({ argv: ['bash', '-c', text], text });

const checkedNumber = (pid: number): number => {
  if (!Number.isSafeInteger(pid) || pid < 1) throw new RangeError(`${pid} is not a pid or an inode`);
  return pid;
};
const proc = (pid: number, file: string): string => `/proc/${checkedNumber(pid)}/${file}`;

export const byHand = {
  processTree: (pid = 1, threads = false) =>
    plain('pstree', threads ? '-t' : '-T', '-c', '-p', '-A', String(checkedNumber(pid))),
  processList: () => plain('ps', '-eo', 'pid,ppid,user,stat,pcpu,rss,comm,args'),
  namespaces: () => plain('lsns'),
  namespaceTable: () => plain('lsns', '-o', 'NS,TYPE,NPROCS,PID,USER,COMMAND'),
  /** util-linux 2.38 and later. */
  namespaceTree: (by: 'owner' | 'parent') => plain('lsns', `--tree=${by}`, '-o', 'NS,TYPE,NPROCS,PID,COMMAND'),
  namespacesOfType: (type: string) => plain('lsns', '--type', type),
  /** lsns takes the number without its type. */
  namespace: (inode: number) => plain('lsns', String(checkedNumber(inode))),
  processNamespaces: (pid: number) => plain('ls', '-l', proc(pid, 'ns')),
  commandLine: (pid: number) => inBash(`tr '\\0' '\\n' < ${proc(pid, 'cmdline')}`),
  environment: (pid: number) => inBash(`tr '\\0' '\\n' < ${proc(pid, 'environ')}`),
  cgroups: (pid: number) => plain('cat', proc(pid, 'cgroup')),
  cgroupFiles: (folder: string) => plain('ls', '-l', folder),
  limit: (path: string) => plain('cat', path),
  identity: (pid: number) => plain('grep', '-E', '^(Name|State|Pid|PPid|NSpid|Uid|Gid|Threads):', proc(pid, 'status')),
  capabilities: (pid: number) => plain('grep', '^Cap', proc(pid, 'status')),
  decodeCapabilities: (mask: string) => plain('capsh', `--decode=${mask}`),
  running: (pid: number) => plain('head', '-v', proc(pid, 'io'), proc(pid, 'schedstat'), proc(pid, 'wchan')),
  resourceLimits: (pid: number) => plain('prlimit', '--pid', String(checkedNumber(pid))),
  memory: (pid: number) => plain('cat', proc(pid, 'smaps_rollup')),
  openFiles: (pid: number) => plain('ls', '-l', proc(pid, 'fd')),
  threads: (pid: number) => plain('ps', '-L', '-o', 'tid,stat,pcpu,wchan:24,comm', '-p', String(checkedNumber(pid))),
  privileges: (pid: number) =>
    plain('head', '-v', proc(pid, 'attr/current'), proc(pid, 'uid_map'), proc(pid, 'gid_map')),
  seccomp: (pid: number) => plain('grep', '-E', '^(NoNewPrivs|Seccomp)', proc(pid, 'status')),
  compare: (a: number, b: number) => inBash(`diff <(readlink ${proc(a, 'ns/*')}) <(readlink ${proc(b, 'ns/*')})`),
  /** Without a place: where docker looks by itself. */
  containers: (place?: EnginePlace) => plain(...(place ? clientArgv(place) : ['docker']), 'ps', '-a', '--no-trunc'),
  container: (place: EnginePlace, id: string) => plain(...clientArgv(place), 'inspect', id),
  containerStats: (place: EnginePlace, id: string) => plain(...clientArgv(place), 'stats', '--no-stream', id),
  containerDiff: (place: EnginePlace, id: string) => plain(...clientArgv(place), 'diff', id),
  mounts: (pid: number) => plain('findmnt', '--task', String(checkedNumber(pid))),
  containerTop: (place: EnginePlace, id: string) => plain(...clientArgv(place), 'top', id),
} as const;
