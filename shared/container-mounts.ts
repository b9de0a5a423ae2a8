/** What a container sees mounted: the kernel's account joined with what its engine was asked for. */
import { mountTree, type Mount } from './mounts.ts';

/** A mount that the engine was asked for; Docker Engine API reference, MountPoint. Everything textual is hostile. */
export interface AskedMount {
  /** `bind`, `volume`, `tmpfs`, … */
  readonly type: string;
  readonly name: string | null;
  readonly source: string | null;
  readonly destination: string;
  readonly writable: boolean | null;
}

export interface JoinedMount {
  readonly mountPoint: string;
  /** Under how many others. */
  readonly depth: number;
  /** `null`: asked for, but the kernel shows none there. */
  readonly kernel: Mount | null;
  readonly asked: AskedMount | null;
  /** Another mount lies over it: no path leads to it. */
  readonly hidden: boolean;
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const at = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;

/** `Mounts` of the engine's own account, and `HostConfig.Tmpfs`, which some engines tell only there. */
export const askedMounts = (inspected: unknown): AskedMount[] => {
  const mounts = at(inspected, 'Mounts');
  const listed = (Array.isArray(mounts) ? mounts : []).flatMap((one: unknown): AskedMount[] => {
    const destination = text(at(one, 'Destination'));
    if (destination === null) return [];
    const writable = at(one, 'RW');
    return [
      {
        type: text(at(one, 'Type')) ?? 'bind',
        name: text(at(one, 'Name')),
        source: text(at(one, 'Source')),
        destination,
        writable: typeof writable === 'boolean' ? writable : null,
      },
    ];
  });
  const tmpfs = at(at(inspected, 'HostConfig'), 'Tmpfs');
  const temporary = Object.keys(typeof tmpfs === 'object' && tmpfs !== null ? tmpfs : {})
    .filter((destination) => !listed.some((one) => one.destination === destination))
    .map((destination) => ({ type: 'tmpfs', name: null, source: null, destination, writable: null }));
  return [...listed, ...temporary];
};

const trimmed = (path: string): string => path.replace(/(.)\/+$/, '$1');

/** In the order of findmnt; then what was asked for and is not there. */
export const joinMounts = (kernel: readonly Mount[], asked: readonly AskedMount[]): JoinedMount[] => {
  const wanted = new Map(asked.map((one) => [trimmed(one.destination), one]));
  const rows = mountTree(kernel).map(({ mount, depth, hiddenBy }): JoinedMount => {
    const hidden = hiddenBy !== null;
    // Of mounts on one point, what the container sees there is the one on top.
    const of = hidden ? null : (wanted.get(mount.mountPoint) ?? null);
    return { mountPoint: mount.mountPoint, depth, kernel: mount, asked: of, hidden };
  });
  const there = new Set(rows.filter(({ hidden }) => !hidden).map(({ mountPoint }) => mountPoint));
  const missing = [...wanted].filter(([destination]) => !there.has(destination));
  return [...rows, ...missing.map(([mountPoint, one]) => ({ mountPoint, depth: 0, kernel: null, asked: one, hidden: false }))]; // prettier-ignore
};

const ANONYMOUS = /^[0-9a-f]{64}$/;

/**
 * The volumes that `rm --volumes` and `--rm` take with the container. Docker keeps those that were asked for by a name
 * (moby daemon, removeMountPoints); Podman lists every volume among the binds, and names those nobody named as Docker does.
 */
export const unnamedVolumes = (inspected: unknown, kind: 'docker' | 'podman'): AskedMount[] => {
  const [binds, mounts] = [at(at(inspected, 'HostConfig'), 'Binds'), at(at(inspected, 'HostConfig'), 'Mounts')];
  const named = new Set([
    ...(Array.isArray(binds) ? binds : []).map((bind: unknown) => String(bind).split(':')[0]),
    ...(Array.isArray(mounts) ? mounts : []).map((mount: unknown) => at(mount, 'Source')),
  ]);
  return askedMounts(inspected).filter(
    ({ type, name }) =>
      type === 'volume' && name !== null && (kind === 'podman' ? ANONYMOUS.test(name) : !named.has(name)),
  );
};
