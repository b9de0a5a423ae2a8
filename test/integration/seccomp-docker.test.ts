/** Docker's default profile: what the filter is said to do with a call, against what becomes of that call in a container. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFilters } from '../../electron/host/seccomp/read-filters.ts';
import { processKey, type ProcessKey } from '../../shared/model.ts';
import { errnoName } from '../../shared/seccomp-action.ts';
import { answerOf, callsIn, groupOf, type SeccompAnswer } from '../../shared/seccomp-answer.ts';
import { verdictText } from '../../shared/seccomp-verdict.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { buildTracer } from './cli-run.ts';
import { compile, compilerUnavailable } from './seccomp/compile.ts';

const TRACER = new URL('../../dist/seccomp-tracer.js', import.meta.url);
const reason = compilerUnavailable() ?? (await labUnavailable());

/** Calls that end or never come back, and those that would make the probe's answer another's. */
const NOT_PROBED = /^(?:exit|exit_group|fork|vfork|clone|clone3|pause|rt_sigsuspend|rt_sigreturn|restart_syscall|sync|alarm|rseq|vhangup|personality)$/; // prettier-ignore

const hasFreezer = (() => {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8').includes(' /sys/fs/cgroup/freezer ');
  } catch {
    return false;
  }
})();

describe.skipIf(reason !== null)(`Docker’s seccomp profile${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-seccomp-'));
  let lab: Lab;
  let pid: number;
  let key: ProcessKey;
  let answer: SeccompAnswer;

  const status = (name: string): string =>
    new RegExp(`^${name}:\t(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
  /** `NUMBER` or `NUMBER:ARG` to what happened. */
  const probed = async (container: string, calls: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    const { stdout } = await lab.docker('exec', container, '/probe/probe', ...calls);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(calls.length);
    return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
  };

  beforeAll(async () => {
    buildTracer();
    compile('probe', folder);
    lab = await startLab();
    const sleeping = ['-v', `${folder}:/probe:ro`, 'busybox', 'sleep', '10000'];
    await lab.docker('run', '-d', '--name', 'default', ...sleeping);
    await lab.docker('run', '-d', '--name', 'free', '--security-opt', 'seccomp=unconfined', ...sleeping);
    pid = Number((await lab.docker('inspect', '-f', '{{.State.Pid}}', 'default')).stdout);
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    key = processKey(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]));
    const { filters, architecture } = await readFilters(key, null, TRACER);
    answer = answerOf(filters.map(({ program }) => program), architecture!); // prettier-ignore
  });
  afterAll(async () => {
    await lab?.down();
    rmSync(folder, { recursive: true });
  });

  it('says of every call what becomes of it', async () => {
    const calls = answer.calls.filter(({ name, verdict }) => !NOT_PROBED.test(name) && verdict.kind === 'action');
    expect(calls.length).toBeGreaterThan(300);
    const numbers = calls.map(({ number }) => String(number));
    const [filtered, free] = await Promise.all([probed('default', numbers), probed('free', numbers)]);
    const wrong: string[] = [];
    let told = 0;
    for (const { name, number, verdict } of calls) {
      const happened = filtered.get(String(number))!;
      const without = free.get(String(number))!;
      // With an errno of a filter, that; without, whatever becomes of it without any filter.
      const denied = groupOf(verdict) === 'denied';
      const expected = denied ? verdictText(verdict) : without;
      const seen = denied ? errnoName(Number(happened)) : happened;
      if (seen !== expected) wrong.push(`${name}: said ${expected}, was ${seen}`);
      if (denied && errnoName(Number(without)) !== expected) told++;
    }
    expect(wrong).toEqual([]);
    // Those that only the filter could have denied in this way: the kernel itself answers another errno.
    expect(told).toBeGreaterThan(30);
  });

  it('says of numbers that no call has what becomes of them', async () => {
    const numbers = ['350', '500', '800', '1000'];
    const happened = await probed('default', numbers);
    for (const number of numbers) {
      const range = answer.unnamed.find(({ from, to }) => from <= Number(number) && Number(number) <= to)!;
      expect(errnoName(Number(happened.get(number))), number).toBe(verdictText(range.verdict));
    }
  });

  it('says by which arguments a call is allowed', async () => {
    const call = (name: string) => callsIn(answer, 'conditional').find((one) => one.name === name)!;
    expect(verdictText(call('clone').verdict)).toBe(
      'allow if arg0 & 0x7e020000 (CLONE_NEWNS|CLONE_NEWCGROUP|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWUSER|CLONE_NEWPID|CLONE_NEWNET) == 0; otherwise EPERM',
    );
    expect(verdictText(call('personality').verdict)).toBe(
      'allow if arg0 == 0 (PER_LINUX), 8 (PER_LINUX32), 0x20000 (UNAME26), 0x20008 (UNAME26|PER_LINUX32) or 0xffffffff (only asks); otherwise EPERM',
    );
    const [clone, personality] = [call('clone').number, call('personality').number];
    const allowed = [`${clone}:17`, `${personality}:0`, `${personality}:0xffffffff`, `${personality}:0x20008`];
    // A new UTS, user, network namespace; two personalities that are not among those.
    const denied = [`${clone}:0x04000011`, `${clone}:0x10000011`, `${clone}:0x40000011`, `${personality}:1`, `${personality}:0x1000000000`]; // prettier-ignore
    const happened = await probed('default', [...allowed, ...denied]);
    expect([...happened]).toEqual([...allowed.map((one) => [one, '0']), ...denied.map((one) => [one, '1'])]);
  });

  it('of a container that runs without one is none', async () => {
    const { stdout } = await lab.docker('inspect', '-f', '{{.State.Pid}}', 'free');
    const stat = readFileSync(`/proc/${Number(stdout)}/stat`, 'latin1');
    const freeKey = processKey(Number(stdout), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]));
    expect(await readFilters(freeKey, null, TRACER)).toMatchObject({ mode: 0, filters: [], stoppedMillis: null });
  });

  const frozen = hasFreezer ? '' : ' (cannot run: the freezer of cgroup v1 is not mounted here)';
  it.skipIf(!hasFreezer)(`of a paused container is not waited for, and it goes on when unpaused${frozen}`, async () => {
    await lab.docker('pause', 'default');
    await expect(readFilters(key, null, TRACER)).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('did not stop within a second: it is frozen') as string,
    });
    expect(status('TracerPid')).toBe('0');
    // Killed while it holds on, the tracer leaves nothing behind; while it does, another is told who is in the way.
    const tracer = spawn(process.execPath, [fileURLToPath(TRACER), ...key.split('@')], { stdio: 'ignore' });
    await expect.poll(() => status('TracerPid'), { interval: 5 }).toBe(String(tracer.pid));
    tracer.kill('SIGKILL');
    await once(tracer, 'exit');
    expect(status('TracerPid')).toBe('0');
    await lab.docker('unpause', 'default');
    await expect.poll(() => status('State')).toBe('S');
    expect((await readFilters(key, null, TRACER)).filters).toHaveLength(1);
    await expect.poll(() => [status('State'), status('TracerPid')]).toEqual(['S', '0']);
  });
});
