import { describe, expect, it } from 'vitest';
import type { Route, RoutingRule } from '../../../shared/inside.ts';
import { areFirstRules, routeTables, tablesWords, wayWords } from '../../../shared/route-words.ts';

const route = (destination: string, more: Partial<Route> = {}): Route => ({
  ...{ family: 4, type: 'unicast', destination, table: 'main', metric: null },
  hops: [{ gateway: null, device: 'eth0', weight: null }],
  ...{ protocol: 'kernel', scope: 'link', source: null, more: [] },
  ...more,
});
const rule = (family: 4 | 6, priority: number, words: string): RoutingRule => ({ family, priority, words });

describe('routes in words', () => {
  it('has the main table first and that of its own addresses last, and counts each', () => {
    const routes = [
      route('10.0.0.0/8', { table: '100' }),
      route('127.0.0.1', { table: 'local' }),
      route('default'),
      route('fe80::/64', { family: 6, table: null }),
    ];
    expect(routeTables(routes).map(({ name }) => name)).toEqual(['main', '100', null, 'local']);
    expect(tablesWords(routes)).toBe('1 in main, 1 in 100, 1 of IPv6, in tables not told, 1 in local');
  });

  it('says what a route does that leads nowhere, and no more than is known', () => {
    expect(wayWords(route('10.0.0.0/8', { type: 'prohibit', hops: [] }))).toBe('prohibit');
    expect(wayWords(route('10.0.0.0/8', { type: null, hops: [], metric: 5 }))).toBe('without a device metric 5');
  });

  it('knows the rules that every namespace begins with from those that someone made or took away', () => {
    const v4 = [
      rule(4, 0, 'from all lookup local'),
      rule(4, 32766, 'from all lookup main'),
      rule(4, 32767, 'from all lookup default'),
    ];
    const v6 = [rule(6, 0, 'from all lookup local'), rule(6, 32766, 'from all lookup main')];
    expect(areFirstRules(v4)).toBe(true);
    expect(areFirstRules([...v4, ...v6])).toBe(true);
    expect(areFirstRules(v4.slice(1))).toBe(false);
    expect(areFirstRules([...v4, ...v6.slice(1)])).toBe(false);
    expect(areFirstRules([...v4, rule(4, 500, 'from 10.1.0.0/24 lookup 100')])).toBe(false);
  });
});
