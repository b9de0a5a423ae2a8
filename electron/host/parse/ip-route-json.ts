/** Routes and rules as iproute2 tells them; man 8 ip-route, man 8 ip-rule. */
import type { NextHop, Route, RoutingRule } from '../../../shared/inside.ts';
import { decimal, FormatError } from './format-error.ts';
import { fields, number, parseRows, rows, text, type Fields } from './ip-json.ts';

/** An encapsulation has a source and a destination under the names that the route's own have: the later would win. */
const ENCAP = /("encap":"ip6?","id":\d+,)"src":("[^"]*"),"dst":/g;

/** What has a field of its own, or says a second time what another key says. */
const TOLD = ['type', 'dst', 'gateway', 'via', 'dev', 'table', 'protocol', 'scope', 'prefsrc', 'metric', 'flags'];
const ELSEWHERE: ReadonlySet<string> = new Set([...TOLD, 'nexthops', 'nh_info', 'weight', 'metrics']);

/** `ip -4 -json -details route show table all`, or `-6`. */
export const parseIpRoute = (output: string, family: 4 | 6): Route[] =>
  parseRows(output.replace(ENCAP, '$1"from":$2,"to":'), 'ip route').map((row) => {
    const [type, destination] = [text(row['type']), text(row['dst'])];
    if (destination === null) throw new FormatError('ip route', JSON.stringify(row));
    const several = rows(row['nexthops']);
    return {
      family,
      type: type ?? 'unicast',
      destination,
      table: text(row['table']) ?? 'main',
      hops: several.length > 0 ? several.map(hopOf) : [hopOf(row)].filter(leadsSomewhere),
      metric: number(row['metric']),
      protocol: text(row['protocol']),
      scope: text(row['scope']),
      source: text(row['prefsrc']),
      more: [...wordsOf(row), ...rows(row['metrics']).flatMap(wordsOf), ...flagsOf(row)],
    };
  });

const hopOf = (row: Fields): NextHop => ({
  gateway: gatewayOf(row),
  device: text(row['dev']),
  weight: number(row['weight']),
});

const leadsSomewhere = ({ gateway, device }: NextHop): boolean => gateway !== null || device !== null;

/** Of the other family ip names it as well. */
const gatewayOf = (row: Fields): string | null => {
  const via = fields(row['via']);
  const [family, host] = [text(via['family']), text(via['host'])];
  return host === null ? text(row['gateway']) : `${family ?? ''} ${host}`.trim();
};

const wordsOf = (row: Fields): string[] =>
  Object.entries(row).flatMap(([key, value]) => {
    if (ELSEWHERE.has(key)) return [];
    if (value === null) return [key];
    return typeof value === 'string' || typeof value === 'number' ? [`${key} ${value}`] : [];
  });

const flagsOf = ({ flags }: Fields): string[] =>
  Array.isArray(flags) ? flags.filter((flag) => typeof flag === 'string') : [];

const RULE = /^(\d+):\s+(.*?)\s*$/;

/** `ip -4 rule show`, or `-6`: a line each, for ip has words for more than any list of keys. */
export const parseIpRules = (output: string, family: 4 | 6): RoutingRule[] =>
  output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, priority, words = ''] = RULE.exec(line) ?? [];
      if (priority === undefined) throw new FormatError('ip rule', line);
      return { family, priority: decimal(priority, 'ip rule'), words };
    });
