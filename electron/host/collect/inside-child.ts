/**
 * Short-lived children that enter a namespace in our stead: this program has threads and never enters one itself. Of another
 * mount namespace no program is ever run: what a child runs is this machine's own.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import type { Learned } from '../../../shared/inside.ts';
import { NSENTER_NAMESPACES } from '../../../shared/nsenter-argv.ts';
import { decode } from '../read/bytes.ts';
import { MOUNTS_ENV } from '../read/mounts-inside.ts';
import { openNamespace } from '../read/nsfs.ts';
import { onPath } from '../shells/environment.ts';
import type { Space } from './inside-way.ts';

/** Answers take milliseconds; only a machine in trouble takes this long. */
const TIMEOUT_MILLIS = 5000;
/** 20,000 sockets are 3 MB. */
const OUTPUT_BYTES = 32 * 1024 * 1024;
const COMPLAINT_BYTES = 2000;

/**
 * Runs a program in these namespaces, or here if there are none, and gives what it wrote. Never rejects. `besides` are not
 * entered: the program has each open under its {@link fdOf}, if it can be opened.
 */
export type RunInside = (
  spaces: readonly Space[],
  argv: readonly string[],
  besides?: readonly Space[],
) => Promise<Learned<string>>;

/** After standard input, output and errors. */
const FIRST_FD = 3;
export const fdOf = (spaces: readonly Space[], besides: number): number => FIRST_FD + spaces.length + besides;

/** The Debian package of what may be missing. */
const PACKAGES: Readonly<Record<string, string>> = { ip: 'iproute2', nsenter: 'util-linux', unshare: 'util-linux' };

const missing = (program: string): Learned<never> => {
  const from = PACKAGES[program];
  const words = `The program ${program} is not installed${from === undefined ? '' : ` (Debian package ${from})`}.`;
  return { ok: false, why: 'no-program', words };
};

export const runInside: RunInside = async (spaces, argv, besides = []) => {
  const [program = '', ...rest] = argv;
  const path = onPath(program);
  if (path === null) return missing(program);
  const nsenter = spaces.length === 0 ? path : onPath('nsenter');
  if (nsenter === null) return missing('nsenter');
  const fds: (number | null)[] = [];
  let answer: Promise<Learned<string>>;
  try {
    const options: string[] = [];
    for (const space of spaces) {
      // Opened here and checked, so that a pid that was given anew leads nowhere else; the child finds it from 3 on.
      const fd = opened(space);
      if (fd === null)
        return {
          ok: false,
          why: 'no-way',
          words: `${space.id} could not be opened at ${space.path}: gone, or closed to this session.`,
        };
      const option = NSENTER_NAMESPACES.find((one) => one.type === space.type)?.option ?? space.type;
      options.push(`--${option}=/proc/self/fd/${FIRST_FD + fds.length}`);
      fds.push(fd);
    }
    for (const space of besides) fds.push(opened(space));
    if (spaces.some(({ type }) => type === 'user')) options.push('--preserve-credentials');
    answer = spaces.length === 0 ? said(path, rest, fds) : said(nsenter, [...options, '--', path, ...rest], fds);
  } finally {
    // Once started the child has its own: were ours open for longer, we would be told of among who holds the namespace.
    for (const fd of fds) if (fd !== null) fs.closeSync(fd);
  }
  return answer;
};

const opened = ({ id, path, otherwise = [] }: Space): number | null => {
  for (const place of [path, ...otherwise]) {
    const fd = openNamespace(place, id);
    if (fd !== null) return fd;
  }
  return null;
};

const said = (program: string, args: readonly string[], fds: readonly (number | null)[]): Promise<Learned<string>> =>
  new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe', ...fds.map((fd) => fd ?? ('ignore' as const))],
      // Untranslated, for it is parsed; and nothing of ours for it to know.
      env: { PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', ...MOUNTS_ENV },
      // A group of its own: what it forked ends with it.
      detached: true,
      cwd: '/',
    });
    const out: Buffer[] = [];
    const complaint: Buffer[] = [];
    let [length, ended] = [0, false];
    const end = (answer: Learned<string>): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      resolve(answer);
    };
    const kill = (answer: Learned<string>): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has just ended by itself.
      }
      end(answer);
    };
    const name = program.slice(program.lastIndexOf('/') + 1);
    const timer = setTimeout(
      () => kill({ ok: false, why: 'late', words: `${name} did not answer within ${TIMEOUT_MILLIS / 1000} s.` }),
      TIMEOUT_MILLIS,
    );
    child.stdout?.on('data', (bytes: Buffer) => {
      out.push(bytes);
      length += bytes.length;
      if (length > OUTPUT_BYTES) kill({ ok: false, why: 'failed', words: `${name} said more than Porthole takes.` });
    });
    child.stderr?.on('data', (bytes: Buffer) => {
      if (complaint.length * 64 < COMPLAINT_BYTES) complaint.push(bytes);
    });
    child.on('error', (error) => end({ ok: false, why: 'failed', words: error.message }));
    child.on('close', (code) => {
      const words = decode(Buffer.concat(complaint)).trim().slice(0, COMPLAINT_BYTES);
      if (code === 0) end({ ok: true, value: decode(Buffer.concat(out)) });
      else if (/Operation not permitted|Permission denied/.test(words)) end({ ok: false, why: 'denied', words });
      else end({ ok: false, why: 'failed', words: words === '' ? `${name} ended with ${code}.` : words });
    });
  });

/** Each file's name, its text, and whether it could be read: three answers apiece, set apart by NULs. */
const READ_FILES = `for file do printf '%s\\0' "$file"; { cat < "$file"; } 2>/dev/null && printf '\\0ok\\0' || printf '\\0no\\0'; done`;

/** What files of /proc hold for one who is in these namespaces. A file that could not be read is left out. */
export const filesInside = async (
  run: RunInside,
  spaces: readonly Space[],
  files: readonly string[],
): Promise<Learned<ReadonlyMap<string, string>>> => {
  const answer = await run(spaces, ['sh', '-c', READ_FILES, 'sh', ...files]);
  if (!answer.ok) return answer;
  const parts = answer.value.split('\0');
  const read = new Map<string, string>();
  for (let at = 0; at + 2 < parts.length; at += 3) if (parts[at + 2] === 'ok') read.set(parts[at]!, parts[at + 1]!);
  return { ok: true, value: read };
};
