/**
 * A program of its own: stops one thread, reads its seccomp filters, lets it go, says what it read, and ends. A process that
 * traces must not be the host: were this one to be killed at any point, the kernel would let the tracee go (ptrace(2)).
 *
 *     node seccomp-tracer.js TID STARTTIME
 */
import { readFileSync, writeSync } from 'node:fs';
import { BPF_INSTRUCTION_BYTES, BPF_MAX_INSTRUCTIONS } from '../../../shared/bpf.ts';
import { parseStat } from '../parse/stat.ts';
import { decode } from '../read/bytes.ts';
import { errnoWord, loadPtrace, PTRACE, PTRACE_EVENT_STOP } from './ptrace.ts';
import type { Told } from './told.ts';

/** A thread that runs or sleeps stops at once; one that is frozen, or sleeps so that nothing may wake it, never does. */
const STOP_MILLIS = 1000;
/** Between two looks whether it has stopped. */
const LOOK_MILLIS = 0.1;

/** More than the kernel can hold: MAX_INSNS_PER_PATH of kernel/seccomp.c, each filter counting for four more. */
const FILTERS_AT_MOST = 8192;

const ENOENT = 2;
const ESRCH = 3;

const ptrace = loadPtrace();
const buffer = new Uint8Array(BPF_MAX_INSTRUCTIONS * BPF_INSTRUCTION_BYTES);
const clock = new Int32Array(new SharedArrayBuffer(4));

const refused = (request: string, pid: number, errno: number): Told => ({
  ok: false,
  why: errno === ESRCH ? 'ended' : 'refused',
  call: `ptrace(${request}, ${pid})`,
  errno: errnoWord(errno),
});

const isStill = (pid: number, starttime: number): boolean => {
  try {
    return parseStat(decode(readFileSync(`/proc/${pid}/stat`))).starttime === starttime;
  } catch {
    return false;
  }
};

const read = (pid: number, starttime: number): Told => {
  // It does not stop yet, nor does it take anything amiss that happens to us: no PTRACE_O_ option is set.
  const seized = ptrace.call(PTRACE.SEIZE, pid, 0, null);
  if (seized < 0) return refused('PTRACE_SEIZE', pid, -seized);
  const ended: Told = { ok: false, why: 'ended', call: `ptrace(PTRACE_SEIZE, ${pid})`, errno: null };
  // From here on its number cannot become another's unseen. If it is another's already, that one was not stopped.
  if (!isStill(pid, starttime)) return ended;
  const began = performance.now();
  const interrupted = ptrace.call(PTRACE.INTERRUPT, pid, 0, null);
  if (interrupted < 0) return refused('PTRACE_INTERRUPT', pid, -interrupted);
  for (;;) {
    const status = ptrace.changed(pid);
    if (status !== null) {
      if (status < 0 || (status & 0xff) !== 0x7f) return ended;
      return whileStopped(pid, status, began);
    }
    if (performance.now() - began > STOP_MILLIS) {
      return { ok: false, why: 'late', call: `waitpid(${pid})`, errno: null };
    }
    Atomics.wait(clock, 0, 0, LOOK_MILLIS);
  }
};

const whileStopped = (pid: number, status: number, began: number): Told => {
  // A signal on its way, which it must get all the same.
  const signal = status >> 16 === PTRACE_EVENT_STOP ? 0 : (status >> 8) & 0xff;
  const filters: { program: string; log: boolean | null }[] = [];
  let failure: Told | null = null;
  for (let index = 0; index < FILTERS_AT_MOST; index++) {
    const length = ptrace.call(PTRACE.SECCOMP_GET_FILTER, pid, index, buffer);
    if (length === -ENOENT) break;
    if (length < 0) {
      failure = refused('PTRACE_SECCOMP_GET_FILTER', pid, -length);
      break;
    }
    const program = Buffer.from(buffer.buffer, 0, length * BPF_INSTRUCTION_BYTES).toString('base64');
    filters.push({ program, log: hasLogFlag(pid, index) });
  }
  ptrace.detach(pid, signal);
  return failure ?? { ok: true, filters, stoppedMillis: performance.now() - began };
};

/** struct seccomp_metadata: the index asked for, then the flags; SECCOMP_FILTER_FLAG_LOG is the second of them. */
const hasLogFlag = (pid: number, index: number): boolean | null => {
  const metadata = new Uint8Array(16);
  const view = new DataView(metadata.buffer);
  view.setBigUint64(0, BigInt(index), true);
  const result = ptrace.call(PTRACE.SECCOMP_GET_METADATA, pid, metadata.length, metadata);
  return result < metadata.length ? null : (view.getUint32(8, true) & 2) !== 0;
};

const [pid, starttime] = process.argv.slice(2).map(Number);
if (!Number.isSafeInteger(pid) || pid! < 1 || !Number.isSafeInteger(starttime)) {
  throw new Error('usage: seccomp-tracer.js TID STARTTIME');
}
writeSync(1, JSON.stringify(read(pid!, starttime!)));
// Whatever may still be traced is let go by the kernel.
process.exit(0);
