import type { Route } from '../../../shared/inside.ts';
import { decimal, FormatError } from './format-error.ts';
import { hexadecimal, ipv4, ipv6, prefixOf, rowsBelowHead } from './inet-address.ts';

/** Of include/uapi/linux/route.h and ipv6_route.h. */
const RTF_GATEWAY = 0x2;
const RTF_REJECT = 0x200;
const RTF_ANYCAST = 0x00100000;
const RTF_LOCAL = 0x80000000;

const isSet = (flags: number, bit: number): boolean => (flags & bit) !== 0;
const cidr = (address: string, prefix: number): string => (prefix === 0 ? 'default' : `${address}/${prefix}`);

/** /proc/PID/net/route: the main table of IPv4. `littleEndian`: of the machine that wrote it. */
export const parseNetRoute = (text: string, littleEndian = true): Route[] =>
  rowsBelowHead(text).map((words) => {
    const [device, destination = '', gateway = '', flagText, , , metric, mask = ''] = words;
    if (device === undefined) throw new FormatError('net/route', words.join(' '));
    const flags = hexadecimal(flagText, 'net/route');
    return {
      family: 4,
      destination: cidr(ipv4(destination, 'net/route', littleEndian), prefixOf(mask, 'net/route')),
      gateway: isSet(flags, RTF_GATEWAY) ? ipv4(gateway, 'net/route', littleEndian) : null,
      device: isSet(flags, RTF_REJECT) ? null : device,
      metric: decimal(metric, 'net/route'),
    };
  });

/**
 * /proc/PID/net/ipv6_route, without what `ip -6 route` leaves out: the local table (its own addresses, anycast and all of
 * multicast), and the entry that stands for "no route" on lo.
 */
export const parseNetIpv6Route = (text: string): Route[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const words = line.trim().split(/\s+/);
      const [destination = '', prefixText, , , gateway = '', metric, , , flagText, device] = words;
      if (device === undefined) throw new FormatError('net/ipv6_route', line);
      const flags = hexadecimal(flagText, 'net/ipv6_route');
      const prefix = hexadecimal(prefixText, 'net/ipv6_route');
      const address = ipv6(destination, 'net/ipv6_route');
      const multicast = address.startsWith('ff') && prefix === 8;
      const none = isSet(flags, RTF_REJECT) && prefix === 0 && device === 'lo';
      if (isSet(flags, RTF_LOCAL) || isSet(flags, RTF_ANYCAST) || multicast || none) return [];
      return [
        {
          family: 6 as const,
          destination: cidr(address, prefix),
          gateway: isSet(flags, RTF_GATEWAY) ? ipv6(gateway, 'net/ipv6_route') : null,
          device: isSet(flags, RTF_REJECT) ? null : device,
          metric: hexadecimal(metric, 'net/ipv6_route'),
        },
      ];
    });
