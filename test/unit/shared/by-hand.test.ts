import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { byHand } from '../../../shared/by-hand.ts';

const PODMAN = { kind: 'podman', address: 'unix:///run/podman.sock', source: 'default socket' } as const;

/** Without what changes from one reading of a living process to the next: its state and its memory. */
const steady = (status: string): string => status.replace(/^(State|Vm\w+|Rss\w+|Threads|\w*ctxt_switches):.*$/gm, '$1');

describe('the same by hand', () => {
  it.each([
    [byHand.processTree(7834), 'pstree -T -c -p -A 7834'],
    [byHand.processTree(7834, true), 'pstree -t -c -p -A 7834'],
    [byHand.processNamespaces(7834), 'ls -l /proc/7834/ns'],
    [byHand.environment(7834), "tr '\\0' '\\n' < /proc/7834/environ"],
    [byHand.cgroups(7834), 'cat /proc/7834/cgroup'],
    [byHand.capabilities(7834), "grep '^Cap' /proc/7834/status"],
    [byHand.compare(7834, 7991), 'diff <(readlink /proc/7834/ns/*) <(readlink /proc/7991/ns/*)'],
    [byHand.containers(), 'docker ps -a --no-trunc'],
    [byHand.container(PODMAN, 'abc'), 'podman inspect abc'],
    [
      byHand.containerTop({ ...PODMAN, source: 'rootless socket' }, 'abc'),
      'podman --url unix:///run/podman.sock top abc',
    ],
    [
      byHand.containers({ ...PODMAN, kind: 'docker', source: 'docker context far' }),
      'docker -H unix:///run/podman.sock ps -a --no-trunc',
    ],
    [byHand.limit('/sys/fs/cgroup/a b;c/memory.max'), "cat '/sys/fs/cgroup/a b;c/memory.max'"],
  ])('%#: $text', ({ text }, expected) => {
    expect(text).toBe(expected);
  });

  it.each([
    ['namespaces', byHand.processNamespaces(process.pid), 'net ->'],
    ['environment', byHand.environment(process.pid), 'PATH='],
    ['command line', byHand.commandLine(process.pid), 'node'],
    ['identity', byHand.identity(process.pid), `Pid:\t${process.pid}`],
    ['seccomp', byHand.seccomp(process.pid), 'Seccomp:'],
    ['compare with itself', byHand.compare(process.pid, process.pid), ''],
  ])('runs as it stands, by its argv and as typed: %s', (_, { argv, text }, expected) => {
    const [program, ...args] = argv;
    const ran = (file: string, argv: string[]) => steady(execFileSync(file, argv, { encoding: 'utf8' }));
    const output = ran(program!, args);
    expect(output).toContain(expected);
    expect(ran('bash', ['-c', text])).toBe(output);
  });

  it('takes no pid that is none', () => {
    for (const pid of [0, -1, 1.5, Number.NaN]) expect(() => byHand.cgroups(pid)).toThrow(RangeError);
  });
});
