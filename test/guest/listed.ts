/** Namespaces that nothing holds but what only the kernel's own list tells of, and what that list says. Runs in the guest, as root. */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readlinkSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Collector } from '../../electron/host/collect/collector.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import { listNamespaces, namespaceById } from '../../electron/host/read/listns.ts';
import type { NamespaceId } from '../../shared/model.ts';
import type { Listed } from './report.ts';
import { until } from './stage.ts';

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;

/** Leaves the open file in a message that nobody receives: no process has it then, and it is open. */
const inFlight = (fd: number): void => {
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  const libc = koffi.load(null);
  const message = koffi.struct({
    name: 'void *',
    nameBytes: 'uint32_t',
    parts: 'void *',
    partCount: 'size_t',
    control: 'void *',
    controlBytes: 'size_t',
    flags: 'int',
  });
  const part = koffi.struct({ at: 'void *', bytes: 'size_t' });
  const socketpair = libc.func('int socketpair(int, int, int, void *)') as (...args: unknown[]) => number;
  const sendmsg = libc.func('sendmsg', 'long', ['int', koffi.pointer(message), 'int']) as (
    ...args: unknown[]
  ) => number;
  const pair = new Int32Array(2);
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) !== 0) throw new Error('socketpair');
  const control = new ArrayBuffer(24);
  new BigUint64Array(control)[0] = 20n;
  new Int32Array(control).set([SOL_SOCKET, SCM_RIGHTS, fd], 2);
  const parts = koffi.alloc(part, 1);
  koffi.encode(parts, part, { at: Buffer.from('x'), bytes: 1 });
  const sent = sendmsg(
    pair[0],
    { name: null, nameBytes: 0, parts, partCount: 1, control: new Uint8Array(control), controlBytes: 24, flags: 0 },
    0,
  );
  if (sent !== 1) throw new Error(`sendmsg: ${koffi.errno()}`);
};

const waits = 'read _ < /never';
const idOf = (path: string, type: string): NamespaceId => `${type}:[${statSync(path).ino}]` as NamespaceId;

/** A namespace for each way in which the kernel holds one. By name. */
const held = (): Record<string, NamespaceId> => {
  execFileSync('touch', ['/run/bound', '/run/sent']);
  for (const file of ['bound', 'sent']) execFileSync('/usr/bin/unshare', [`--net=/run/${file}`, 'true']);
  const [bound, sent] = [idOf('/run/bound', 'net'), idOf('/run/sent', 'net')];
  const fd = openSync('/run/sent', 'r');
  inFlight(fd);
  closeSync(fd);
  // Lazily: the open file is of this mount.
  execFileSync('umount', ['-l', '/run/sent']);
  const inner = spawn('/usr/bin/unshare', ['-r', '/usr/bin/unshare', '-r', 'sh', '-c', waits], { stdio: 'ignore' });
  const opener = ['--uts', 'sh', '-c', `exec 9< /proc/self/ns/uts; exec /usr/bin/nsenter -t 1 -u sh -c '${waits}'`];
  const open = spawn('/usr/bin/unshare', opener, { stdio: 'ignore' });
  const link = (pid: number | undefined, name: string): string => {
    try {
      return readlinkSync(`/proc/${pid}/${name}`);
    } catch {
      return '';
    }
  };
  const own = readlinkSync('/proc/self/ns/uts');
  return {
    bound,
    sent,
    opened: until('a namespace is held open', () => {
      const target = link(open.pid, 'fd/9');
      return target.startsWith('uts:') && link(open.pid, 'ns/uts') === own && (target as NamespaceId);
    }),
    inner: until('a namespace is below another', () => {
      const id = link(inner.pid, 'ns/user');
      const command = link(inner.pid, 'exe');
      return command.endsWith('busybox') && (id as NamespaceId);
    }),
  };
};

export const lookAtListed = (): Listed => {
  const made = held();
  const world = new Collector(new LinuxKernel()).collect([], []);
  const numbers = listNamespaces();
  return {
    made,
    listed: numbers === null ? null : numbers.map((number) => namespaceById(number)),
    found: world.namespaces,
  };
};
