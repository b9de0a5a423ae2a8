/** System V objects and POSIX queues. Their files speak of whoever reads them, so a child reads them from inside. */
import type { IpcInside, Learned, MessageQueue } from '../../../shared/inside.ts';
import { FormatError } from '../parse/format-error.ts';
import { parseSysvipc } from '../parse/sysvipc.ts';
import { filesInside, type RunInside } from './inside-child.ts';
import { fileOf, understood } from './inside-learned.ts';
import type { Way } from './inside-way.ts';

const KERNEL = ['shmmni', 'shmmax', 'shmall', 'sem', 'msgmni', 'msgmax', 'msgmnb'].map((name) => `kernel/${name}`);
const MQUEUE = ['queues_max', 'msg_max', 'msgsize_max'].map((name) => `fs/mqueue/${name}`);
const LIMITS = [...KERNEL, ...MQUEUE];

/**
 * POSIX queues are files of a file system that shows the namespace of whoever mounts it: mounted where nobody else sees it,
 * in a mount namespace of the child's own. mq_overview(7).
 */
const LIST_QUEUES = `mount -t mqueue none /tmp || exit 1
cd /tmp || exit 1
for queue in * .*; do
  [ -f "$queue" ] || continue
  line=; { read -r line < "$queue"; } 2>/dev/null
  printf '%s\\0%s\\0' "$queue" "$line"
done`;

export const readIpc = async (way: Way, run: RunInside): Promise<IpcInside> => {
  const spaces = way.spaces;
  const at = (name: string): string => `/proc/sys/${name}`;
  const files = spaces.ok
    ? await filesInside(run, spaces.value, [
        ...['shm', 'sem', 'msg'].map((kind) => `/proc/sysvipc/${kind}`),
        ...LIMITS.map(at),
      ])
    : spaces;
  const objects = (kind: 'shm' | 'sem' | 'msg') =>
    understood(fileOf(files, `/proc/sysvipc/${kind}`), (text) => parseSysvipc(text, kind));
  const listed = spaces.ok ? await run(spaces.value, ['unshare', '--mount', '--', 'sh', '-c', LIST_QUEUES]) : spaces;
  return {
    type: 'ipc',
    shm: objects('shm'),
    sem: objects('sem'),
    msg: objects('msg'),
    queues: queuesOf(listed),
    limits: LIMITS.flatMap((file) => {
      const value = fileOf(files, at(file));
      return value.ok ? [{ file, value: value.value.trim() }] : [];
    }),
  };
};

const queuesOf = (listed: Learned<string>): Learned<readonly MessageQueue[]> =>
  understood(listed, (text) => {
    const parts = text.split('\0');
    if (parts.pop() !== '' || parts.length % 2 !== 0) throw new FormatError('mqueue', text);
    const queues: MessageQueue[] = [];
    for (let at = 0; at < parts.length; at += 2) {
      const bytes = /^QSIZE:(\d+)/.exec(parts[at + 1]!)?.[1];
      queues.push({ name: parts[at]!, bytes: bytes === undefined ? null : Number(bytes) });
    }
    return queues;
  });
