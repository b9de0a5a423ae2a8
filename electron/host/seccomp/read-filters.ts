/** The seccomp filters of one process: on request only, for it must be stopped for some milliseconds. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { programFromBytes } from '../../../shared/bpf.ts';
import { capabilityBits } from '../../../shared/capabilities.ts';
import { PortholeError } from '../../../shared/frames.ts';
import type { ProcessKey } from '../../../shared/model.ts';
import type { SeccompFilters } from '../../../shared/seccomp-model.ts';
import { architectureOfNode } from '../../../shared/syscalls.ts';
import { withProcess, type HeldProcess } from '../change/one-process.ts';
import { parseStatus } from '../parse/status.ts';
import { decode } from '../read/bytes.ts';
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

const asking = new Map<ProcessKey, Promise<SeccompFilters>>();

/**
 * Rejects with a {@link PortholeError}: `not-found` if it ended, `denied` with what would open it, `failed` if it would not
 * stop. Whatever happens, the process goes on as before. Who asks while it is being read gets the same answer.
 */
export const readFilters = (key: ProcessKey, tracer = TRACER): Promise<SeccompFilters> => {
  const running = asking.get(key);
  if (running !== undefined) return running;
  const reading = withProcess(key, (held) => readHeld(key, held, tracer)).finally(() => asking.delete(key));
  asking.set(key, reading);
  return reading;
};

const readHeld = async (key: ProcessKey, held: HeldProcess, tracer: URL): Promise<SeccompFilters> => {
  const { seccomp } = await statusAt(held.folder).catch((thrown: unknown) => {
    throw hasEnded(thrown) ? ended(held.pid) : thrown;
  });
  if (seccomp === null) throw new PortholeError('failed', 'this kernel was built without seccomp');
  const answer = {
    key,
    takenAt: Date.now(),
    mode: seccomp,
    architecture: architectureOfNode(process.arch),
    filters: [],
    stoppedMillis: null,
    otherThreads: await otherThreads(held),
  };
  // Without a filter there is nothing to stop it for.
  if (seccomp !== FILTER_MODE) return answer;
  await mayTrace();
  const told = await ask(held.pid, held.stat.starttime, tracer);
  if (!told.ok) throw await refusal(held, told);
  const filters = told.filters.map(({ program, log }) => ({
    program: programFromBytes(Buffer.from(program, 'base64')),
    log,
  }));
  return { ...answer, filters: filters.reverse(), stoppedMillis: told.stoppedMillis };
};

const ended = (pid: number) => new PortholeError('not-found', `Process ${pid} has ended meanwhile.`);

const hasEnded = (thrown: unknown): boolean =>
  typeof thrown === 'object' &&
  thrown !== null &&
  'code' in thrown &&
  (thrown.code === 'ESRCH' || thrown.code === 'ENOENT');

const statusAt = async (folder: string) => parseStatus(decode(await readFile(`${folder}/status`)));

/** Those with another mode or number of filters than the first thread. */
const otherThreads = async ({ folder, pid }: HeldProcess): Promise<number> => {
  const kind = async (at: string): Promise<string | null> =>
    statusAt(at).then(
      ({ seccomp, seccompFilters }) => `${seccomp} ${seccompFilters}`,
      () => null,
    );
  const first = await kind(`${folder}/task/${pid}`);
  const threads = await readdir(`${folder}/task`).catch(() => []);
  const kinds = await Promise.all(threads.map((thread) => kind(`${folder}/task/${thread}`)));
  return kinds.filter((one) => one !== null && one !== first).length;
};

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

const ask = (pid: number, starttime: number, tracer: URL): Promise<Told> =>
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
      [fileURLToPath(tracer), String(pid), String(starttime)],
      options,
      (error, out, complaint) => {
        if (error === null) return resolve(JSON.parse(out) as Told);
        const lines = complaint.trim().split('\n');
        const said = lines.find((line) => /Error/.test(line)) ?? error.message;
        reject(new PortholeError('failed', `the program that reads filters ended: ${said}`));
      },
    );
  });

const refusal = async ({ pid, folder }: HeldProcess, told: Extract<Told, { ok: false }>): Promise<PortholeError> => {
  const call = told.errno === null ? told.call : `${told.call}: ${told.errno}`;
  if (told.why === 'ended') return ended(pid);
  if (told.why === 'late') {
    return new PortholeError(
      'failed',
      `Process ${pid} did not stop within a second: it is frozen, or in a sleep that nothing may wake it from. It was let go.`,
    );
  }
  if (told.call.startsWith('ptrace(PTRACE_SEIZE')) {
    const status = await readFile(`${folder}/status`, 'latin1').catch(() => '');
    // Of the dead, the kernel says EPERM as well; it may have ended since it was looked at.
    if (status === '' || /^State:\t[ZX]/m.test(status)) return ended(pid);
    const tracer = /^TracerPid:\t([1-9]\d*)$/m.exec(status)?.[1];
    if (tracer !== undefined) {
      return new PortholeError(
        'denied',
        `Process ${pid} is traced already, by process ${tracer}. Nothing was stopped.`,
      );
    }
    return new PortholeError('denied', `The kernel does not let this session trace process ${pid} (${call}).`);
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
