import { describe, expect, it } from 'vitest';
import { matching, refText } from '../../../renderer/views/compare/subjects.ts';
import { Enter } from '../../../renderer/views/nsenter/enter.svelte.ts';
import { entryInto, targetChoices } from '../../../renderer/views/nsenter/namespace-choices.ts';
import { nsenterArgv } from '../../../shared/nsenter-argv.ts';
import type { NamespaceFact, NamespaceId } from '../../../shared/model.ts';
import { namespacesOf } from '../../../shared/namespaces.ts';
import { process, world } from './machine.ts';

const fact = (id: NamespaceId, more: Partial<NamespaceFact>): NamespaceFact => ({
  id,
  type: id.slice(0, id.indexOf(':')) as NamespaceFact['type'],
  inode: Number(/\d+/.exec(id)?.[0]),
  owner: 'unknown',
  parent: 'unknown',
  ownerUid: null,
  binds: [],
  fds: [],
  ...more,
});
const machine = world({
  processes: [
    process(1, 'systemd'),
    process(20, 'redis-server', { namespaces: { net: 'net:[70]' } }),
    process(21, 'holder'),
  ],
  namespaces: [
    fact('net:[71]', { binds: [{ path: '/run/netns/blue', pid: 1 }] }),
    fact('net:[72]', { sockets: [{ pid: 21, fd: 5 }] }),
    fact('net:[73]', { listed: true }),
  ],
});
const entry = (id: string) =>
  entryInto(
    machine,
    namespacesOf(machine).find((view) => view.id === id)!,
  );

describe('a namespace as a target', () => {
  it('is entered by a process in it, by a file, or by a socket', () => {
    expect(entry('net:[70]')).toEqual({ how: 'nsenter', only: 'net', target: 'process 20@20000' });
    expect(entry('net:[71]')).toEqual({ how: 'nsenter', only: 'net', file: '/run/netns/blue' });
    expect(entry('net:[72]')).toEqual({ how: 'nsenter', only: 'net', target: 'process 21@21000', socket: '5' });
    expect(entry('net:[73]')).toBeNull();
  });

  it('is not entered by what Porthole has sent in to look', () => {
    const look = { processes: [process(1, 'systemd'), process(5, 'porthole'), process(90, 'ip', { ppid: 5, namespaces: { net: 'net:[71]' } })] }; // prettier-ignore
    const looked = world({ ...machine, ...look });
    const view = namespacesOf(looked).find(({ id }) => id === 'net:[71]')!;
    expect(view.leader).toBe(90);
    expect(entryInto(looked, view)).toEqual({ how: 'nsenter', only: 'net', file: '/run/netns/blue' });
    expect(entryInto(world({ ...look }), { ...view, heldBy: [] })).toBeNull();
  });

  it('is found by its inode; one without a process stands before all processes, the host’s own nowhere', () => {
    const rows = targetChoices(machine).map(({ ref, note }) => `${refText(ref)}, ${note}`);
    expect(rows).toEqual([
      'host, the host',
      'namespace net:[71], no process',
      'namespace net:[72], no process',
      'process 1@1000, 1',
      'process 20@20000, 20',
      'process 21@21000, 21',
      'namespace net:[70], 1 process',
    ]);
    expect(matching(targetChoices(machine), '[70').map(({ more }) => more)).toEqual(['redis-server']);
  });

  it('opens the form with nothing else ticked', () => {
    const form = new Enter();
    form.openedWith(entry('net:[71]')!);
    expect(nsenterArgv(form.options)).toEqual(['nsenter', '--net=/run/netns/blue', 'sh']);
    form.openedWith(entry('net:[72]')!);
    expect(nsenterArgv(form.options)).toEqual(['nsenter', '--target', '21', '--net-socket=5', 'sh']);
  });
});
