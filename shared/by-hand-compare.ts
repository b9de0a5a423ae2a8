/** The same by hand: two processes side by side, section by section. Nothing but numbers and paths of cgroup files stand in it. */
import { byHand, type ByHand } from './by-hand.ts';
import type { Subject } from './compare.ts';
import { commandLine } from './text.ts';

export type ComparedSection =
  'namespaces' | 'limits' | 'capabilities' | 'seccomp' | 'environment' | 'mounts' | 'network';

type Compared = Pick<Subject, 'process' | 'detail'>;

/** Process substitution needs a shell; pids are numbers, so there is nothing to quote. */
const difference = (a: number, b: number, command: (pid: number) => string): ByHand => {
  for (const pid of [a, b]) if (!Number.isSafeInteger(pid) || pid < 1) throw new RangeError(`${pid} is not a pid`);
  const text = `diff <(${command(a)}) <(${command(b)})`;
  return { argv: ['bash', '-c', text], text };
};

/** Complete and runnable. Limits stand in files of several cgroups; where none is known, in which cgroups the two are. */
export const compareByHand = (section: ComparedSection, a: Compared, b: Compared): ByHand => {
  const [pidA, pidB] = [a.process.pid, b.process.pid];
  switch (section) {
    case 'namespaces':
      return byHand.compare(pidA, pidB);
    case 'limits': {
      const paths = [...new Set([a, b].flatMap(({ detail }) => detail?.limits.map(({ path }) => path) ?? []))];
      if (paths.length === 0) return difference(pidA, pidB, (pid) => `cat /proc/${pid}/cgroup`);
      const argv = ['grep', '-H', '.', ...paths];
      return { argv, text: commandLine(argv) };
    }
    case 'capabilities':
      return difference(pidA, pidB, (pid) => `grep ^Cap /proc/${pid}/status`);
    case 'seccomp':
      return difference(pidA, pidB, (pid) => `grep -E '^(NoNewPrivs|Seccomp)' /proc/${pid}/status`);
    case 'environment':
      return difference(pidA, pidB, (pid) => `tr '\\0' '\\n' < /proc/${pid}/environ | sort`);
    case 'mounts':
      return difference(pidA, pidB, (pid) => `findmnt -l -n -o TARGET,FSTYPE,SOURCE,MAJ:MIN,OPTIONS -N ${pid} | sort`);
    case 'network':
      return difference(
        pidA,
        pidB,
        (pid) => `nsenter -t ${pid} --net sh -c 'ip -brief address; ip route; ip -6 route; ss -Hltun'`,
      );
  }
};
