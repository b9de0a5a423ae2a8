/** What `ip -json` of iproute2 says. Names come from the machine: nothing of its form is taken on trust. */
import type { InterfaceAddress, NetInterface, Peer } from '../../../shared/inside.ts';
import { FormatError } from './format-error.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** iproute2 writes most control characters as they are, and interface names may hold them: not JSON until they are escaped. */
export const parseRows = (text: string, command: string): Fields[] => {
  const escaped = text.replace(
    // eslint-disable-next-line no-control-regex -- finding control characters is the purpose
    /[\u0000-\u0008\u000e-\u001f\u007f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  let rows: unknown;
  try {
    // Nothing at all is what some versions say where there is nothing.
    rows = text.trim() === '' ? [] : JSON.parse(escaped);
  } catch {
    throw new FormatError(command, text);
  }
  if (!Array.isArray(rows)) throw new FormatError(command, text);
  // Versions differ in whether what was filtered out leaves an empty object.
  return rows.filter((row): row is Fields => isFields(row) && Object.keys(row).length > 0);
};

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
export const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
export const fields = (value: unknown): Fields => (isFields(value) ? value : {});
export const rows = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

/** An interface, and the number under which its namespace knows the one that its peer is in. */
export interface IpInterface extends Omit<NetInterface, 'peer'> {
  readonly peer: Omit<Peer, 'namespace'> | null;
  /** `null`: the peer is in the same namespace. */
  readonly nsid: number | null;
}

/** `ip -json -details -statistics address show`. */
export const parseIpAddress = (output: string): IpInterface[] => {
  const all = parseRows(output, 'ip address');
  // Of the same namespace ip gives the other end's name, of another its index.
  const indexes = new Map(all.map((row) => [row['ifname'], number(row['ifindex'])]));
  return all.map((row) => {
    const name = text(row['ifname']);
    const ifindex = number(row['ifindex']);
    if (name === null || ifindex === null) throw new FormatError('ip address', JSON.stringify(row));
    const stats = fields(row['stats64']);
    const [rx, tx] = [fields(stats['rx']), fields(stats['tx'])];
    const kind = text(fields(row['linkinfo'])['info_kind']);
    const linkIndex = number(row['link_index']) ?? indexes.get(row['link'] ?? null) ?? null;
    return {
      name,
      ifindex,
      kind: kind ?? text(row['link_type']),
      state: text(row['operstate']),
      flags: Array.isArray(row['flags']) ? row['flags'].filter((flag) => typeof flag === 'string') : null,
      mac: row['link_type'] === 'loopback' ? null : text(row['address']),
      mtuBytes: number(row['mtu']),
      master: text(row['master']),
      addresses: rows(row['addr_info']).flatMap(addressOf),
      // Also of a VLAN or macvlan: the one it stands on.
      peer: linkIndex === null || linkIndex === 0 ? null : { ifindex: linkIndex },
      nsid: number(row['link_netnsid']),
      rxBytes: number(rx['bytes']),
      txBytes: number(tx['bytes']),
      rxPackets: number(rx['packets']),
      txPackets: number(tx['packets']),
    };
  });
};

const addressOf = (row: Fields): InterfaceAddress[] => {
  const family = row['family'] === 'inet' ? 4 : row['family'] === 'inet6' ? 6 : null;
  const [address, prefix] = [text(row['local']), number(row['prefixlen'])];
  if (family === null || address === null || prefix === null) return [];
  return [{ family, address, prefix, scope: text(row['scope']) ?? 'global' }];
};

/** `ip -json netns list-id`: the name under which each number is known, where there is one. */
export const parseNetnsIds = (output: string): ReadonlyMap<number, string> => {
  const names = new Map<number, string>();
  for (const row of parseRows(output, 'ip netns')) {
    const [nsid, name] = [number(row['nsid']), text(row['name'])];
    if (nsid !== null && name !== null) names.set(nsid, name);
  }
  return names;
};
