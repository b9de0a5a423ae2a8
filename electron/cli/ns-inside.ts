/** porthole ns TYPE:[INODE]: what is inside one namespace. */
import { MOST_ROWS, type Inside, type MntInside } from '../../shared/inside.ts';
import { mapWords, offsetWords, pidDepth, sysvWords } from '../../shared/inside-words.ts';
import type { IdMap, NamespaceId, World } from '../../shared/model.ts';
import { mountTree, overlayLayers, propagationWords, type MountNode } from '../../shared/mounts.ts';
import { namespacesOf } from '../../shared/namespaces.ts';
import { visible } from '../../shared/text.ts';
import { readInside } from '../host/collect/inside.ts';
import { LinuxKernel } from '../host/read/kernel.ts';
import type { Look } from './look.ts';
import { aboutBlocks, enterAs, line, section } from './ns-about.ts';
import { netBlocks } from './ns-inside-net.ts';
import { print, printJson, table, type Column } from './print.ts';

/** Throws a {@link PortholeError} `not-found` if there is no such namespace. */
export const printInside = async (look: Look, id: NamespaceId, as: string | null, json: boolean): Promise<void> => {
  const { world } = look;
  const inside = await readInside(new LinuxKernel(), world, id);
  const namespace = namespacesOf(world).find((view) => view.id === id) ?? null;
  const enter = enterAs(look, id, as);
  if (json) return printJson({ ...inside, namespace, enter });
  await print(
    [
      ...blocksOf(world, id, inside.inside),
      ...aboutBlocks(world, namespace),
      `MAY BE ENTERED\n${visible(enter.words)}\n`,
    ].join('\n'),
  );
};

const blocksOf = (world: World, id: NamespaceId, inside: Inside): string[] => {
  switch (inside.type) {
    case 'net':
      return netBlocks(world, inside);
    case 'mnt':
      return [
        section(mountsTitle(inside), inside.mounts, (mounts) => table(mountTree(mounts), MOUNT_COLUMNS)),
        ...(inside.left > 0 ? [`${inside.left} more than ${MOST_ROWS} are not shown\n`] : []),
      ];
    case 'uts':
      return [
        section('NAMES', inside.names, ({ hostname, domainname, release }) =>
          [line('hostname', hostname), line('domainname', domainname), line('release', release)].join(''),
        ),
      ];
    case 'ipc':
      return [
        ...(['shm', 'sem', 'msg'] as const).map((kind) =>
          section(kind.toUpperCase(), inside[kind], (objects) => `${sysvWords(kind, objects)}\n`),
        ),
        section('POSIX QUEUES', inside.queues, (queues) =>
          queues
            .map(({ name, bytes }) => line(`/${name}`, bytes === null ? 'not readable' : `${bytes} bytes`))
            .join(''),
        ),
        `LIMITS\n${inside.limits.map(({ file, value }) => `${file.padEnd(24)}${visible(value.replaceAll('\t', ' '))}\n`).join('')}`,
      ];
    case 'pid': {
      const depth = pidDepth(world, id);
      return [
        line('depth', depth === null ? 'not known' : String(depth.depth)),
        section('PID_MAX', inside.pidMax, (max) => `${max}\n`),
        section('GIVEN LAST, to the process that asked', inside.lastPid, (last) => `${last}\n`),
      ];
    }
    case 'user': {
      const map = (ranges: readonly IdMap[]): string =>
        ranges.map((range) => `${mapWords(range, inside.outside)}\n`).join('');
      return [
        section('USERS', inside.uidMap, map),
        section('GROUPS', inside.gidMap, map),
        section('SETGROUPS', inside.setgroups, (word) => `${visible(word)}\n`),
      ];
    }
    case 'cgroup':
      return [
        section('ROOTS', inside.roots, (roots) =>
          table(roots, [
            { title: 'CONTROLLERS', cell: ({ controllers }) => controllers },
            { title: 'ROOT', cell: ({ root }) => root ?? 'outside of what its oldest member can name' },
          ]),
        ),
      ];
    case 'time':
      return [
        section('CLOCKS', inside.offsets, ({ monotonicNanos, boottimeNanos }) =>
          [line('monotonic', offsetWords(monotonicNanos)), line('boottime', offsetWords(boottimeNanos))].join(''),
        ),
      ];
  }
};

const mountsTitle = ({ pid, tid, root }: MntInside): string => {
  if (pid === null) return 'MOUNTS as one sees them who enters';
  const who = tid === undefined ? `process ${pid} sees them` : `thread ${tid} of ${pid} sees them`;
  return `MOUNTS as ${who}${root === undefined ? '' : `, below its root ${visible(root)}`}`;
};

const MOUNT_COLUMNS: readonly Column<MountNode>[] = [
  { title: 'TARGET', cell: ({ mount, depth }) => '  '.repeat(depth) + mount.mountPoint },
  { title: 'HIDDEN BY', cell: ({ hiddenBy }) => hiddenBy?.toString() ?? '' },
  { title: 'ID', align: 'right', cell: ({ mount }) => String(mount.id) },
  { title: 'FSTYPE', cell: ({ mount }) => mount.type },
  { title: 'SOURCE', cell: ({ mount }) => (mount.root === '/' ? mount.source : `${mount.source}[${mount.root}]`) },
  { title: 'OPTIONS', cell: ({ mount }) => mount.options.join(',') },
  { title: 'PROPAGATION', cell: ({ mount }) => propagationWords(mount) },
  {
    title: 'LAYERS',
    cell: ({ mount }) => {
      const layers = overlayLayers(mount);
      return layers === null ? '' : [layers.upper ?? 'read-only', ...layers.lower].join(' over ');
    },
  },
];
