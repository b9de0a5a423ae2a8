/** What two network namespaces hold: interfaces with their addresses, routes, sockets that listen. */
import type { ValueRow } from './compare-values.ts';
import type { Learned, NetInside, NetInterface, Route, Unlearned } from './inside.ts';
import { socketWhere, stateWords } from './inside-words.ts';
import { isOwnAddress, wayWords } from './route-words.ts';

/** `null`: not asked for, not read yet, or the same namespace on both sides. */
export type NetworkOf = NetInside | Unlearned | null | undefined;

/** By name, what it says. */
type Facts = Learned<ReadonlyMap<string, string>>;

/**
 * One row an interface, a route and a socket that waits for tcp or udp, of either side. Whose process listens is left out: two
 * that listen alike are alike. Empty until both sides were asked.
 */
export const compareNetwork = (a: NetworkOf, b: NetworkOf): readonly ValueRow[] => {
  if (a == null || b == null) return [];
  return PARTS.flatMap(({ name, facts }) => rowsOf(name, factsOf(a, facts), factsOf(b, facts)));
};

const factsOf = (of: NetInside | Unlearned, facts: (of: NetInside) => Facts): Facts => ('ok' in of ? of : facts(of));

const mapped = <T>(told: Learned<T>, facts: (value: T) => readonly (readonly [string, string])[]): Facts => {
  if (!told.ok) return told;
  const map = new Map<string, string>();
  // Several routes lead to one place: then all are told, in the order of the kernel.
  for (const [name, words] of facts(told.value)) {
    const before = map.get(name);
    map.set(name, before === undefined || before === words ? words : `${before}; ${words}`);
  }
  return { ok: true, value: map };
};

const PARTS: readonly { readonly name: string; readonly facts: (of: NetInside) => Facts }[] = [
  {
    name: 'interface',
    facts: ({ interfaces }) => mapped(interfaces, (all) => all.map((one) => [one.name, interfaceWords(one)])),
  },
  {
    name: 'route',
    facts: ({ routes }) =>
      mapped(routes, (all) =>
        all.filter((one) => !isOwnAddress(one)).map((one) => [whereTo(one), wayWords(one) || 'on the link'] as const),
      ),
  },
  {
    name: 'listens',
    facts: ({ sockets }) =>
      mapped(sockets, ({ listening }) =>
        listening
          .filter(({ protocol }) => protocol !== 'unix')
          .map((one) => [`${one.protocol} ${socketWhere(one)}`, 'yes'] as const),
      ),
  },
];

/** Without its number and the address of its card, which tell two interfaces apart that do the same. */
const interfaceWords = (one: NetInterface): string =>
  [
    one.kind,
    stateWords(one),
    ...one.addresses.map(({ address, prefix }) => `${address}/${prefix}`),
    one.mtuBytes === null ? null : `mtu ${one.mtuBytes}`,
    one.master === null ? null : `in ${one.master}`,
  ]
    .filter((word) => word !== null)
    .join(' ');

/** In which table, where that is not the usual one. */
const whereTo = ({ destination, table }: Route): string =>
  table === null || table === 'main' ? destination : `${destination} table ${table}`;

const rowsOf = (kind: string, a: Facts, b: Facts): readonly ValueRow[] => {
  if (!a.ok && !b.ok) return [{ name: kind, a: null, b: null, aRead: false, bRead: false, same: null }];
  const [inA, inB] = [a, b].map((facts) => (facts.ok ? facts.value : new Map<string, string>()));
  return [...new Set([...inA!.keys(), ...inB!.keys()])]
    .sort((x, y) => (x < y ? -1 : 1))
    .map((name) => {
      const [there, here] = [inA!.get(name) ?? null, inB!.get(name) ?? null];
      const same = a.ok && b.ok ? there === here : null;
      return { name: `${kind} ${name}`, a: there, b: here, aRead: a.ok, bRead: b.ok, same };
    });
};
