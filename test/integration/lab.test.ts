import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeDownOrphans } from '../lab/down.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';

const reason = await labUnavailable();
const SECONDS = 1000;

/** Everything on the machine that still speaks of this lab. */
async function remains(dir: string, ids: readonly string[]): Promise<readonly string[]> {
  const names = [dir, ...ids];
  const left = existsSync(dir) ? [dir] : [];
  for (const line of (await readFile('/proc/self/mountinfo', 'utf8')).split('\n')) {
    if (line.includes(`${dir}/`)) left.push(line);
    const [, , , , point = ''] = / - cgroup2? /.test(line) ? line.split(' ') : [];
    for (const id of point === '' ? [] : ids) if (existsSync(join(point, 'docker', id))) left.push(join(point, id));
  }
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== `${process.pid}`)) {
    const of = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    const [cmdline, cgroup, stat] = [await of('cmdline'), await of('cgroup'), await of('stat')];
    // Who reaps a zombie is not the lab's to say.
    const zombie = stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
    if (!zombie && names.some((name) => cmdline.includes(name) || cgroup.includes(name)))
      left.push(`${pid} ${cmdline}`);
  }
  return left;
}

const idOf = async (lab: Lab, name: string): Promise<string> =>
  (await lab.docker('inspect', '--format', '{{.Id}}', name)).stdout.trim();

describe.skipIf(reason !== null)(`the lab${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  it('runs redis as its own user and nginx beside it, and leaves nothing', { timeout: 90 * SECONDS }, async () => {
    const lab = await startLab();
    let ids: string[] = [];
    try {
      await lab.docker('run', '-d', '--name=db', 'redis:alpine');
      await lab.docker('run', '-d', '--name=web', '--net=container:db', 'nginx:alpine');
      ids = [await idOf(lab, 'db'), await idOf(lab, 'web')];
      const pid = (await lab.docker('inspect', '--format', '{{.State.Pid}}', 'db')).stdout.trim();
      expect(readFileSync(`/proc/${pid}/comm`, 'utf8')).toBe('redis-server\n');
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Uid:\t999\t/m);
      await expect
        .poll(async () => (await lab.docker('exec', 'web', 'wget', '-qO-', 'http://127.0.0.1/')).stdout)
        .toContain('<title>web</title>');
      const { stdout } = await lab.docker('exec', 'web', 'sh', '-c', 'printf "PING\\r\\n" | nc 127.0.0.1 6379');
      expect(stdout).toContain('PONG');
    } finally {
      await lab.down();
    }
    expect(await remains(dirname(lab.socket), ids)).toEqual([]);
  });

  it('goes down with a frozen daemon and a paused container', { timeout: 90 * SECONDS }, async () => {
    const lab = await startLab();
    try {
      await lab.docker('run', '-d', '--name=still', 'busybox', 'sleep', '1000');
      await lab.docker('pause', 'still');
      lab.signal('SIGSTOP');
    } finally {
      await lab.down();
    }
    expect(await remains(dirname(lab.socket), [])).toEqual([]);
  });

  it(
    'goes down after the daemon crashed over a paused and a running container',
    { timeout: 90 * SECONDS },
    async () => {
      const lab = await startLab();
      let ids: string[] = [];
      try {
        await lab.docker('run', '-d', '--name=still', 'busybox', 'sleep', '1000');
        await lab.docker('run', '-d', '--name=deaf', 'busybox', 'sh', '-c', 'trap "" TERM; while :; do sleep 1; done');
        await lab.docker('pause', 'still');
        ids = [await idOf(lab, 'still'), await idOf(lab, 'deaf')];
        lab.signal('SIGKILL');
        await lab.ended();
        expect(await remains(dirname(lab.socket), ids)).not.toEqual([]);
      } finally {
        await lab.down();
      }
      expect(await remains(dirname(lab.socket), ids)).toEqual([]);
    },
  );

  it('clears away what a killed run left, and not what another run uses', { timeout: 90 * SECONDS }, async () => {
    const lab = await startLab();
    const other = await startLab();
    try {
      await lab.docker('run', '-d', '--name=left', 'busybox', 'sleep', '1000');
      const id = await idOf(lab, 'left');
      // As if the run that owned it had been killed: its owner is a process that is no more.
      const dead = spawn('true');
      await new Promise((resolve) => dead.once('exit', resolve));
      await writeFile(join(dirname(lab.socket), 'owner'), `${dead.pid} 1`);
      await takeDownOrphans();
      expect(await remains(dirname(lab.socket), [id])).toEqual([]);
      expect((await other.docker('ps', '-q')).stdout).toBe('');
    } finally {
      await Promise.all([lab.down(), other.down()]);
    }
    expect(readdirSync(tmpdir())).not.toContain(dirname(other.socket).split('/').at(-1));
  });
});
