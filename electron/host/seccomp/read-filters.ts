/** The seccomp filters of one thread: on request only, for it must be stopped for some milliseconds. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { programFromBytes } from '../../../shared/bpf.ts';
import { capabilityBits } from '../../../shared/capabilities.ts';
import { PortholeError } from '../../../shared/frames.ts';
import type { ProcessKey } from '../../../shared/model.ts';
import type { SeccompFilters } from '../../../shared/seccomp-model.ts';
import { architectureOfNode } from '../../../shared/syscalls.ts';
import { withProcess, type HeldProcess } from '../change/one-process.ts';
import { parseStat } from '../parse/stat.ts';
import { decode } from '../read/bytes.ts';
import { statusAt, threadsOf } from './read-threads.ts';
import type { Told } from './told.ts';

/** Bundled beside whatever asks. */
const TRACER = new URL('./seccomp-tracer.js', import.meta.url);

/** It ends within two seconds by itself (tracer.ts); on a busy machine Node alone may take long to start. */
const TRACER_MILLIS = 10_000;
/** All filters that the kernel lets one thread have, in base64, fit. */
const TOLD_BYTES = 4 * 1024 * 1024;

const FILTER_MODE = 2;
/** linux/capability.h; asked for by seccomp_get_filter() and by ptrace itself. */
const CAP_SYS_PTRACE = 19;
const CAP_SYS_ADMIN = 21;

const asking = new Map<string, Promise<SeccompFilters>>();

/**
 * `tid`: a thread of the process, its first if `null`. Rejects with a {@link PortholeError}: `not-found` if it ended, `denied`
 * with what would open it, `failed` if it would not stop. Whatever happens, the process goes on as before. Who asks while it
 * is being read gets the same answer.
 */
export const readFilters = (key: ProcessKey, tid: number | null = null, tracer = TRACER): Promise<SeccompFilters> => {
  const whom = `${key}/${tid ?? ''}`;
  const running = asking.get(whom);
  if (running !== undefined) return running;
  const reading = withProcess(key, (held) => readHeld(key, held, tid ?? held.pid, tracer)).finally(() =>
    asking.delete(whom),
  );
  asking.set(whom, reading);
  return reading;
};

const readHeld = async (key: ProcessKey, held: HeldProcess, tid: number, tracer: URL): Promise<SeccompFilters> => {
  const folder = `${held.folder}/task/${tid}`;
  const gone = (thrown: unknown) => (hasEnded(thrown) ? ended(held.pid, tid) : thrown);
  const [{ seccomp }, { starttime }] = await Promise.all([
    statusAt(folder),
    readFile(`${folder}/stat`).then((bytes) => parseStat(decode(bytes))),
  ]).catch((thrown: unknown) => {
    throw gone(thrown);
  });
  if (seccomp === null) throw new PortholeError('failed', 'this kernel was built without seccomp');
  const answer = {
    key,
    tid,
    takenAt: Date.now(),
    mode: seccomp,
    architecture: architectureOfNode(process.arch),
    filters: [],
    stoppedMillis: null,
    threads: await threadsOf(held),
  };
  // Without a filter there is nothing to stop it for.
  if (seccomp !== FILTER_MODE) return answer;
  await mayTrace();
  const told = await ask(tid, starttime, tracer);
  if (!told.ok) throw await refusal({ folder, pid: held.pid, tid }, told);
  const filters = told.filters.map(({ program, log }) => ({
    program: programFromBytes(Buffer.from(program, 'base64')),
    log,
  }));
  return { ...answer, filters: filters.reverse(), stoppedMillis: told.stoppedMillis };
};

/** `Process 7`, `Thread 8 of process 7`. */
const named = (pid: number, tid: number): string =>
  tid === pid ? `Process ${pid}` : `Thread ${tid} of process ${pid}`;

const ended = (pid: number, tid: number) => new PortholeError('not-found', `${named(pid, tid)} has ended meanwhile.`);

const hasEnded = (thrown: unknown): boolean =>
  typeof thrown === 'object' &&
  thrown !== null &&
  'code' in thrown &&
  (thrown.code === 'ESRCH' || thrown.code === 'ENOENT');

/** Asked before anything is stopped. */
const mayTrace = async (): Promise<void> => {
  const { capabilities, seccomp } = await statusAt('/proc/self');
  const effective = capabilityBits(capabilities.effective);
  if (!effective.includes(CAP_SYS_ADMIN) || !effective.includes(CAP_SYS_PTRACE)) {
    throw new PortholeError(
      'denied',
      'The kernel shows seccomp filters only to who has CAP_SYS_ADMIN and CAP_SYS_PTRACE, as root has. Nothing was stopped.',
    );
  }
  if (seccomp !== 0) {
    throw new PortholeError(
      'denied',
      'The kernel shows seccomp filters only to who has none itself, and this session has one. Nothing was stopped.',
    );
  }
};

const ask = (tid: number, starttime: number, tracer: URL): Promise<Told> =>
  new Promise((resolve, reject) => {
    const options = {
      // Electron's own binary is a Node when told so.
      env: { ELECTRON_RUN_AS_NODE: '1' },
      timeout: TRACER_MILLIS,
      killSignal: 'SIGKILL',
      maxBuffer: TOLD_BYTES,
    } as const;
    execFile(
      process.execPath,
      [fileURLToPath(tracer), String(tid), String(starttime)],
      options,
      (error, out, complaint) => {
        if (error === null) return resolve(JSON.parse(out) as Told);
        const lines = complaint.trim().split('\n');
        const said = lines.find((line) => /Error/.test(line)) ?? error.message;
        reject(new PortholeError('failed', `the program that reads filters ended: ${said}`));
      },
    );
  });

const refusal = async (
  { folder, pid, tid }: { readonly folder: string; readonly pid: number; readonly tid: number },
  told: Extract<Told, { ok: false }>,
): Promise<PortholeError> => {
  const who = named(pid, tid);

  const call = told.errno === null ? told.call : `${told.call}: ${told.errno}`;
  if (told.why === 'ended') return ended(pid, tid);
  if (told.why === 'late') {
    return new PortholeError(
      'failed',
      `${who} did not stop within a second: it is frozen, or in a sleep that nothing may wake it from. It was let go.`,
    );
  }
  if (told.call.startsWith('ptrace(PTRACE_SEIZE')) {
    const status = await readFile(`${folder}/status`, 'latin1').catch(() => '');
    // Of the dead, the kernel says EPERM as well; it may have ended since it was looked at.
    if (status === '' || /^State:\t[ZX]/m.test(status)) return ended(pid, tid);
    const tracer = /^TracerPid:\t([1-9]\d*)$/m.exec(status)?.[1];
    if (tracer !== undefined) {
      return new PortholeError('denied', `${who} is traced already, by process ${tracer}. Nothing was stopped.`);
    }
    return new PortholeError('denied', `The kernel does not let this session trace ${who.toLowerCase()} (${call}).`);
  }
  switch (told.errno) {
    case 'EACCES':
      return new PortholeError('denied', `The kernel shows filters to root of the whole machine alone (${call}).`);
    case 'EINVAL':
    case 'EIO':
      return new PortholeError(
        'failed',
        `This kernel shows no filters: CONFIG_CHECKPOINT_RESTORE is missing (${call}).`,
      );
    default:
      return new PortholeError('failed', `The filters could not be read (${call}).`);
  }
};
