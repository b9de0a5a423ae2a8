/** Routes in words; the same on the screen and on the command line. */
import type { NextHop, Route, RoutingRule } from './inside.ts';

const hopWords = ({ gateway, device }: NextHop): string[] => [
  ...(gateway === null ? [] : [`via ${gateway}`]),
  ...(device === null ? [] : [`dev ${device}`]),
];

/** Without its destination: `via 172.17.0.1 dev eth0 metric 100`, `unreachable`. */
export const wayWords = ({ type, hops, metric }: Route): string =>
  [
    ...(type === null ? ['without a device'] : type === 'unicast' ? [] : [type]),
    ...hops.flatMap((hop) => [
      ...(hops.length > 1 ? ['nexthop'] : []),
      ...hopWords(hop),
      ...(hop.weight === null ? [] : [`weight ${hop.weight}`]),
    ]),
    ...(metric === null ? [] : [`metric ${metric}`]),
  ].join(' ');

/** As `ip route show table all` writes it: `default via 172.17.0.1 dev eth0 proto dhcp src 172.17.0.2 metric 100`. */
export const routeWords = (route: Route): string => {
  const { type, destination, table, hops, metric, protocol, scope, source, more } = route;
  const several = hops.length > 1;
  return [
    type === null || type === 'unicast' ? destination : `${type} ${destination}`,
    ...(several ? [] : hops.flatMap(hopWords)),
    ...(type === null ? ['without a device'] : []),
    ...(table === null || table === 'main' ? [] : [`table ${table}`]),
    ...(protocol === null || protocol === 'boot' ? [] : [`proto ${protocol}`]),
    ...(scope === null || scope === 'global' ? [] : [`scope ${scope}`]),
    ...(source === null ? [] : [`src ${source}`]),
    ...(metric === null ? [] : [`metric ${metric}`]),
    ...more,
    ...(several
      ? hops.flatMap((hop) => ['nexthop', ...hopWords(hop), ...(hop.weight === null ? [] : [`weight ${hop.weight}`])])
      : []),
  ].join(' ');
};

/** What becomes of a packet; man 8 ip-route. */
export const ROUTE_TYPES: Readonly<Record<string, string>> = {
  unicast: 'sent this way',
  local: 'an address of its own: taken in',
  broadcast: 'sent to everyone on the link',
  multicast: 'sent to those who listen',
  anycast: 'an address it shares: taken in',
  unreachable: 'refused: host unreachable',
  prohibit: 'refused: administratively prohibited',
  blackhole: 'dropped without a word',
  throw: 'this table is left, the next rule asked',
  nat: 'translated; not in this kernel',
};

const NOWHERE: ReadonlySet<string> = new Set(['unreachable', 'prohibit', 'blackhole', 'throw']);
/** Of these IPv6 names the device lo, to which they do not lead. */
export const leadsNowhere = (type: string): boolean => NOWHERE.has(type);

/** The table of its own addresses, which the kernel fills; /etc/iproute2/rt_tables. */
const LOCAL = 'local';

export interface RouteTable {
  /** `null`: not told. */
  readonly name: string | null;
  readonly routes: readonly Route[];
}

/** By table: main first, the kernel’s own last, the others as they come. */
export const routeTables = (routes: readonly Route[]): readonly RouteTable[] => {
  const tables = new Map<string | null, Route[]>();
  for (const route of routes) {
    const table = tables.get(route.table);
    if (table === undefined) tables.set(route.table, [route]);
    else table.push(route);
  }
  const rank = (name: string | null): number => (name === 'main' ? 0 : name === LOCAL ? 2 : 1);
  return [...tables].map(([name, those]) => ({ name, routes: those })).sort((a, b) => rank(a.name) - rank(b.name));
};

/** What a packet to elsewhere may meet: all but the table of its own addresses. */
export const isOwnAddress = ({ table }: Route): boolean => table === LOCAL;

/** `5 in main, 1 in 100, 8 of its own addresses`. */
export const tablesWords = (routes: readonly Route[]): string =>
  routeTables(routes)
    .map(({ name, routes: those }) =>
      name === LOCAL
        ? `${those.length} in local`
        : name === null
          ? `${those.length} of IPv6, in tables not told`
          : `${those.length} in ${name}`,
    )
    .join(', ');

/** Those that every network namespace begins with; fib_default_rules_init of net/ipv4/fib_rules.c and ipv6/fib6_rules.c. */
const FIRST: ReadonlySet<string> = new Set([
  ...['4 0 from all lookup local', '4 32766 from all lookup main', '4 32767 from all lookup default'],
  ...['6 0 from all lookup local', '6 32766 from all lookup main'],
]);

/** True if the rules are exactly those that every network namespace begins with, of one family or both. */
export const areFirstRules = (rules: readonly RoutingRule[]): boolean => {
  const seen = new Set(rules.map(({ family, priority, words }) => `${family} ${priority} ${words}`));
  const of = (family: 4 | 6): readonly string[] => [...FIRST].filter((rule) => rule.startsWith(`${family} `));
  return (
    seen.size === rules.length &&
    [...seen].every((rule) => FIRST.has(rule)) &&
    of(4).every((rule) => seen.has(rule)) &&
    (rules.every(({ family }) => family === 4) || of(6).every((rule) => seen.has(rule)))
  );
};
