/** porthole ns TYPE:[INODE]: what is inside one namespace. */
import {
  MOST_ROWS,
  type Inside,
  type Learned,
  type ListeningSocket,
  type MntInside,
  type NetInside,
  type Route,
} from '../../shared/inside.ts';
import {
  mapWords,
  nobodyWords,
  offsetWords,
  pidDepth,
  socketWhere,
  stateWords,
  sysvWords,
} from '../../shared/inside-words.ts';
import { areFirstRules, isOwnAddress, routeTables, routeWords } from '../../shared/route-words.ts';
import { readerFor, whoBy, whoWords } from '../../shared/enter-who.ts';
import { mayEnter, readerOf, type MayEnter } from '../../shared/may-enter.ts';
import { enterWords, type EnterWho } from '../../shared/may-enter-words.ts';
import type { IdMap, NamespaceId, World } from '../../shared/model.ts';
import { mountTree, overlayLayers, propagationWords, type MountNode } from '../../shared/mounts.ts';
import { namespacesOf } from '../../shared/namespaces.ts';
import { visible } from '../../shared/text.ts';
import { readUsers } from '../host/collect/host.ts';
import { readInside } from '../host/collect/inside.ts';
import { LinuxKernel } from '../host/read/kernel.ts';
import { Failure } from './fault.ts';
import type { Look } from './look.ts';
import { holderInWords } from './ns-held.ts';
import { print, printJson, table, type Column } from './print.ts';

/** Throws a {@link PortholeError} `not-found` if there is no such namespace. */
export const printInside = async (look: Look, id: NamespaceId, as: string | null, json: boolean): Promise<void> => {
  const { world } = look;
  const inside = await readInside(new LinuxKernel(), world, id);
  const namespace = namespacesOf(world).find((view) => view.id === id) ?? null;
  const facts = new Map(world.namespaces.map((fact) => [fact.id, fact]));
  const enter = as === null ? enterAs(mayEnter(readerOf(world), id, facts), id) : enterBy(look, id, facts, as);
  if (json) return printJson({ ...inside, namespace, enter });
  const held = namespace === null ? [] : namespace.heldBy.map((holder) => `${visible(holderInWords(holder))}\n`);
  await print(
    [
      ...blocksOf(world, id, inside.inside),
      `HELD BY\n${held.length === 0 ? 'nothing that can be seen\n' : held.join('')}`,
      ...(namespace === null
        ? []
        : [`OWNER AND PARENT\n${line('owner', namespace.owner)}${line('parent', namespace.parent)}`]),
      `MAY BE ENTERED\n${visible(enter.words)}\n`,
    ].join('\n'),
  );
};

const enterAs = (may: MayEnter, id: NamespaceId, who?: EnterWho) => ({
  can: may.can,
  words: enterWords(may, id, who).sentence,
});

const enterBy = ({ world, detail }: Look, id: NamespaceId, facts: Parameters<typeof mayEnter>[2], as: string) => {
  const who = whoBy(as, world, readUsers(new LinuxKernel()));
  if (who === null) throw new Failure(`no process and no user "${visible(as)}"; give a PID, a user's name or uid:N`);
  const status = who.kind === 'process' ? detail(who.process)?.status : null;
  if (status === undefined || status?.ok === false) throw new Failure(`process ${as} ended, or is closed to this user`);
  return enterAs(
    mayEnter(readerFor(who, world, status?.value.capabilities.effective ?? ''), id, facts),
    id,
    whoWords(who),
  );
};

const section = <T>(title: string, told: Learned<T>, text: (value: T) => string): string => {
  const words = told.ok ? text(told.value) : `not readable: ${visible(told.words)}\n`;
  return `${title}\n${words === '' ? 'none\n' : words}`;
};
const line = (name: string, value: string): string => `${name.padEnd(12)}${visible(value)}\n`;

const blocksOf = (world: World, id: NamespaceId, inside: Inside): string[] => {
  switch (inside.type) {
    case 'net':
      return netBlocks(world, inside);
    case 'mnt':
      return [
        section(mountsTitle(inside), inside.mounts, (mounts) => table(mountTree(mounts), MOUNT_COLUMNS)),
        ...(inside.left > 0 ? [`${inside.left} more than ${MOST_ROWS} are not shown\n`] : []),
      ];
    case 'uts':
      return [
        section('NAMES', inside.names, ({ hostname, domainname, release }) =>
          [line('hostname', hostname), line('domainname', domainname), line('release', release)].join(''),
        ),
      ];
    case 'ipc':
      return [
        ...(['shm', 'sem', 'msg'] as const).map((kind) =>
          section(kind.toUpperCase(), inside[kind], (objects) => `${sysvWords(kind, objects)}\n`),
        ),
        section('POSIX QUEUES', inside.queues, (queues) =>
          queues
            .map(({ name, bytes }) => line(`/${name}`, bytes === null ? 'not readable' : `${bytes} bytes`))
            .join(''),
        ),
        `LIMITS\n${inside.limits.map(({ file, value }) => `${file.padEnd(24)}${visible(value.replaceAll('\t', ' '))}\n`).join('')}`,
      ];
    case 'pid': {
      const depth = pidDepth(world, id);
      return [
        line('depth', depth === null ? 'not known' : String(depth.depth)),
        section('PID_MAX', inside.pidMax, (max) => `${max}\n`),
        section('GIVEN LAST, to the process that asked', inside.lastPid, (last) => `${last}\n`),
      ];
    }
    case 'user': {
      const map = (ranges: readonly IdMap[]): string =>
        ranges.map((range) => `${mapWords(range, inside.outside)}\n`).join('');
      return [
        section('USERS', inside.uidMap, map),
        section('GROUPS', inside.gidMap, map),
        section('SETGROUPS', inside.setgroups, (word) => `${visible(word)}\n`),
      ];
    }
    case 'cgroup':
      return [
        section('ROOTS', inside.roots, (roots) =>
          table(roots, [
            { title: 'CONTROLLERS', cell: ({ controllers }) => controllers },
            { title: 'ROOT', cell: ({ root }) => root ?? 'outside of what its oldest member can name' },
          ]),
        ),
      ];
    case 'time':
      return [
        section('CLOCKS', inside.offsets, ({ monotonicNanos, boottimeNanos }) =>
          [line('monotonic', offsetWords(monotonicNanos)), line('boottime', offsetWords(boottimeNanos))].join(''),
        ),
      ];
  }
};

