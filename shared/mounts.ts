/** A process's table of mounts as a tree: what is mounted on what, what is hidden beneath another, and how changes spread. */

/** One line of /proc/PID/mountinfo; man 5 proc_pid_mountinfo. */
export interface Mount {
  readonly id: number;
  readonly parent: number;
  /** `major:minor` of the file system. */
  readonly device: string;
  /** The part of the file system that is mounted here. For nsfs: `net:[4026532283]`. */
  readonly root: string;
  readonly mountPoint: string;
  /** Of this mount alone: `rw`, `nosuid`, … */
  readonly options: readonly string[];
  /** Peer group that it sends its mounts to and takes them from; `null` if none. */
  readonly shared: number | null;
  /** Peer group that it only takes mounts from. */
  readonly master: number | null;
  /** The nearest group above {@link master} that this process can see, where it cannot see the master itself. */
  readonly propagateFrom: number | null;
  readonly unbindable: boolean;
  readonly type: string;
  /** What the file system was made of: a device, a word, or anything at all. Hostile text. */
  readonly source: string;
  /** Of the file system itself. */
  readonly superOptions: readonly string[];
}

/** How mounts beneath it spread; mount_namespaces(7). */
export const propagationWords = ({ shared, master, propagateFrom, unbindable }: Mount): string => {
  const words: string[] = [];
  if (shared !== null) words.push(`shared:${shared}`);
  if (master !== null) words.push(`slave of ${master}`);
  if (propagateFrom !== null) words.push(`nearest seen ${propagateFrom}`);
  if (unbindable) words.push('unbindable');
  return words.length === 0 ? 'private' : words.join(', ');
};

export interface MountNode {
  readonly mount: Mount;
  readonly depth: number;
  /** Id of the mount that lies over it, so that no path leads to it; `null` if it can be reached. */
  readonly hiddenBy: number | null;
}

/**
 * In the order of findmnt: each followed by what is mounted on it, in the order of the file. One whose parent is not in the
 * table (as in a chroot) stands at the top. Each line of the table comes once, whatever the ids say.
 */
export const mountTree = (mounts: readonly Mount[]): readonly MountNode[] => {
  const known = new Set(mounts.map(({ id }) => id));
  const children = new Map<number, Mount[]>();
  const tops: Mount[] = [];
  for (const mount of mounts) {
    if (mount.parent === mount.id || !known.has(mount.parent)) tops.push(mount);
    else {
      const siblings = children.get(mount.parent);
      if (siblings === undefined) children.set(mount.parent, [mount]);
      else siblings.push(mount);
    }
  }
  const nodes: MountNode[] = [];
  const placed = new Set<Mount>();
  /** Not recursive: a chain of mounts may be longer than the stack is deep. */
  const place = (top: Mount): void => {
    const waiting: MountNode[] = [{ mount: top, depth: 0, hiddenBy: null }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { mount, depth, hiddenBy } = next;
      if (placed.has(mount)) continue;
      placed.add(mount);
      const below = children.get(mount.id) ?? [];
      const cover = below.find(({ mountPoint }) => mountPoint === mount.mountPoint) ?? null;
      nodes.push({ mount, depth, hiddenBy: hiddenBy ?? cover?.id ?? null });
      const covers = coversAmong(below, cover);
      for (let at = below.length - 1; at >= 0; at--) {
        const child = below[at]!;
        waiting.push({ mount: child, depth: depth + 1, hiddenBy: hiddenBy ?? covers(child) });
      }
    }
  };
  for (const top of tops) place(top);
  // What is left goes round in circles, which the kernel's own table never does.
  for (const mount of mounts) if (!placed.has(mount)) place(mount);
  return nodes;
};

/** Which of the mounts on one mount lies over another of them: one at a folder above it, or one over the whole. */
const coversAmong = (siblings: readonly Mount[], whole: Mount | null): ((mount: Mount) => number | null) => {
  const at = new Map(siblings.map((mount) => [mount.mountPoint, mount.id]));
  return (mount) => {
    if (mount === whole) return null;
    if (whole !== null) return whole.id;
    for (let end = mount.mountPoint.lastIndexOf('/'); end > 0; end = mount.mountPoint.lastIndexOf('/', end - 1)) {
      const cover = at.get(mount.mountPoint.slice(0, end));
      if (cover !== undefined) return cover;
    }
    return null;
  };
};

export interface OverlayLayers {
  /** The top one first. */
  readonly lower: readonly string[];
  /** `null`: read-only. */
  readonly upper: string | null;
  readonly work: string | null;
}

/** The layers of an overlay as its options name them; `null` for any other file system. Documentation/filesystems/overlayfs.rst. */
export const overlayLayers = ({ type, superOptions }: Mount): OverlayLayers | null => {
  if (type !== 'overlay') return null;
  const lower: string[] = [];
  let upper: string | null = null;
  let work: string | null = null;
  for (const option of superOptions) {
    const sign = option.indexOf('=');
    const [name, value] = sign < 0 ? [option, ''] : [option.slice(0, sign), option.slice(sign + 1)];
    // A colon that is part of a name is escaped. `lowerdir+` (since Linux 6.7) names one layer each time, unescaped.
    if (name === 'lowerdir') lower.push(...value.split(/(?<!\\):/).filter((layer) => layer !== ''));
    else if (name === 'lowerdir+' || name === 'datadir+') lower.push(value);
    else if (name === 'upperdir') upper = value;
    else if (name === 'workdir') work = value;
  }
  return { lower, upper, work };
};
