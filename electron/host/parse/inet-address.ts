/** Addresses as /proc/net writes them, in hexadecimal digits, and as people do. */
import { FormatError } from './format-error.ts';

const HEX = /^[0-9A-Fa-f]+$/;

const bytesOf = (hex: string, length: number, file: string): number[] => {
  if (hex.length !== length * 2 || !HEX.test(hex)) throw new FormatError(file, hex);
  return Array.from({ length }, (_, at) => parseInt(hex.slice(at * 2, at * 2 + 2), 16));
};

/** Each 32-bit word is printed as a number of this machine: on most, backwards. */
const inNetworkOrder = (bytes: readonly number[], littleEndian: boolean): number[] =>
  littleEndian ? bytes.map((_, at) => bytes[(at & ~3) + 3 - (at & 3)]!) : [...bytes];

/** `0100007F` → `127.0.0.1`. */
export const ipv4 = (hex: string, file: string, littleEndian = true): string =>
  inNetworkOrder(bytesOf(hex, 4, file), littleEndian).join('.');

/** As tcp6 and udp6 write it, word by word. */
export const ipv6Words = (hex: string, file: string, littleEndian = true): string =>
  ipv6Text(inNetworkOrder(bytesOf(hex, 16, file), littleEndian));

/** As if_inet6 and ipv6_route write it, byte by byte. */
export const ipv6 = (hex: string, file: string): string => ipv6Text(bytesOf(hex, 16, file));

/** RFC 5952: the longest run of zeros is left out, an IPv4 address that is mapped stays readable. */
const ipv6Text = (bytes: readonly number[]): string => {
  const groups = Array.from({ length: 8 }, (_, at) => (bytes[at * 2]! << 8) | bytes[at * 2 + 1]!);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return `::ffff:${bytes.slice(12).join('.')}`;
  let [from, length] = [-1, 1];
  for (let at = 0; at < 8; at++) {
    let end = at;
    while (end < 8 && groups[end] === 0) end++;
    if (end - at > length) [from, length] = [at, end - at];
  }
  const text = (some: readonly number[]): string => some.map((group) => group.toString(16)).join(':');
  return from < 0 ? text(groups) : `${text(groups.slice(0, from))}::${text(groups.slice(from + length))}`;
};

/** How many bits of a netmask are set: `00FFFFFF` → 24. */
export const prefixOf = (hex: string, file: string): number =>
  bytesOf(hex, 4, file).reduce((bits, byte) => bits + byte.toString(2).replaceAll('0', '').length, 0);

/** Unsigned, in hexadecimal digits without a sign before them. */
export const hexadecimal = (text: string | undefined, file: string): number => {
  if (text === undefined || text.length > 8 || !HEX.test(text)) throw new FormatError(file, text ?? '');
  return parseInt(text, 16);
};

/** Lines below a head, as their words. */
export const rowsBelowHead = (text: string): string[][] =>
  text
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/));
