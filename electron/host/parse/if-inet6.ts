import type { InterfaceAddress } from '../../../shared/inside.ts';
import { FormatError } from './format-error.ts';
import { hexadecimal, ipv6 } from './inet-address.ts';

/** Of include/net/ipv6.h, by the words of iproute2. */
const SCOPES: Readonly<Record<number, string>> = { 0x00: 'global', 0x10: 'host', 0x20: 'link', 0x40: 'site' };

export interface Inet6Address {
  /** Of the interface. */
  readonly name: string;
  readonly ifindex: number;
  readonly address: InterfaceAddress;
}

/** /proc/PID/net/if_inet6: address, ifindex, prefix, scope, flags, name. */
export const parseIfInet6 = (text: string): Inet6Address[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [address = '', ifindex, prefix, scope, , name] = line.trim().split(/\s+/);
      if (name === undefined) throw new FormatError('net/if_inet6', line);
      const number = hexadecimal(scope, 'net/if_inet6');
      return {
        name,
        ifindex: hexadecimal(ifindex, 'net/if_inet6'),
        address: {
          family: 6,
          address: ipv6(address, 'net/if_inet6'),
          prefix: hexadecimal(prefix, 'net/if_inet6'),
          scope: SCOPES[number] ?? `0x${number.toString(16)}`,
        },
      };
    });
