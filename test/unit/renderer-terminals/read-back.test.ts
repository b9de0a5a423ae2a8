import { describe, expect, it } from 'vitest';
import { insideNow, readBack } from '../../../renderer/app/dock/read-back.ts';
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from '../../../shared/model.ts';

type Namespaces = Record<NamespaceType, NamespaceId | null>;
const host = Object.fromEntries(NAMESPACE_TYPES.map((type, i) => [type, `${type}:[${i + 1}]`])) as Namespaces;
const inside = (changed: Partial<Namespaces>) => ({
  pid: 9,
  comm: 'bash',
  innerPid: 1,
  namespaces: { ...host, ...changed },
});

describe('readBack', () => {
  it('is nothing before the program has entered', () => {
    expect(readBack({ before: host, inside: null }, host)).toBeNull();
  });

  it('names what changed, in the order of the types, and counts the rest', () => {
    const changed = { user: 'user:[99]', mnt: 'mnt:[97]', pid: 'pid:[98]' } as const;
    expect(readBack({ before: host, inside: inside(changed) }, host)).toEqual({
      changed: [
        { type: 'mnt', id: 'mnt:[97]' },
        { type: 'pid', id: 'pid:[98]' },
        { type: 'user', id: 'user:[99]' },
      ],
      kept: ['uts', 'ipc', 'net', 'cgroup', 'time'].map((type) => ({
        type,
        id: host[type as NamespaceType],
        role: 'host',
      })),
      unread: [],
      rest: 'the other five are the host’s',
    });
  });

  it('does not call the rest the host’s when the start was not from there', () => {
    const before: Namespaces = { ...host, net: 'net:[50]' };
    const back = readBack({ before, inside: inside({ net: 'net:[50]', uts: 'uts:[9]' }) }, host);
    expect(back?.rest).toBe('the other seven are as before');
    expect(back?.kept.find(({ type }) => type === 'net')).toEqual({ type: 'net', id: 'net:[50]', role: 'shared' });
    expect(back?.kept.find(({ type }) => type === 'ipc')?.role).toBe('host');
  });

  it('says all eight when nothing changed, and one is', () => {
    expect(readBack({ before: host, inside: inside({}) }, host)?.rest).toBe('all eight are the host’s');
    const seven = Object.fromEntries(NAMESPACE_TYPES.slice(1).map((type) => [type, `${type}:[99]`]));
    expect(readBack({ before: host, inside: inside(seven) }, host)?.rest).toBe('the other one is the host’s');
  });

  it('counts what could not be read on either side as neither changed nor kept', () => {
    const before: Namespaces = { ...host, uts: null };
    const back = readBack({ before, inside: inside({ time: null, pid: 'pid:[9]' }) }, host);
    expect(back).toMatchObject({
      changed: [{ type: 'pid', id: 'pid:[9]' }],
      unread: ['uts', 'time'],
      rest: 'the other five are the host’s',
    });
  });

  it('has no rest when all changed', () => {
    const all = Object.fromEntries(NAMESPACE_TYPES.map((type) => [type, `${type}:[99]`]));
    expect(readBack({ before: host, inside: inside(all) }, host)?.rest).toBeNull();
  });
});

describe('the program inside, as it is now', () => {
  const then = { ...inside({}), key: '9@5' } as const;
  const links = { ...host, pid_for_children: host.pid, time_for_children: host.time };
  const process = { key: '9@5', comm: 'python3', nspid: [9, 3], namespaces: { ...links, net: 'net:[99]' } } as const;

  it('is what the last look found, which may be another program in other namespaces', () => {
    const now = insideNow(then, process);
    expect(now).toMatchObject({ pid: 9, comm: 'python3', innerPid: 3 });
    expect(readBack({ before: host, inside: now }, host)?.changed).toEqual([{ type: 'net', id: 'net:[99]' }]);
  });

  it('is what was read after its start, where no look has found it or another process has its pid', () => {
    expect(insideNow(then, undefined)).toBe(then);
    expect(insideNow(then, { ...process, key: '9@6' })).toBe(then);
  });
});
