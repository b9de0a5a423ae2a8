import type { Route } from '../../../shared/inside.ts';
import { decimal, FormatError } from './format-error.ts';
import { hexadecimal, ipv4, ipv6, prefixOf, rowsBelowHead } from './inet-address.ts';

/** Of include/uapi/linux/route.h and ipv6_route.h. */
const RTF_GATEWAY = 0x2;
const RTF_REJECT = 0x200;
const RTF_ANYCAST = 0x00100000;
const RTF_LOCAL = 0x80000000;
/** Stands for "no route" at the end of each table of IPv6; IP6_RT_PRIO_USER and fib6_null_entry of net/ipv6/route.c. */
const NULL_ENTRY_METRIC = 0xffffffff;
/** What fib_route_seq_show of net/ipv4/fib_trie.c writes where a route has no device. */
const NO_DEVICE = '*';

const isSet = (flags: number, bit: number): boolean => (flags & bit) !== 0;
const cidr = (address: string, prefix: number): string => (prefix === 0 ? 'default' : `${address}/${prefix}`);
/** Of what no file of /proc tells. */
const UNTOLD = { protocol: null, scope: null, source: null, more: [] };

/**
 * /proc/PID/net/route: the main table of IPv4, of several ways only the first. What leads nowhere may be unreachable,
 * prohibit, blackhole or throw. `littleEndian`: of the machine that wrote it.
 */
export const parseNetRoute = (text: string, littleEndian = true): Route[] =>
  rowsBelowHead(text).map((words) => {
    const [device, destination = '', gateway = '', flagText, , , metric, mask = ''] = words;
    if (device === undefined) throw new FormatError('net/route', words.join(' '));
    const flags = hexadecimal(flagText, 'net/route');
    const leads = device !== NO_DEVICE && !isSet(flags, RTF_REJECT);
    return {
      family: 4,
      type: leads ? 'unicast' : null,
      destination: cidr(ipv4(destination, 'net/route', littleEndian), prefixOf(mask, 'net/route')),
      table: 'main',
      hops: leads
        ? [
            {
              gateway: isSet(flags, RTF_GATEWAY) ? ipv4(gateway, 'net/route', littleEndian) : null,
              device,
              weight: null,
            },
          ]
        : [],
      // ip(8) leaves out the metric that IPv4 has where none was given.
      metric: decimal(metric, 'net/route') || null,
      ...UNTOLD,
    };
  });

/** /proc/PID/net/ipv6_route: of every table, and does not say of which. */
export const parseNetIpv6Route = (text: string): Route[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line): Route[] => {
      const words = line.trim().split(/\s+/);
      const [destination = '', prefixText, , , gateway = '', metricText, , , flagText, device] = words;
      if (device === undefined) throw new FormatError('net/ipv6_route', line);
      const flags = hexadecimal(flagText, 'net/ipv6_route');
      const prefix = hexadecimal(prefixText, 'net/ipv6_route');
      const metric = hexadecimal(metricText, 'net/ipv6_route');
      const address = ipv6(destination, 'net/ipv6_route');
      if (metric === NULL_ENTRY_METRIC) return [];
      const leads = !isSet(flags, RTF_REJECT);
      const own = isSet(flags, RTF_LOCAL) ? 'local' : isSet(flags, RTF_ANYCAST) ? 'anycast' : null;
      return [
        {
          family: 6,
          type: own ?? (address.startsWith('ff') ? 'multicast' : leads ? 'unicast' : null),
          destination: cidr(address, prefix),
          // The kernel puts its own addresses into no other.
          table: own === null ? null : 'local',
          hops:
            leads || own !== null
              ? [{ gateway: isSet(flags, RTF_GATEWAY) ? ipv6(gateway, 'net/ipv6_route') : null, device, weight: null }]
              : [],
          metric,
          ...UNTOLD,
        },
      ];
    });
