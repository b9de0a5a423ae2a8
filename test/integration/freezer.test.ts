/** A process that the freezer of cgroup v1 stops, for real; that of v2 is met in the guest of cgroup-v2.test.ts. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Collector } from '../../electron/host/collect/collector.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import { stateWords } from '../../shared/state-words.ts';
import { buildCli, portholeCommand, run } from './cli-run.ts';

const V1 = '/sys/fs/cgroup/freezer';
const reason =
  process.getuid?.() !== 0 ? 'it needs root' : existsSync(`${V1}/tasks`) ? null : 'no freezer of cgroup v1 here';

describe.skipIf(reason !== null)(`frozen by cgroup v1${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  const folder = `${V1}/porthole-test-${process.pid}`;
  const collector = new Collector(new LinuxKernel());
  let child: ChildProcess;
  const row = () => collector.collect([], []).processes.find(({ pid }) => pid === child.pid);
  const freezer = async (state: string) => {
    writeFileSync(`${folder}/freezer.state`, state);
    await expect.poll(() => readFileSync(`${folder}/freezer.state`, 'utf8').trim()).toBe(state);
  };

  beforeAll(() => {
    buildCli();
    mkdirSync(folder);
    child = spawn('sleep', ['1000'], { stdio: 'ignore' });
    writeFileSync(`${folder}/cgroup.procs`, String(child.pid));
  }, 30_000);
  afterAll(async () => {
    collector.close();
    if (reason !== null) return;
    writeFileSync(`${folder}/freezer.state`, 'THAWED');
    child.kill('SIGKILL');
    // It is busy until the kernel has buried the process.
    await vi.waitFor(() => rmdirSync(folder), 10_000);
  });

  it('is told in the list, from one look to the next, and until it is let go', async () => {
    expect(row()?.frozen).toBe('thawed');
    await freezer('FROZEN');
    await expect.poll(() => row()).toMatchObject({ frozen: 'frozen', state: 'D' });
    expect(stateWords(row()!)).toBe('frozen by its cgroup');
    await freezer('THAWED');
    await expect.poll(() => row()).toMatchObject({ frozen: 'thawed', state: 'S' });
  });

  it('is told on the command line', async () => {
    await freezer('FROZEN');
    const { stdout } = await run(['bash', '-c', portholeCommand(`process ${child.pid}`)]);
    expect(stdout).toMatch(/^state +D, frozen by its cgroup$/m);
  });
});
