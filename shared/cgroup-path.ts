/** Which container a cgroup path speaks of. The forms are the container managers' own; each names its source. */

export interface CgroupContainer {
  /** 64 hex digits; for LXC and systemd-nspawn the name. */
  readonly id: string;
  /** `docker`, `libpod`, `containerd`, `crio`, `kubepods`, `lxc`, `nspawn`; `null` for an id whose form tells no more. */
  readonly runtime: string | null;
  /** The path as far as the container's own cgroup, without what is below it. */
  readonly path: string;
}

const ID = '[0-9a-f]{64}';
// What the contract takes for a container's id; a name outside of it could not be asked for.
const NAME = '[A-Za-z0-9][A-Za-z0-9_.-]{0,127}';

/** A path segment that names a container by itself. Conmon's scopes (`libpod-conmon-…`, `crio-conmon-…`) match none. */
const SEGMENTS: readonly (readonly [RegExp, string])[] = [
  // Docker and nerdctl with the systemd driver: PREFIX-ID.scope.
  [new RegExp(`^docker-(${ID})\\.scope$`), 'docker'],
  [new RegExp(`^nerdctl-(${ID})\\.scope$`), 'containerd'],
  // Podman: libpod-ID.scope under machine.slice or user.slice; libpod_parent/libpod-ID with the cgroupfs manager. With
  // --cgroups=split, as Quadlet starts it, libpod-payload-ID in the unit's own cgroup, the supervisor beside it.
  [new RegExp(`^libpod-(?:payload-)?(${ID})(?:\\.scope)?$`), 'libpod'],
  // containerd's CRI plugin; the form with colons is what runc makes of it without the systemd driver.
  [new RegExp(`^(?:cri-containerd-|[^:]+:cri-containerd:)(${ID})(?:\\.scope)?$`), 'containerd'],
  // CRI-O: crio-ID.scope, crio-ID with cgroupfs.
  [new RegExp(`^crio-(${ID})(?:\\.scope)?$`), 'crio'],
  // LXC from 4.0. `lxc.monitor.NAME` is the supervisor outside.
  [new RegExp(`^lxc\\.payload\\.(${NAME})$`), 'lxc'],
  // systemd-nspawn from a template unit; man 1 systemd-nspawn.
  [new RegExp(`^systemd-nspawn@(${NAME})\\.service$`), 'nspawn'],
];

/** A segment that names a container only below a certain parent. */
const CHILDREN: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^docker$/, new RegExp(`^(${ID})$`), 'docker'],
  // kubelet with cgroupfs: kubepods/QOS/podUID/ID, whatever the runtime below.
  [/^pod[0-9a-f-]+$/, new RegExp(`^(${ID})$`), 'kubepods'],
  [/^lxc(?:\.payload)?$/, new RegExp(`^(${NAME})$`), 'lxc'],
];

// systemd-machined's scope. libvirt's machines (qemu, its own lxc driver) have the same form and are not nspawn's.
const MACHINE = new RegExp(`^machine-(${NAME})\\.scope$`);
const LIBVIRT = /^(?:qemu|lxc|xen|ch|bhyve)-\d+-/;

const ANY_ID = new RegExp(`(?<![0-9a-f])(${ID})(?![0-9a-f])`);

// systemd.unit(5): `-` inside of a name is spelt \x2d.
const unescaped = (segment: string): string =>
  segment.replaceAll(/\\x([2-7][0-9a-f])/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

function named(parent: string, segment: string): { id: string; runtime: string } | null {
  for (const [pattern, runtime] of SEGMENTS) {
    const id = pattern.exec(segment)?.[1];
    if (id !== undefined) return { id, runtime };
  }
  for (const [above, pattern, runtime] of CHILDREN) {
    const id = above.test(parent) ? pattern.exec(segment)?.[1] : undefined;
    if (id !== undefined) return { id, runtime };
  }
  const machine = MACHINE.exec(unescaped(segment))?.[1];
  return machine === undefined || LIBVIRT.test(machine) ? null : { id: machine, runtime: 'nspawn' };
}

/**
 * Every container that a cgroup path (third field of /proc/PID/cgroup) passes through, outermost first.
 * An id in a place that tells nothing (`docker run --cgroup-parent`) counts only if `known` says that an engine lists it.
 * A conmon of that id is outside of the container and does not count.
 */
export function containersIn(path: string, known: (id: string) => boolean = () => false): readonly CgroupContainer[] {
  // The kernel adds this for a zombie whose cgroup was removed; man 7 cgroups.
  const segments = path.replace(/ \(deleted\)$/, '').split('/');
  const found: CgroupContainer[] = [];
  for (const [index, segment] of segments.entries()) {
    const by = named(segments[index - 1] ?? '', segment);
    const bare = by === null && !segment.includes('conmon') ? ANY_ID.exec(segment)?.[1] : undefined;
    const here = by ?? (bare !== undefined && known(bare) ? { id: bare, runtime: null } : null);
    // systemd-nspawn@NAME.service may hold machine-NAME.scope: one container, at its outer cgroup.
    if (here !== null && !found.some(({ id }) => id === here.id)) {
      found.push({ ...here, path: segments.slice(0, index + 1).join('/') });
    }
  }
  return found;
}

/**
 * The container a cgroup path speaks of; `null` if none. Anywhere below a container's cgroup is still that container.
 * Of nested ones the outermost counts: its cgroup was made outside, while whoever runs in it may be able to make
 * cgroups of any name below and so pass for another container.
 */
export function recogniseContainer(path: string): { id: string; runtime: string } | null {
  const [outermost] = containersIn(path);
  return outermost?.runtime == null ? null : { id: outermost.id, runtime: outermost.runtime };
}
