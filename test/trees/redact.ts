/** Takes out of a capture what must not leave the machine: environments, secrets on command lines, names of it and its users. */
import { decode, encode } from '../../electron/host/read/bytes.ts';
import type { Entry, Tree } from './tree-text.ts';

const SECRET = /pass(?:w(?:or)?d|phrase)?|secret|token|(?:api|access|private)[-_]?key|auth|credential/i;
const GONE = 'redacted';

/** A name and what follows it, in one argument or in two; and user and password of an address. */
export const redactArgv = (argv: readonly string[]): string[] =>
  argv.map((argument, i) => {
    const before = argv[i - 1] ?? '';
    if (/^--?[\w-]+$/.test(before) && SECRET.test(before) && !argument.startsWith('-')) return GONE;
    return argument
      .replace(/^([^=\s]*)=(.+)$/s, (whole, name: string) => (SECRET.test(name) ? `${name}=${GONE}` : whole))
      .replace(/(\w:\/\/)[^/@\s]*@/g, `$1${GONE}@`)
      .replace(/^(Authorization:).*/is, `$1 ${GONE}`);
  });

const redactCmdline = (text: string): string => redactArgv(text.split('\0')).join('\0');

const redactEnviron = (text: string): string => text.replace(/(^|\0)([^=\0]*)=[^\0]*/g, `$1$2=${GONE}`);

/** The root file systems of containers, as the host sees them, are many and say nothing that their own tables do not. */
const redactMounts = (text: string): string =>
  text
    .replace(/^\d+ \d+ \S+ \S+ \/\S.* - overlay overlay .*\n/gm, '')
    .replace(/((?:password|passwd|pass|credentials|secret|key)=)[^,\s]+/gi, `$1${GONE}`);

/** Users who came with the system have the same names everywhere; those from 1000 on are people. */
const isPerson = (uid: number): boolean => uid >= 1000 && uid < 65534;

const userRows = (passwd: string): { name: string; uid: number; gid: string }[] =>
  passwd.split('\n').flatMap((line) => {
    const [name = '', , uid = '', gid = ''] = line.split(':');
    return /^\d+$/.test(uid) ? [{ name, uid: Number(uid), gid }] : [];
  });

/** Every user that the processes may belong to, without names, homes and shells of people. */
const redactPasswd = (text: string, names: ReadonlyMap<string, string>): string =>
  userRows(text)
    .filter(({ uid }) => uid === 0 || uid === 65534 || uid < 200 || isPerson(uid))
    .map(({ name, uid, gid }) => `${names.get(name) ?? name}:x:${uid}:${gid}:::\n`)
    .join('');

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export interface Told {
  readonly hostname: string;
  /** /etc/machine-id, boot_id, …: whatever else names this machine alone. */
  readonly ids: readonly string[];
}

/** A name this short is everybody's word; the file that holds it is rewritten all the same. */
const TELLING_LETTERS = 4;

/** The same tree without secrets. `keep` says which pids the lists in cgroups may name. */
export const redacted = (tree: Tree, { hostname, ids }: Told, keep: ReadonlySet<number>): Tree => {
  const passwd = tree.entries.get('/etc/passwd');
  const people = passwd?.is === 'file' ? userRows(decode(passwd.bytes)).filter(({ uid }) => isPerson(uid)) : [];
  const names = new Map(people.map(({ name }, i) => [name, `user${i + 1}`]));
  const words = new Map([...names, [hostname, 'harbour'], ...ids.map((id) => [id, '0'.repeat(id.length)] as const)]);
  const rules = [...words]
    .filter(([word, instead]) => word.length >= TELLING_LETTERS && word !== instead)
    .map(([word, instead]) => [new RegExp(`(?<![\\w-])${literally(word)}(?![\\w-])`, 'g'), instead] as const);
  const plain = (text: string): string => rules.reduce((rest, [word, instead]) => rest.replace(word, instead), text);

  const file = (path: string, text: string): string => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name === 'environ') return redactEnviron(text);
    if (name === 'cmdline') return plain(redactCmdline(text));
    if (name === 'passwd') return redactPasswd(text, names);
    if (path === '/proc/sys/kernel/hostname') return 'harbour\n';
    if (name === 'mountinfo' || name === 'mounts') return plain(redactMounts(text));
    if (name === 'cgroup.procs' || name === 'cgroup.threads' || name === 'tasks') {
      return text.replace(/^(\d+)\n/gm, (line, pid: string) => (pid === '0' || keep.has(Number(pid)) ? line : ''));
    }
    return plain(text);
  };
  const entry = (path: string, old: Entry): Entry => {
    if (old.is === 'link') return { is: 'link', target: plain(old.target) };
    if (old.is !== 'file') return old;
    return { is: 'file', bytes: Buffer.from(encode(file(path, decode(old.bytes)))) };
  };
  return { ...tree, entries: new Map([...tree.entries].map(([path, old]) => [path, entry(path, old)])) };
};
