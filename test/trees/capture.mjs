/**
 * Writes what Porthole reads of this machine as a tree for the tests:
 *   node test/trees/capture.mjs 1 7 4711 > test/trees/NAME.tree
 * Only the processes that are named, and nothing of their environments. Look through it before you keep it.
 */
import { openSync, readFileSync, readdirSync, readlinkSync, closeSync } from 'node:fs';

const WHY = { ESRCH: 'gone', EACCES: 'denied', EPERM: 'denied', ENOENT: 'absent' };
const why = (thrown) => WHY[thrown.code] ?? 'malformed';

const escaped = (bytes) => {
  let text = '';
  for (const byte of bytes) {
    if (byte === 0x5c) text += '\\\\';
    else if (byte === 0) text += '\\0';
    else if (byte === 0x09 || byte === 0x0a || (byte >= 0x20 && byte < 0x7f)) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  // A line of the file must not pass for an entry.
  text = text.replace(/^([=\-!?])(?=[=>!?] )/gm, (sign) => `\\x${sign.charCodeAt(0).toString(16)}`);
  return text.endsWith('\n') ? text.slice(0, -1) : `${text}\\c`;
};

const file = (path) => {
  try {
    const bytes = readFileSync(path);
    console.log(bytes.length === 0 ? `== ${path}` : `== ${path}\n${escaped(bytes)}`);
  } catch (thrown) {
    console.log(`!! ${path} ${why(thrown)}`);
  }
};

const link = (path) => {
  try {
    console.log(`-> ${path} ${readlinkSync(path)}`);
  } catch (thrown) {
    console.log(`!! ${path} ${why(thrown)}`);
  }
};

const LINKS = ['mnt', 'uts', 'ipc', 'net', 'pid', 'user', 'cgroup', 'time', 'pid_for_children', 'time_for_children'];
const pids = process.argv.slice(2);

for (const path of ['stat', 'uptime', 'meminfo', 'sys/kernel/hostname', 'sys/kernel/osrelease']) file(`/proc/${path}`);
link('/proc/self');
for (const path of ['status', 'auxv', 'mountinfo']) file(`/proc/self/${path}`);
for (const name of LINKS) link(`/proc/self/ns/${name}`);
file('/etc/passwd');
for (const pid of pids) {
  for (const name of ['stat', 'schedstat', 'status', 'cmdline', 'cgroup', 'uid_map', 'gid_map', 'mountinfo']) {
    file(`/proc/${pid}/${name}`);
  }
  for (const name of [...LINKS.map((name) => `ns/${name}`), 'exe', 'cwd', 'root']) link(`/proc/${pid}/${name}`);
  try {
    closeSync(openSync(`/proc/${pid}/fd`));
    for (const fd of readdirSync(`/proc/${pid}/fd`)) link(`/proc/${pid}/fd/${fd}`);
  } catch (thrown) {
    console.log(`!! /proc/${pid}/fd ${why(thrown)}`);
  }
}
