/** What a container sees mounted: the kernel's account joined with what its engine was asked for. */
import type { Mount } from './mounts.ts';

/** A mount that the engine was asked for; Docker Engine API reference, MountPoint. */
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
  /** `null`: asked for, but the kernel shows none there. */
  readonly kernel: Mount | null;
  readonly asked: AskedMount | null;
  /** Another mount lies over it. */
  readonly covered: boolean;
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const at = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;

/** `Mounts` of the engine's own account; `[]` where it has none. */
export const askedMounts = (inspected: unknown): AskedMount[] => {
  const mounts = at(inspected, 'Mounts');
  return (Array.isArray(mounts) ? mounts : []).flatMap((one: unknown): AskedMount[] => {
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
};

const trimmed = (path: string): string => path.replace(/(.)\/+$/, '$1');

/** In the kernel's order, parents first; then what was asked for and is not there. */
export const joinMounts = (kernel: readonly Mount[], asked: readonly AskedMount[]): JoinedMount[] => {
  const wanted = new Map(asked.map((one) => [trimmed(one.destination), one]));
  const top = new Map<string, number>();
  for (const mount of kernel) top.set(mount.mountPoint, mount.id);
  const rows = kernel.map((mount): JoinedMount => {
    const covered = top.get(mount.mountPoint) !== mount.id;
    // Of mounts on one point, the topmost is what the container sees there.
    return { mountPoint: mount.mountPoint, kernel: mount, asked: covered ? null : (wanted.get(mount.mountPoint) ?? null), covered }; // prettier-ignore
  });
  const missing = asked.filter(({ destination }) => !top.has(trimmed(destination)));
  return [...rows, ...missing.map((one) => ({ mountPoint: one.destination, kernel: null, asked: one, covered: false }))]; // prettier-ignore
};
