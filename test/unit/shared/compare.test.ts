import { describe, expect, it } from 'vitest';
import { compare, type Subject } from '../../../shared/compare.ts';
import { aContainer, aDetail, aLimit, aProcess, aWorld } from './world.ts';

const { host } = aWorld([]);
type Ns = NonNullable<Parameters<typeof aProcess>[0]['ns']>;

const subject = (label: string, pid: number, ns: Ns, detail: Parameters<typeof aDetail>[1] = {}): Subject => {
  const process = aProcess({ pid, ns, container: label });
  return { kind: 'container', label, process, container: aContainer(label), detail: aDetail(process, detail) };
};
const own = (base: number, more: Ns = {}): Ns => ({
  mnt: base,
  uts: base + 1,
  ipc: base + 2,
  net: base + 3,
  pid: base + 4,
  cgroup: base + 5,
  ...more,
});
const theHost: Subject = {
  ...subject('atlas', 1, {}, { bounding: '000001ffffffffff', status: { seccomp: 0, seccompFilters: 0 } }),
  kind: 'host',
  container: null,
};
const said = (a: Subject, b: Subject) => {
  const { verdict, explanation } = compare(a, b, host.namespaces);
  return [verdict, explanation];
};

describe('the verdict', () => {
  const db = subject('db', 10, own(100));

  it('of a container in another one’s network', () => {
    expect(said(db, subject('web', 20, own(200, { net: 103 })))).toEqual([
      'They share net and nothing else.',
      'mnt, uts, ipc, pid and cgroup are their own; user and time are the host’s for both.',
    ]);
  });

  it('goes on with what one may that the other may not', () => {
    const limited = subject('db', 10, own(100), { limits: [aLimit('memory', 64 << 20), aLimit('cpu', 1)] });
    const free = subject('web', 20, own(200, { net: 103 }), {
      bounding: '00000000a80435fb',
      limits: [aLimit('memory', 'max'), aLimit('cpu', 1)],
    });
    expect(said(limited, free)[0]).toBe('They share net and nothing else. web adds NET_ADMIN and has no memory limit.');
    expect(said(free, limited)[0]).toBe('They share net and nothing else. web adds NET_ADMIN and has no memory limit.');
  });

  it('of two ordinary containers', () => {
    expect(said(db, subject('web', 20, own(200)))[0]).toBe('They share nothing.');
  });

  it('of two processes of one container', () => {
    expect(said(db, subject('db', 11, own(100)))[0]).toBe(
      'They share every namespace that is not the host’s: mnt, uts, ipc, net, pid and cgroup.',
    );
  });

  it('of a subject with itself', () => {
    expect(said(db, db)[0]).toBe('They are the same process.');
  });

  it('of a container and the host, either way round', () => {
    const words = 'db uses the host’s user and time and nothing else of it.';
    const more = 'atlas adds 27 capabilities and has no seccomp filter.';
    expect(said(db, theHost)[0]).toBe(`${words} ${more}`);
    expect(said(theHost, db)).toEqual([
      `${words} ${more}`,
      'mnt, uts, ipc, net, pid and cgroup are db’s own; user and time are the host’s for both.',
    ]);
  });

  it('of a process that stayed in the host’s namespaces', () => {
    expect(said(theHost, subject('sshd', 5, {}))[0]).toMatch(/^sshd is in the host’s namespaces, all eight\./);
    expect(said(subject('cron', 4, {}), subject('sshd', 5, {}))[0]).toBe(
      'Both are in the host’s namespaces, all eight.',
    );
    expect(said(db, subject('sshd', 5, {}))).toEqual([
      'They share nothing.',
      'mnt, uts, ipc, net, pid and cgroup are db’s own, the host’s for sshd; user and time are the host’s for both.',
    ]);
  });

  it('claims nothing of a namespace that could not be read', () => {
    const closed = subject('web', 20, own(200, { net: 103, pid: null, ipc: null }));
    expect(said(db, closed)).toEqual([
      'They share net; ipc and pid could not be compared.',
      'mnt, uts and cgroup are their own; user and time are the host’s for both; ipc and pid are not readable for web.',
    ]);
    const dark = subject('x', 30, {
      ...own(1),
      mnt: null,
      uts: null,
      ipc: null,
      net: null,
      pid: null,
      cgroup: null,
      user: null,
      time: null,
    });
    expect(said(db, dark)[0]).toBe('Their namespaces could not be compared.');
    expect(said(db, dark)[1]).toBe('mnt, uts, ipc, net, pid, user, cgroup and time are not readable for x.');
  });

  it('makes hostile names visible', () => {
    const hostile = subject('a\u001b[2Jb', 20, own(200), { bounding: '00000000a80435fb' });
    expect(said(db, hostile)[0]).toBe('They share nothing. a\\e[2Jb adds NET_ADMIN.');
  });
});

describe('the rows', () => {
  const environ = (...pairs: [string, string][]) => ({
    ok: true as const,
    value: pairs.map(([name, value]) => ({ name, value })),
  });
  const a = subject('a', 10, own(100), {
    environ: environ(['PATH', '/bin'], ['ONLY_A', '1']),
    limits: [aLimit('cpu', 1)],
  });
  const b = subject('b', 20, own(200), { environ: environ(['PATH', '/bin'], ['ONLY_B', '2']) });

  it('hold every namespace type, whether it is the same and whether it is the host’s', () => {
    const { namespaces } = compare(a, b, host.namespaces);
    expect(namespaces.map(({ type, same, host: both }) => `${type} ${same} ${both}`)).toEqual([
      'mnt false false',
      'uts false false',
      'ipc false false',
      'net false false',
      'pid false false',
      'user true true',
      'cgroup false false',
      'time true true',
    ]);
  });

  it('hold each variable of either side', () => {
    const { environment } = compare(a, b, host.namespaces);
    expect(environment.map(({ name, a: left, b: right, same }) => [name, left, right, same])).toEqual([
      ['ONLY_A', '1', null, false],
      ['ONLY_B', null, '2', false],
      ['PATH', '/bin', '/bin', true],
    ]);
  });

  it('do not take an unreadable environment for an empty one', () => {
    const closed = subject('b', 20, own(200), { environ: { ok: false, why: 'denied', call: 'open', errno: 'EACCES' } });
    const { environment } = compare(a, closed, host.namespaces);
    expect(environment.every(({ same, bRead }) => same === null && !bRead)).toBe(true);
  });

  it('do not take what a process has written over for what it never had', () => {
    const renamed = subject('b', 20, own(200), { environ: { ok: true, value: [{ name: '', value: null }] } });
    const { environment } = compare(a, renamed, host.namespaces);
    expect(environment.map(({ name, bRead, same }) => [name, bRead, same])).toEqual([
      ['ONLY_A', false, null],
      ['PATH', false, null],
    ]);
  });

  it('do not take a missing limit file for a limit or for none', () => {
    expect(compare(a, b, host.namespaces).limits).toMatchObject([{ resource: 'cpu', b: null, same: null }]);
  });

  it('are left out where a process ended before it could be asked', () => {
    const gone = { ...b, detail: null };
    const { limits, capabilities, seccomp, environment } = compare(a, gone, host.namespaces);
    expect([limits, capabilities, seccomp, environment]).toEqual([[], [], [], []]);
  });

  it('name the capabilities that only one side has', () => {
    const more = subject('b', 20, own(200), { bounding: '00000000a80435fb' });
    const bounding = compare(a, more, host.namespaces).capabilities.find(({ set }) => set === 'bounding');
    expect(bounding).toMatchObject({ same: false, onlyA: [], onlyB: ['NET_ADMIN'] });
  });
});
