/** Routes of every table and the rules that choose among them: what ip(8) says from inside, else what /proc tells. */
import os from 'node:os';
import {
  MOST_ROWS,
  type Learned,
  type NetInside,
  type Route,
  type RoutingRule,
  type Unlearned,
} from '../../../shared/inside.ts';
import { FormatError } from '../parse/format-error.ts';
import { parseIpRoute, parseIpRules } from '../parse/ip-route-json.ts';
import { parseNetIpv6Route, parseNetRoute } from '../parse/net-route.ts';
import type { RunInside } from './inside-child.ts';
import { understood } from './inside-learned.ts';
import type { NetFiles } from './inside-net.ts';
import type { Way } from './inside-way.ts';

export type Routing = Pick<NetInside, 'routes' | 'routesLeft' | 'routesPartly' | 'rules'>;

/** A kernel without IPv6 has no routes of it, and one without CONFIG_IP_MULTIPLE_TABLES no rules. */
const LIST = `for family in -4 -6; do
  [ $family = -4 ] || [ -e /proc/net/if_inet6 ] || continue
  "$1" $family -json -details route show table all || exit 1
  printf '\\0'
  { "$1" $family rule show; } 2>/dev/null && printf '\\0ok\\0' || printf '\\0no\\0'
done`;

const NO_RULES: Unlearned = {
  ok: false,
  why: 'failed',
  words: 'ip rule could not list them: this kernel may have none.',
};

/** `noIp`: why ip(8) has not answered already. */
export const readRoutes = async (
  way: Way,
  files: NetFiles,
  run: RunInside,
  noIp: Unlearned | null,
): Promise<Routing> => {
  const asked = noIp ?? (way.spaces.ok ? await run(way.spaces.value, ['sh', '-c', LIST, 'sh', 'ip']) : way.spaces);
  const told = understood(asked, parseAnswers);
  const all = told.ok ? { ok: true as const, value: told.value.routes } : await fromProc(files);
  return {
    routes: all.ok ? { ok: true, value: all.value.slice(0, MOST_ROWS) } : all,
    routesLeft: all.ok ? Math.max(0, all.value.length - MOST_ROWS) : 0,
    routesPartly: told.ok ? null : told,
    rules: told.ok ? told.value.rules : told,
  };
};

const parseAnswers = (whole: string): { routes: readonly Route[]; rules: Learned<readonly RoutingRule[]> } => {
  const parts = whole.split('\0');
  if (parts.pop() !== '' || parts.length === 0 || parts.length % 3 !== 0) throw new FormatError('ip route', whole);
  const routes: Route[] = [];
  const rules: RoutingRule[] = [];
  let closed = false;
  for (let at = 0; at < parts.length; at += 3) {
    const family = at === 0 ? 4 : 6;
    for (const route of parseIpRoute(parts[at]!, family)) routes.push(route);
    if (parts[at + 2] === 'ok') rules.push(...parseIpRules(parts[at + 1]!, family));
    else closed = true;
  }
  return { routes, rules: closed ? NO_RULES : { ok: true, value: rules } };
};

const fromProc = async (files: NetFiles): Promise<Learned<readonly Route[]>> => {
  const text = await files(['route', 'ipv6_route']);
  const littleEndian = os.endianness() === 'LE';
  const v4 = understood(text('route'), (whole) => parseNetRoute(whole, littleEndian));
  const v6 = understood(text('ipv6_route'), parseNetIpv6Route);
  if (!v4.ok) return v4;
  // A kernel without IPv6 has no such file.
  if (!v6.ok && v6.why !== 'absent') return v6;
  return { ok: true, value: [...v4.value, ...(v6.ok ? v6.value : [])] };
};
