import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run } from '../../../build/run.mjs';

const node = (script: string, options = {}) => run(process.execPath, ['-e', script], options);

describe('a program that is run', () => {
  it('tells its code and both its outputs', async () => {
    const ended = await node('console.log("out"); console.error("err"); process.exitCode = 3');
    expect(ended).toMatchObject({ code: 3, late: false });
    expect(ended.output.split('\n').toSorted()).toEqual(['', 'err', 'out']);
  });

  it('that does not exist has code 127 and says so', async () => {
    expect(await run('/no/such/program', [])).toMatchObject({ code: 127, output: expect.stringContaining('ENOENT') });
  });

  it('that a signal ends has the code that a shell gives it', async () => {
    expect((await node('process.kill(process.pid, "SIGKILL")')).code).toBe(137);
  });

  it('that takes too long is ended with everything it started', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      console.log(child.pid);
      setInterval(() => {}, 1000);
    `;
    const ended = await node(script, { timeoutMillis: 1_000 });
    expect(ended).toMatchObject({ code: 143, late: true });
    expect(Number(ended.output)).toBeGreaterThan(1);
    expect(runs(Number(ended.output))).toBe(false);
  });
});

/** A zombie has ended; who reaps it is not ours to say. */
const runs = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat[stat.lastIndexOf(')') + 2] !== 'Z';
  } catch {
    return false;
  }
};
