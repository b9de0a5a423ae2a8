/** A small crowd of real processes with awkward names, for tools to look at. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface Member {
  /** Up to 15 bytes, one char a byte. */
  readonly comm: string;
  readonly children?: readonly Member[];
  /** Names of threads besides the first: then it is a Node process, whose further threads are called `rest`. */
  readonly threads?: readonly string[];
  /** Is left behind dead and never waited for. Its name is its parent's. */
  readonly zombie?: boolean;
  readonly uid?: number;
}

export interface Crowd {
  readonly pid: number;
  /** Everybody leaves. */
  readonly end: () => Promise<void>;
}

/** All of them wait for the end of file on descriptor 3, and say a line on descriptor 1 when they have their name. */
const WAIT = 'while read -r -u 3 _; do :; done; wait';
const escapes = (bytes: string): string =>
  [...bytes].map((byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
const named = (comm: string): string => `printf '%b' '${escapes(comm)}' > /proc/$BASHPID/comm; `;

const scriptOf = (member: Member): string => {
  const { comm, children = [], threads, zombie, uid } = member;
  // A shell waits for its children; cat does not. The child ends only when its parent has become cat.
  if (zombie) {
    const child = '(while [ "$(< /proc/$mother/comm)" != cat ]; do :; done; echo zombie $BASHPID)';
    return `(mother=$BASHPID; ${child} & exec cat <&3 >/dev/null)`;
  }
  if (threads !== undefined) return `(exec "$NODE" -e "$THREADS" '${JSON.stringify([comm, ...threads])}' <&3)`;
  const body = `${named(comm)}${children.map((child) => `${scriptOf(child)} & `).join('')}echo ready; ${WAIT}`;
  if (uid === undefined) return `(${body})`;
  return `(exec setpriv --reuid ${uid} bash -c ${quoted(body)})`;
};
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const THREADS = `
  const fs = require('node:fs');
  const { Worker } = require('node:worker_threads');
  const [comm, ...names] = JSON.parse(process.argv[1]);
  const workers = names.map(() => new Worker('setInterval(() => {}, 1e6)', { eval: true }));
  Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('online', resolve)))).then(() => {
    const tids = fs.readdirSync('/proc/self/task').filter((tid) => Number(tid) !== process.pid);
    const rename = (tid, name) => fs.writeFileSync('/proc/self/task/' + tid + '/comm', Buffer.from(name, 'latin1'));
    tids.forEach((tid, i) => rename(tid, names[i] ?? 'rest'));
    rename(process.pid, comm);
    console.log('ready');
  });
  process.stdin.resume().on('end', () => process.exit());
`;

const countOf = ({ children = [] }: Member): number => children.reduce((sum, child) => sum + countOf(child), 1);

/** Resolves when all have their names, and the zombies are dead. */
export const gather = async (root: Member): Promise<Crowd> => {
  const body = `exec 3<&0; ${named(root.comm)}${(root.children ?? []).map((child) => `${scriptOf(child)} & `).join('')}`;
  const child = spawn('bash', ['-c', `${body} echo ready; ${WAIT}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE: process.execPath, THREADS },
  });
  const closed = once(child, 'close');
  const end = async () => {
    child.stdin.end();
    await closed;
  };
  let missing = countOf(root);
  for await (const line of createInterface(child.stdout)) {
    const dead = /^zombie (\d+)$/.exec(line)?.[1];
    while (dead !== undefined && !/\) Z /.test(readFileSync(`/proc/${dead}/stat`, 'latin1'))) await nextTurn();
    if (--missing === 0) return { pid: child.pid!, end };
  }
  throw new Error(`${missing} processes of the crowd never came`);
};

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
