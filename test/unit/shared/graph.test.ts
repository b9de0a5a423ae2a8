import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CARDS_AT_MOST } from '../../../shared/graph-cards.ts';
import { ownershipOf, RELATIONS_AT_MOST } from '../../../shared/graph-relations.ts';
import { graphOf, hostEdges, type Graph } from '../../../shared/graph.ts';
import { NAMESPACE_TYPES, type NamespaceFact, type NamespaceId, type World } from '../../../shared/model.ts';
import { namespaceRows } from '../../../shared/namespace-rows.ts';
import { namespacesOf } from '../../../shared/namespaces.ts';
import { worldOf } from './any-world.ts';
import { aContainer, aProcess, aWorld, hostNamespace } from './world.ts';

const graph = (world: World, opened?: ReadonlySet<string>): Graph => {
  const views = namespacesOf(world);
  return graphOf(world, namespaceRows(world, views), views, opened);
};
const fact = (id: NamespaceId, given: Partial<NamespaceFact>): NamespaceFact => ({
  id,
  type: id.split(':')[0] as NamespaceFact['type'],
  inode: Number(/\d+/.exec(id)?.[0]),
  ...{ owner: 'unknown', parent: 'none', ownerUid: null, binds: [], fds: [] },
  ...given,
});

const world = aWorld(
  [
    aProcess({ pid: 1, comm: 'systemd' }),
    aProcess({ pid: 30, comm: 'redis', container: 'db', ns: { mnt: 31, net: 9 } }),
    aProcess({ pid: 40, comm: 'nginx', container: 'web', ns: { mnt: 41, net: 9 } }),
    aProcess({ pid: 50, comm: 'bash', tty: 'pts/1', user: 'mara', ns: { user: 52, pid: 53 } }),
    aProcess({ pid: 60, comm: 'udevd', ns: { mnt: 61 } }),
    aProcess({ pid: 61, comm: 'logind', ns: { mnt: 62, uts: 63 } }),
  ],
  {
    containers: [aContainer('db', { name: 'db', pid: 30 }), aContainer('web', { name: 'web', pid: 40 })],
    namespaces: [fact('net:[80]', { binds: [{ path: '/run/netns/blue', pid: 1 }] })],
  },
);

