/** Filters read from real processes, which go on as before; against what the kernel does with their calls. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFilters } from '../../electron/host/seccomp/read-filters.ts';
import { readSeccompThreads } from '../../electron/host/seccomp/read-threads.ts';
import { PortholeError } from '../../shared/frames.ts';
import { processKey, type ProcessKey } from '../../shared/model.ts';
import { errnoName } from '../../shared/seccomp-action.ts';
import { answerOf } from '../../shared/seccomp-answer.ts';
import { verdictText } from '../../shared/seccomp-verdict.ts';
import { buildTracer, porthole, portholeJson, run } from './cli-run.ts';
import { compile, compilerUnavailable } from './seccomp/compile.ts';

const TRACER = new URL('../../dist/seccomp-tracer.js', import.meta.url);
const reason = process.getuid?.() === 0 ? compilerUnavailable() : 'the kernel shows filters to root alone';

const keyOf = (pid: number): ProcessKey => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return processKey(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]));
};
const stateOf = (pid: number): string[] =>
  [...readFileSync(`/proc/${pid}/status`, 'utf8').matchAll(/^(?:State|TracerPid):\t(\S+)/gm)].map(
    ([, value]) => value!,
  );
const read = (key: ProcessKey, tid: number | null = null) => readFilters(key, tid, TRACER);
const refusal = async (key: ProcessKey): Promise<string> =>
  read(key).then(
    () => 'read',
    (error: unknown) => {
      if (error instanceof PortholeError) return `${error.code}: ${error.message}`;
      throw error;
    },
  );

describe.skipIf(reason !== null)(`seccomp filters${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-seccomp-'));
  let stacked: string;
  let child: ChildProcess;
  let key: ProcessKey;
  /** What it said of itself before it began to wait. */
  const happened = new Map<string, string>();

  const start = async (
    said: (line: string) => void = () => undefined,
    args: readonly string[] = [],
    program = stacked,
  ): Promise<ChildProcess> => {
    const started = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    for await (const line of createInterface(started.stdout)) {
      if (line === 'ready') break;
      said(line);
    }
    return started;
  };

  beforeAll(async () => {
    buildTracer();
    stacked = compile('stacked', folder);
    child = await start((line) => {
      const [name, ...what] = line.split(' ');
      happened.set(name!, what.join(' '));
    });
    key = keyOf(child.pid!);
  });
  afterAll(() => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  it('are read newest first, and the process waits on as before', async () => {
    await expect.poll(() => stateOf(child.pid!)).toEqual(['S', '0']);
    const { filters, mode, stoppedMillis, threads, tid } = await read(key);
    expect([mode, filters.length, threads.differing, tid]).toEqual([2, 2, 0, child.pid]);
    expect(filters[0]?.program[2]).toEqual([0x06, 0, 0, 0x50002]);
    expect(filters[1]?.program[2]).toEqual([0x06, 0, 0, 0x50001]);
    expect(filters.map(({ log }) => log)).toEqual([false, false]);
    expect(stoppedMillis).toBeLessThan(1000);
    await expect.poll(() => stateOf(child.pid!)).toEqual(['S', '0']);
  });

  it('are combined as the kernel combines them', async () => {
    const { filters, architecture } = await read(key);
    const answer = answerOf(filters.map(({ program }) => program), architecture!); // prettier-ignore
    const told = (name: string) => verdictText(answer.calls.find((call) => call.name === name)!.verdict);
    // Of two errnos the newer filter's; the stricter of two actions; what one allows and the other does not.
    expect([told('getppid'), told('getpgid'), told('getsid')]).toEqual(['ENOENT', 'kill_process', 'ESRCH']);
    expect(errnoName(Number(happened.get('getppid')))).toBe('ENOENT');
    expect(happened.get('getpgid')).toBe('signal 31');
    expect(errnoName(Number(happened.get('getsid')))).toBe('ESRCH');
  });

  it('of a stopped process leave it stopped', async () => {
    child.kill('SIGSTOP');
    await expect.poll(() => stateOf(child.pid!)).toEqual(['T', '0']);
    expect((await read(key)).filters).toHaveLength(2);
    // Let go, it takes a moment to find its way back into the stop.
    await expect.poll(() => stateOf(child.pid!)).toEqual(['T', '0']);
    child.kill('SIGCONT');
    await expect.poll(() => stateOf(child.pid!)).toEqual(['S', '0']);
  });

  it('asked for many times at once are read one after the other', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => read(key)));
    expect(answers.map(({ filters }) => filters.length)).toEqual(Array(8).fill(2));
    await expect.poll(() => stateOf(child.pid!)).toEqual(['S', '0']);
  });

  it('are not found of a process that ended, or whose pid is another’s', async () => {
    const short = await start();
    const shortKey = keyOf(short.pid!);
    short.stdin!.end();
    await once(short, 'exit');
    expect(await refusal(shortKey)).toMatch(/^not-found: /);
    expect(await refusal(`${child.pid!}@1`)).toMatch(/^not-found: .*another has its number/);
    // Even told to, the tracer itself stops no other process of that number.
    const { stdout } = await run([process.execPath, fileURLToPath(TRACER), String(child.pid), '1']);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, why: 'ended' });
    await expect.poll(() => stateOf(child.pid!)).toEqual(['S', '0']);
  });

  it('of a process that ends meanwhile are read or not found', async () => {
    for (let delayMillis = 0; delayMillis < 120; delayMillis += 8) {
      const short = await start();
      const ended = once(short, 'exit');
      const asked = refusal(keyOf(short.pid!));
      setTimeout(() => short.kill('SIGKILL'), delayMillis);
      expect(await asked).toMatch(/^(?:read$|not-found: )/);
      await ended;
    }
  });

  it('of a process that is traced already are refused, with who does it', async () => {
    const busy = await start(undefined, [String(child.pid)]);
    await expect.poll(() => stateOf(child.pid!)).toEqual(['S', String(busy.pid)]);
    expect(await refusal(key)).toBe(
      `denied: Process ${child.pid} is traced already, by process ${busy.pid}. Nothing was stopped.`,
    );
    busy.stdin!.end();
    await once(busy, 'exit');
    expect(await refusal(key)).toBe('read');
  });

  it('need no stop where there are none', async () => {
    expect(await read(keyOf(process.pid))).toMatchObject({ mode: 0, filters: [], stoppedMillis: null });
  });

  it('belong to one thread, are told of it alone, and the others do not stop', async () => {
    let tid = 0;
    const threaded = await start(
      (line) => (tid = Number(line.replace('thread ', ''))),
      [],
      compile('threaded', folder),
    );
    const [pid, whole] = [threaded.pid!, keyOf(threaded.pid!)];
    try {
      const of = { comm: 'filtered', seccomp: 2, seccompFilters: 1, tid };
      const threads = {
        count: 2,
        differing: 1,
        first: { tid: pid, seccomp: 0, seccompFilters: 0 },
        others: [of],
        unread: 0,
      };
      expect(await readSeccompThreads(whole)).toMatchObject(threads);
      // Of the first thread there is nothing to be read, nor anything to be stopped for.
      expect(await read(whole)).toMatchObject({ tid: pid, mode: 0, filters: [], stoppedMillis: null, threads });
      const told = await read(whole, tid);
      expect(told).toMatchObject({ tid, mode: 2, threads });
      expect(told.filters.map(({ program }) => program.length)).toEqual([4]);
      await expect.poll(() => stateOf(tid)).toEqual(['S', '0']);
      const { code, stdout, stderr } = await porthole(['seccomp', String(tid)]);
      expect([code, stderr]).toEqual([0, expect.stringContaining(`thread ${tid} of process ${pid} was stopped for`)]);
      expect(stdout).toContain(`thread ${tid} of process ${pid}: filter, 1 filter\n`);
      expect(stdout).toContain('1 of its 2 threads has another mode or number of filters than the first.\n');
      expect(stdout).toMatch(/denied, ENOENT: the call fails with ENOENT\n {2}getppid\n/);
      expect((await porthole(['seccomp', String(pid)])).stdout).toContain(`  ${tid} filtered: filter, 1 filter\n`);
      expect(await portholeJson(['seccomp', String(tid)])).toMatchObject({ process: whole, thread: tid, threads });
      // A thread of another process is none of this one's.
      await expect(read(key, tid)).rejects.toMatchObject({ code: 'not-found' });
    } finally {
      threaded.kill('SIGKILL');
    }
  });

  it('are told by the command, as text and as JSON, and it says how long it took', async () => {
    const { code, stdout, stderr } = await porthole(['seccomp', String(child.pid)]);
    expect(code).toBe(0);
    const [first, then] = [
      `stopping process ${child.pid} for a moment, to read its filters`,
      `process ${child.pid} was stopped`,
    ];
    expect(stderr).toMatch(new RegExp(`^porthole: ${first}\\nporthole: ${then} for \\d+\\.\\d ms\\n$`));
    expect(stdout).toContain('filter, 2 filters');
    expect(stdout).toMatch(/denied, ENOENT: the call fails with ENOENT\n {2}getppid\n/);
    const listing = await porthole(['seccomp', String(child.pid), '--disassemble']);
    expect(listing.stdout).toContain('; return kill_process');
    expect(await portholeJson(['seccomp', String(child.pid)])).toMatchObject({
      mode: 2,
      filters: [{ instructions: 8 }, { instructions: 8 }],
      answer: {
        calls: expect.arrayContaining([expect.objectContaining({ name: 'getsid', text: 'ESRCH' })]) as unknown,
      },
    });
  });

  it('are refused to an ordinary user, and nothing is stopped', async () => {
    const asNobody = ['setpriv', '--reuid', '65534', '--clear-groups', process.execPath];
    const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
    const { code, stdout, stderr } = await run([...asNobody, cli, 'seccomp', String(child.pid)]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('only to who has CAP_SYS_ADMIN and CAP_SYS_PTRACE, as root has. Nothing was stopped.');
  });
});
