/** porthole ns net:[INODE]: interfaces, sockets, routes and rules. */
import { MOST_ROWS, type ListeningSocket, type NetInside, type Route } from '../../shared/inside.ts';
import { nobodyWords, socketWhere, stateWords } from '../../shared/inside-words.ts';
import type { World } from '../../shared/model.ts';
import { areFirstRules, isOwnAddress, routeTables, routeWords } from '../../shared/route-words.ts';
import { visible } from '../../shared/text.ts';
import { line, section } from './ns-about.ts';
import { table } from './print.ts';

type Routing = Pick<NetInside, 'routes' | 'routesLeft' | 'routesPartly' | 'rules'>;

export const netBlocks = (world: World, { interfaces, partly, loose, sockets, ...routing }: NetInside): string[] => [
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