describe('the graph', () => {
  it('has a card for each container and shell, one for all host services, and one for what no process is in', () => {
    expect(graph(world).cards.map(({ kind, name, detail }) => `${kind}: ${name} | ${detail}`)).toEqual([
      'container: db | redis 30',
      'container: web | nginx 40',
      'shell: bash | pid 50, mara',
      'held: /run/netns/blue | bind mount, no process',
      'service: 2 host services | udevd, logind',
    ]);
    expect(graph(world).host).toMatchObject({ name: 'atlas', detail: 'the host, 1 process' });
  });

  it('sets shared ones, those of shells and those without a process between, and pins the rest', () => {
    const { chips, cards } = graph(world);
    expect(chips.map(({ id, role, cards }) => [id, role, cards])).toEqual([
      ['net:[9]', 'shared', ['container db', 'container web']],
      ['net:[80]', 'own', ['held net:[80]']],
      ['pid:[53]', 'own', ['process 50@50']],
      ['user:[52]', 'own', ['process 50@50']],
    ]);
    const pins = (key: string) => cards.find((card) => card.key === key)?.pins.map(({ id, role }) => `${role} ${id}`);
    expect(pins('container db')?.[0]).toBe('own mnt:[31]');
    expect(pins('container db')).not.toContain('shared net:[9]');
    expect(pins('services')).toEqual(['own mnt:[61]', 'own mnt:[62]', 'own uts:[63]']);
  });

  it('counts every line to the host, and draws only those that a container mostly has not', () => {
    const hosts = hostEdges(graph(world));
    expect(hosts.filter(({ card }) => card === 'container db').map(({ type, unusual }) => [type, unusual])).toEqual([
      ['uts', true],
      ['ipc', true],
      ['pid', true],
      ['user', false],
      ['cgroup', false],
      ['time', false],
    ]);
    expect(hosts.filter(({ card, unusual }) => card === 'process 50@50' && unusual)).toEqual([]);
    expect(hosts.some(({ card }) => card.startsWith('held'))).toBe(false);
  });

  it('hangs no pin where a line is drawn always', () => {
    const db = graph(world).cards.find(({ key }) => key === 'container db')!;
    expect(db.pins.filter(({ role }) => role === 'host').map(({ type }) => type)).toEqual(['user', 'cgroup', 'time']);
  });

  it('says what could not be read, and never calls it the host’s', () => {
    const closed = aWorld([aProcess({ pid: 1 }), aProcess({ pid: 5, container: 'c', ns: { net: null, mnt: 7 } })]);
    const [card] = graph(closed).cards;
    expect(card!.pins.find(({ type }) => type === 'net')).toEqual({ id: null, type: 'net', role: 'unread' });
    expect(card!.host).not.toContain('net');
  });

  it('does not say that no process is in it where some could not be read, and shows the end of a long path', () => {
    const bound = [fact('net:[80]', { binds: [{ path: '/var/run/docker/netns/0123456789ab', pid: 1 }] })];
    const held = (net: number | null) =>
      graph(aWorld([aProcess({ pid: 1 }), aProcess({ pid: 2, ns: { net } })], { namespaces: bound })).cards.find(
        ({ kind }) => kind === 'held',
      );
    expect(held(7)?.detail).toBe('bind mount, no process');
    expect(held(null)?.detail).toBe('bind mount, no process seen');
    expect(held(7)?.name).toBe('…etns/0123456789ab');
  });

  it('gathers what shares nothing when there is much, and shows each again when asked', () => {
    const many = aWorld([
      aProcess({ pid: 1 }),
      ...Array.from({ length: 200 }, (_, n) =>
        aProcess({ pid: n + 10, container: `c${n}`, ns: { mnt: 1000 + n, net: n < 2 ? 5 : 2000 + n } }),
      ),
    ]);
    const { cards } = graph(many);
    expect(cards.map(({ name, opens }) => [name, opens])).toEqual([
      ['c0', false],
      ['c1', false],
      ['198 containers', true],
    ]);
    expect(graph(many, new Set([cards[2]!.key])).cards).toHaveLength(200);
  });

  it('shows each host service when asked', () => {
    const many = aWorld([
      aProcess({ pid: 1 }),
      ...Array.from({ length: 300 }, (_, n) => aProcess({ pid: n + 10, comm: `s${n}`, ns: { net: 2000 + n } })),
    ]);
    const [services] = graph(many).cards;
    expect([services!.name, services!.opens, services!.key]).toEqual(['300 host services', true, 'services']);
    expect(graph(many, new Set(['services'])).cards.map(({ name }) => name)).toHaveLength(300);
  });

  it('shows every namespace of every row, once as a chip or below the cards it belongs to', () => {
    fc.assert(
      fc.property(worldOf, (any) => {
        const views = namespacesOf(any);
        const { cards, chips } = graphOf(any, namespaceRows(any, views), views);
        expect(new Set(cards.map(({ key }) => key)).size).toBe(cards.length);
        const loose = new Set<string>(chips.map(({ id }) => id));
        for (const { own, pins, morePins } of cards) {
          const here = own.filter((id) => !loose.has(id));
          expect(pins.filter(({ role }) => role === 'own' || role === 'shared').length).toBeLessThanOrEqual(
            here.length,
          );
          if (morePins === 0) for (const id of here) expect(pins.map((pin) => pin.id)).toContain(id);
        }
        const keys = new Set(cards.map(({ key }) => key));
        for (const chip of chips) for (const key of chip.cards) expect(keys).toContain(key);
        for (const { namespaces } of namespaceRows(any, views).filter(({ kind }) => kind !== 'host')) {
          for (const type of NAMESPACE_TYPES) {
            const id = namespaces[type];
            if (id === 'none' || id === 'unread' || id === any.host.namespaces[type]) continue;
            expect(cards.some(({ own }) => own.includes(id))).toBe(true);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is a bundle above so many cards only', () => expect(CARDS_AT_MOST).toBeGreaterThan(50));
});

describe('ownership of the selection', () => {
  const owned = namespacesOf(
    aWorld([aProcess({ pid: 1 }), aProcess({ pid: 9, ns: { user: 52, mnt: 54, pid: 53 } })], {
      namespaces: [
        fact('user:[52]', { parent: hostNamespace('user'), owner: hostNamespace('user') }),
        fact('mnt:[54]', { owner: 'user:[52]' }),
        fact('pid:[53]', { owner: 'user:[52]', parent: hostNamespace('pid') }),
        fact('user:[70]', { parent: 'not-allowed', owner: 'not-allowed' }),
        fact('user:[71]', { parent: 'none', owner: 'none' }),
      ],
    }),
  );

  it('is its parent and what it owns; a parent that owns is one line', () => {
    expect(ownershipOf(owned, ['user:[52]']).relations).toEqual([
      { from: 'user:[52]', to: 'mnt:[54]', kind: 'owns' },
      { from: 'user:[52]', to: 'pid:[53]', kind: 'owns' },
      { from: hostNamespace('user'), to: 'user:[52]', kind: 'parent of' },
    ]);
  });

  it('tells a parent that may not be seen from none', () => {
    expect(ownershipOf(owned, ['user:[70]']).untold).toEqual([
      'parent of user:[70]: outside of what this session may see (EPERM)',
      'owner of user:[70]: outside of what this session may see (EPERM)',
    ]);
    expect(ownershipOf(owned, ['user:[71]'])).toEqual({ relations: [], more: 0, untold: [] });
  });

  it('counts instead of drawing what nobody could follow', () => {
    const many = namespacesOf(
      aWorld([aProcess({ pid: 1 })], {
        namespaces: Array.from({ length: RELATIONS_AT_MOST + 1 }, (_, n) =>
          fact(`net:[${n + 1}]`, { owner: 'user:[7]' }),
        ),
      }),
    );
    expect(ownershipOf(many, ['user:[7]'])).toMatchObject({ relations: [], more: RELATIONS_AT_MOST + 1 });
  });
});
