import { describe, expect, it } from 'vitest';
import { cgroupName, cgroupRows } from '../../../renderer/app/inspector/cgroup-rows.ts';
import { entryCount, environmentRows } from '../../../renderer/app/inspector/environment-rows.ts';
import { cgroupCpuPercent, changedBy, limitView } from '../../../renderer/app/inspector/limit-words.ts';
import { childrensNamespaces, namespaceRows, roleSummary } from '../../../renderer/app/inspector/namespace-rows.ts';
import { relationWords } from '../../../renderer/app/inspector/namespace-words.ts';
import { portsInWords } from '../../../renderer/app/inspector/ports.ts';
import { aDetail, aLimit, aProcess, aWorld } from '../shared/world.ts';

describe('limits', () => {
  const memory = (used: number) => ({ ...aLimit('memory', 64 * 1024 ** 2), used: { ok: true, value: used } as const });

  it('warn from 80 and 95 percent of memory, in the unit of the limit', () => {
    expect(limitView(memory(43_200_000), null)).toMatchObject({ used: '41.2', of: 'of 64 MiB', severity: 'calm' });
    expect(limitView(memory(0.8 * 64 * 1024 ** 2), null).severity).toBe('warn');
    expect(limitView(memory(0.95 * 64 * 1024 ** 2), null).severity).toBe('danger');
  });

  it('never warn of a CPU that is used up', () => {
    expect(limitView(aLimit('cpu', 0.5), 50)).toMatchObject({
      used: '50.0',
      of: 'of 50 %',
      share: 1,
      severity: 'calm',
    });
  });

  it('tell no limit and not readable apart', () => {
    expect(limitView(aLimit('pids', 'max'), null)).toMatchObject({ of: 'no limit', share: null });
    const denied = { ok: false, why: 'denied', call: 'open', errno: 'EACCES' } as const;
    expect(limitView({ ...aLimit('pids', 1), limit: denied }, null)).toMatchObject({ of: null, share: null });
  });

  it('make up no use that is not known', () => {
    expect(limitView(aLimit('memory', 1024), null)).toMatchObject({ used: null, share: null });
    expect(limitView(aLimit('cpu', 1), null).used).toBeNull();
  });

  it('name the CPUs of a cpuset, and are changed where it is written', () => {
    const set = { ...aLimit('cpu', 2), file: 'cpuset.cpus.effective', path: '/c/cpuset.cpus.effective', cpus: '0-1' };
    expect(limitView(set, null).of).toBe('of 200 % (CPU 0-1)');
    expect(changedBy(set)).toBe('/c/cpuset.cpus');
    expect(changedBy({ file: 'memory.max', path: '/c/memory.max' })).toBe('/c/memory.max');
    expect(changedBy({ file: 'memory.stat', path: '/c/memory.stat' })).toBeNull();
  });

  it('count the CPU of all processes of the cgroup', () => {
    const cgroups = [{ hierarchy: 0, controllers: [], path: '/a' }];
    const [one, two, other] = [aProcess({ pid: 1, cgroups }), aProcess({ pid: 2, cgroups }), aProcess({ pid: 3 })];
    const cpu = new Map([one, two, other].map(({ key }) => [key, 20] as const));
    expect(cgroupCpuPercent(one!, [one!, two!, other!], cpu)).toBe(40);
    expect(cgroupCpuPercent(one!, [one!], new Map())).toBeNull();
  });
});

describe('cgroups', () => {
  const id = 'ab'.repeat(32);
  const v1 = (hierarchy: number, controllers: string[], path: string) => ({ hierarchy, controllers, path });

  it('share a row where hierarchies have one path, v2 first', () => {
    expect(cgroupRows([v1(4, ['memory'], '/x'), v1(3, ['cpu', 'cpuacct'], '/x'), v1(0, [], '/')])).toEqual([
      { name: 'v2', path: '/' },
      { name: 'memory  cpu,cpuacct', path: '/x' },
    ]);
  });

  it('are called by the last part of the path, IDs shortened', () => {
    expect(cgroupName([v1(0, [], `/system.slice/docker-${id}.scope`)])).toBe('docker-abababababab….scope');
    expect(cgroupName([v1(0, [], '/')])).toBe('/');
    expect(cgroupName([])).toBe('/');
  });
});

describe('namespaces', () => {
  it('are summed up by role', () => {
    const process = aProcess({ pid: 9, ns: { mnt: 1, net: 2 } });
    const world = aWorld([aProcess({ pid: 1 }), process, aProcess({ pid: 10, ns: { net: 2 } })]);
    const rows = namespaceRows(world, process, aDetail(process));
    expect(rows.map(({ role }) => role)).toEqual(['own', 'host', 'host', 'shared', 'host', 'host', 'host', 'host']);
    expect(roleSummary(rows)).toBe('1 own, 1 shared, 6 host');
  });

  it('keep the row of one that could not be read, with the reason', () => {
    const process = aProcess({ pid: 9, ns: { net: null } });
    const row = namespaceRows(aWorld([process]), process, aDetail(process)).find(({ type }) => type === 'net');
    expect(row).toMatchObject({ id: null, role: 'unread', failure: { why: 'denied', errno: 'EACCES' } });
  });

  it('tell where children will be born only if that is elsewhere', () => {
    expect(childrensNamespaces(aProcess({ pid: 9, ns: { pid_for_children: 7 } }))).toEqual(['pid:[7]']);
    expect(childrensNamespaces(aProcess({ pid: 9 }))).toEqual([]);
  });

  it('say why there is no parent', () => {
    expect(relationWords('none', 'parent', 'net')).toBe('net has no hierarchy');
    expect(relationWords('none', 'parent', 'pid')).toBe('none: the initial one');
    expect(relationWords('user:[1]', 'owner', 'net')).toBeNull();
  });
});

it('counts what a renamed program left of its environment instead of drawing it', () => {
  const blank = { name: '', value: null };
  const home = { name: 'HOME', value: '/' };
  const rows = environmentRows([blank, blank, home, { name: '', value: 'x' }, blank]);
  expect(rows.map((row) => (row.kind === 'blank' ? row.count : row.entry.name))).toEqual([2, 'HOME', '', 1]);
  expect(entryCount([blank, home])).toBe(1);
});

it('writes ports as they lead from outside to inside, each once', () => {
  const port = { hostPort: 8080, port: 80, protocol: 'tcp' };
  expect(
    portsInWords([
      { ...port, host: '0.0.0.0' },
      { ...port, host: '::' },
      { ...port, host: '::1' },
      { host: null, hostPort: null, port: 6379, protocol: 'tcp' },
    ]),
  ).toEqual([':8080 → 80/tcp', '[::1]:8080 → 80/tcp', '6379/tcp']);
});