type Routing = Pick<NetInside, 'routes' | 'routesLeft' | 'routesPartly' | 'rules'>;

const mountsTitle = ({ pid, tid, root }: MntInside): string => {
  if (pid === null) return 'MOUNTS as one sees them who enters';
  const who = tid === undefined ? `process ${pid} sees them` : `thread ${tid} of ${pid} sees them`;
  return `MOUNTS as ${who}${root === undefined ? '' : `, below its root ${visible(root)}`}`;
};

const netBlocks = (world: World, { interfaces, partly, loose, sockets, ...routing }: NetInside): string[] => [
  section('INTERFACES', interfaces, (all) =>
    table(all, [
      { title: 'INDEX', align: 'right', cell: ({ ifindex }) => ifindex?.toString() ?? '?' },
      { title: 'NAME', cell: ({ name }) => name },
      { title: 'KIND', cell: ({ kind }) => kind ?? '?' },
      { title: 'STATE', cell: (one) => stateWords(one) ?? '?' },
      { title: 'MTU', align: 'right', cell: ({ mtuBytes }) => mtuBytes?.toString() ?? '?' },
      { title: 'MAC', cell: ({ mac, state }) => mac ?? (state === null ? '?' : '') },
      { title: 'RX', align: 'right', cell: ({ rxBytes }) => rxBytes?.toString() ?? '?' },
      { title: 'TX', align: 'right', cell: ({ txBytes }) => txBytes?.toString() ?? '?' },
      { title: 'ADDRESSES', cell: ({ addresses }) => addresses.map((one) => `${one.address}/${one.prefix}`).join(',') },
      { title: 'OTHER END', cell: ({ peer }) => (peer === null ? '' : `${peer.ifindex} in ${peer.namespace ?? '?'}`) },
    ]),
  ),
  ...(partly === null || !interfaces.ok
    ? []
    : [`? is not known: ${visible(partly.words)}\n${loose.length === 0 ? '' : line('IPv4', loose.join(','))}`]),
  section('LISTENING', sockets, (all) =>
    table(all.listening, [
      { title: 'PROTO', cell: ({ protocol }) => protocol },
      { title: 'WHERE', cell: socketWhere },
      { title: 'HELD BY', cell: (socket) => holdersIn(world, socket) || nobodyWords(all) },
    ]),
  ),
  ...routeBlocks(routing),
];

/** Without the table of its own addresses, which ip route does not print either unless it is asked for. */
const routeBlocks = ({ routes, routesLeft, routesPartly, rules }: Routing): string[] => {
  const words = (route: Route): string => `${visible(routeWords(route))}\n`;
  return [
    section('ROUTES', routes, (all) =>
      routeTables(all.filter((route) => !isOwnAddress(route)))
        .flatMap((table) => table.routes.map(words))
        .join(''),
    ) + (routesLeft > 0 ? `${routesLeft} more than ${MOST_ROWS} are not shown\n` : ''),
    ...(routesPartly === null
      ? [
          section('RULES', rules, (all) =>
            areFirstRules(all)
              ? 'those that every network namespace begins with\n'
              : all.map((one) => line(`IPv${one.family} ${one.priority}`, one.words)).join(''),
          ),
        ]
      : [`Routes are those of /proc, without types: ${visible(routesPartly.words)}\n`]),
  ];
};

const holdersIn = (world: World, { holders, moreHolders }: ListeningSocket): string => {
  const names = holders.map((pid) => `${world.processes.find((one) => one.pid === pid)?.comm ?? ''} ${pid}`.trim());
  return [...names, ...(moreHolders > 0 ? [`${moreHolders} more`] : [])].join(', ');
};

const MOUNT_COLUMNS: readonly Column<MountNode>[] = [
  { title: 'TARGET', cell: ({ mount, depth }) => '  '.repeat(depth) + mount.mountPoint },
  { title: 'HIDDEN BY', cell: ({ hiddenBy }) => hiddenBy?.toString() ?? '' },
  { title: 'ID', align: 'right', cell: ({ mount }) => String(mount.id) },
  { title: 'FSTYPE', cell: ({ mount }) => mount.type },
  { title: 'SOURCE', cell: ({ mount }) => (mount.root === '/' ? mount.source : `${mount.source}[${mount.root}]`) },
  { title: 'OPTIONS', cell: ({ mount }) => mount.options.join(',') },
  { title: 'PROPAGATION', cell: ({ mount }) => propagationWords(mount) },
  {
    title: 'LAYERS',
    cell: ({ mount }) => {
      const layers = overlayLayers(mount);
      return layers === null ? '' : [layers.upper ?? 'read-only', ...layers.lower].join(' over ');
    },
  },
];
