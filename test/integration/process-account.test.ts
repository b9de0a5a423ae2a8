/** What Porthole tells of one process, beside the tools that tell a part of it each. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readAccount } from '../../electron/host/collect/account.ts';
import { readMachineThreads } from '../../electron/host/collect/machine-threads.ts';
import { Collector } from '../../electron/host/collect/collector.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import { endSentence, endsOf } from '../../shared/file-ends.ts';
import type { ProcessKey } from '../../shared/model.ts';
import { IO_OF_CHILDREN } from '../../shared/process-account-words.ts';
import { buildCli, portholeCommand, portholeJson, run } from './cli-run.ts';

/** A file, a listener, a connection to it, a pipe, a deleted file and a second thread with a hostile name. */
const SUBJECT = `
const fs = require('node:fs'), net = require('node:net'), { Worker } = require('node:worker_threads');
process.title = 'a) R 1 (b';
const gone = fs.openSync('/tmp/porthole\\u001b[31m' + process.pid, 'ax+'); fs.unlinkSync('/tmp/porthole\\u001b[31m' + process.pid);
const server = net.createServer(() => {}).listen(0, '127.0.0.1', () => {
  net.connect(server.address().port, '127.0.0.1', () => {
    new Worker('setInterval(() => {}, 1e6)', { eval: true }).once('online', () => console.log(server.address().port, gone));
  });
});`;

const kernel = new LinuxKernel();
let child: ChildProcess;
let pid: number;
let port: string;
let gone: number;
let key: ProcessKey;
const keyNow = (of: number): ProcessKey =>
  new Collector(kernel).collect([], []).processes.find((process) => process.pid === of)!.key;
const out = (program: string, ...args: string[]): string => execFileSync(program, args, { encoding: 'utf8' });

beforeAll(async () => {
  const argv = ['--nofile=200:300', 'nice', '-n', '5', 'taskset', '-c', '0', process.execPath, '-e', SUBJECT];
  child = spawn('prlimit', argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await new Promise<string>((resolve) => child.stdout!.once('data', (bytes) => resolve(String(bytes))));
  const [first = '', second = ''] = said.trim().split(' ');
  [port, gone, pid] = [first, Number(second), child.pid!];
  // What two tools read one after the other is the same only of a process that stands still.
  process.kill(pid, 'SIGSTOP');
  await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^State:\tT/m));
  key = keyNow(pid);
}, 30_000);
afterAll(() => child?.kill('SIGKILL'));

describe('the account of a process', () => {
  it('has every open file with the target that readlink tells', () => {
    const { files, left } = readAccount(kernel, key, 'files');
    if (!files.ok) throw new Error(files.call);
    const theirs = readdirSync(`/proc/${pid}/fd`).map((fd) => `${fd} ${readlinkSync(`/proc/${pid}/fd/${fd}`)}`);
    expect(left).toBe(0);
    expect(files.value.map(({ fd, target }) => `${fd} ${target.ok ? target.value : target.why}`).sort()).toEqual(
      theirs.sort(),
    );
    expect(files.value.find(({ fd }) => fd === gone)).toMatchObject({ kind: 'deleted', state: { ok: true } });
    const kinds = files.value.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['device', 'pipe', 'epoll', 'eventfd', 'deleted', 'socket']));
  });

  it('knows both ends of its sockets', () => {
    const { files } = readAccount(kernel, key, 'files');
    const sockets = files.ok ? files.value.flatMap(({ socket }) => socket ?? []) : [];
    expect(sockets).toContainEqual({ protocol: 'tcp', local: `127.0.0.1:${port}`, remote: null, state: 'LISTEN' });
    expect(sockets.filter(({ remote }) => remote === `127.0.0.1:${port}`)).toMatchObject([{ state: 'ESTABLISHED' }]);
  });

  it('knows a socket that speaks with the kernel', async () => {
    const monitor = spawn('ip', ['monitor', 'link'], { stdio: 'ignore' });
    try {
      await vi.waitFor(() => {
        const { files } = readAccount(kernel, keyNow(monitor.pid!), 'files');
        const sockets = files.ok ? files.value.flatMap(({ socket }) => socket ?? []) : [];
        expect(sockets).toContainEqual({ protocol: 'netlink', local: 'route', remote: null, state: null });
      });
    } finally {
      monitor.kill('SIGKILL');
    }
  });

  it('names who has the other end of a pipe, on either side', async () => {
    const shell = spawn('bash', ['-c', 'sleep 1000 | cat'], { stdio: ['ignore', 'ignore', 'inherit'] });
    try {
      const { processes } = await vi.waitFor(() => {
        const world = new Collector(kernel).collect([], []);
        const comms = world.processes.filter(({ ppid }) => ppid === shell.pid).map(({ comm }) => comm);
        expect(comms.sort()).toEqual(['cat', 'sleep']);
        return world;
      });
      const child = (name: string) => processes.find(({ ppid, comm }) => ppid === shell.pid && comm === name)!;
      const [from, to] = [child('sleep'), child('cat')];
      const endOf = (of: typeof from, fd: number) => {
        const { files, unseen } = readAccount(kernel, of.key, 'files', processes);
        const file = files.ok ? files.value.find((one) => one.fd === fd) : undefined;
        return [
          endSentence(endsOf(file!)!, of.pid, (other) => processes.find(({ pid }) => pid === other)!.comm),
          unseen,
        ];
      };
      expect(endOf(from, 1)).toEqual([`read by cat ${to.pid}`, 0]);
      expect(endOf(to, 0)).toEqual([`written by sleep ${from.pid}`, 0]);
    } finally {
      execFileSync('pkill', ['-KILL', '-P', String(shell.pid)]);
    }
  });

  it('names the peer of a unix socket, and who has it, as ss -xp does', async () => {
    const path = `/tmp/porthole-peer-${process.pid}`;
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const client = spawn(process.execPath, ['-e', `require('node:net').connect(${JSON.stringify(path)}, () => console.log('up'))`], { stdio: ['ignore', 'pipe', 'inherit'] }); // prettier-ignore
    try {
      await new Promise((resolve) => client.stdout.once('data', resolve));
      const { processes } = new Collector(kernel).collect([], []);
      const key = processes.find((one) => one.pid === client.pid)!.key;
      const { files } = readAccount(kernel, key, 'files', processes);
      const socket = files.ok ? files.value.find((file) => file.socket?.remote === path) : undefined;
      expect(socket?.ends).toMatchObject({ holders: [{ pid: process.pid }], more: 0 });
      const line = out('ss', '-xpnH').split('\n').find((one) => one.includes(`pid=${client.pid},fd=${socket?.fd})`)); // prettier-ignore
      const numbers = /(\d+) +\S+ (\d+) +users:/.exec(line ?? '');
      expect(socket?.target).toEqual({ ok: true, value: `socket:[${numbers?.[1]}]` });
      expect(socket?.ends?.peer).toBe(Number(numbers?.[2]));
    } finally {
      client.kill('SIGKILL');
      server.close();
    }
  });

  it('says of a unix socket in another network namespace that its peer cannot be asked for', async () => {
    const script = `const s = require('node:net').createServer(() => {}).listen('/tmp/porthole-far-' + process.pid, () => require('node:net').connect('/tmp/porthole-far-' + process.pid, () => { require('node:fs').unlinkSync('/tmp/porthole-far-' + process.pid); console.log('up'); }));`;
    const far = spawn('unshare', ['--net', process.execPath, '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await new Promise((resolve) => far.stdout.once('data', resolve));
      const { processes } = new Collector(kernel).collect([], []);
      const { files } = readAccount(kernel, processes.find(({ pid }) => pid === far.pid)!.key, 'files', processes);
      const connected = files.ok ? files.value.filter(({ socket }) => socket?.protocol === 'unix' && socket.state === 'ESTABLISHED') : []; // prettier-ignore
      expect(connected.length).toBeGreaterThan(0);
      for (const file of connected) expect(endsOf(file)?.words).toMatch(/^its other end cannot be asked for/);
    } finally {
      far.kill('SIGKILL');
    }
  });

  it('has the threads of ps -L', () => {
    const { threads } = readAccount(kernel, key, 'threads');
    const ours = threads.ok
      ? threads.value.map(({ tid, state, scheduling, comm }) => `${tid} ${state} ${scheduling?.nice} ${comm}`)
      : [];
    const theirs = out('ps', '-L', '-o', 'tid=,state=,ni=,comm=', '-p', String(pid)).trim().split('\n');
    expect(ours.length).toBeGreaterThan(1);
    expect(ours).toEqual(theirs.map((line) => line.trim().replace(/^(\d+) +(\S) +(-?\d+) /, '$1 $2 $3 ')));
  });

  it('has among the threads of the machine the same, without the first', () => {
    const { processes, left } = readMachineThreads(kernel, new Collector(kernel).collect([], []).processes);
    expect(left).toBe(0);
    const ours = processes.find((process) => process.key === key)?.threads.map(({ tid }) => tid);
    const theirs = readdirSync(`/proc/${pid}/task`).map(Number).filter((tid) => tid !== pid); // prettier-ignore
    expect(ours?.toSorted((a, b) => a - b)).toEqual(theirs.sort((a, b) => a - b));
    expect(processes.every(({ threads }) => threads.every(({ tid }) => tid > 0))).toBe(true);
  });

  it('has the scheduling of chrt and taskset, and the scores of choom', () => {
    const { scheduling, places, oomScore, oomScoreAdj } = readAccount(kernel, key, 'resources');
    expect(scheduling).toMatchObject({ ok: true, value: { policy: 0, nice: 5, lastCpu: 0 } });
    expect(out('chrt', '-p', String(pid))).toContain('SCHED_OTHER');
    expect(places).toMatchObject({ ok: true, value: { cpusAllowed: out('taskset', '-cp', String(pid)).trim().split(': ')[1] } }); // prettier-ignore
    const [score, adjusted] = out('choom', '-p', String(pid)).trim().split('\n').map((line) => Number(line.split(': ')[1])); // prettier-ignore
    expect([oomScore, oomScoreAdj]).toEqual([
      { ok: true, value: score },
      { ok: true, value: adjusted },
    ]);
  });

  it('has the limits of prlimit', () => {
    const { limits } = readAccount(kernel, key, 'resources');
    const theirs = out('prlimit', '--pid', String(pid), '--raw', '--noheadings', '--output', 'SOFT,HARD');
    const sorted = (rows: readonly string[]): string[] => [...rows].sort();
    expect(sorted(limits.ok ? limits.value.map(({ soft, hard }) => `${soft} ${hard}`) : [])).toEqual(
      sorted(theirs.trim().split('\n').map((row) => row.trim().replace(/\s+/, ' '))), // prettier-ignore
    );
    expect(limits).toMatchObject({
      value: expect.arrayContaining([expect.objectContaining({ name: 'Max open files', hard: 300 })]),
    });
  });

  it('maps as much as VmSize says, and counts its I/O as the kernel does', () => {
    const { maps, status, rollup } = readAccount(kernel, key, 'memory');
    if (!maps.ok || !status.ok || !rollup.ok) throw new Error('not readable');
    const own = maps.value.filter(({ name }) => name !== '[vsyscall]').reduce((sum, { bytes }) => sum + bytes, 0);
    expect(own).toBe(status.value.virtualBytes);
    expect(rollup.value.privateBytes + rollup.value.sharedBytes).toBe(rollup.value.residentBytes);
    expect(rollup.value.proportionalBytes).toBeLessThanOrEqual(rollup.value.residentBytes);
    const { io } = readAccount(kernel, key, 'resources');
    expect(io).toMatchObject({ value: { readChars: Number(/rchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]) } }); // prettier-ignore
  });

  it('says of what children did that it is in the figures once they were waited for, as the kernel adds it', async () => {
    const shell = spawn('bash', ['-c', 'head -c 20000000 /dev/zero > /dev/null; echo done; read _'], { stdio: ['pipe', 'pipe', 'inherit'] }); // prettier-ignore
    try {
      await new Promise((resolve) => shell.stdout.once('data', resolve));
      const { io } = readAccount(kernel, keyNow(shell.pid!), 'resources');
      expect(io.ok && io.value.readChars).toBeGreaterThan(20_000_000);
      buildCli();
      const { stdout } = await run(['bash', '-c', portholeCommand(`process ${shell.pid} --resources`)]);
      expect(stdout).toContain(IO_OF_CHILDREN);
    } finally {
      shell.kill('SIGKILL');
    }
  }, 60_000);

  it('is told on the command line as well', async () => {
    buildCli();
    const told = (await portholeJson(['process', String(pid), '--files', '--threads'])) as Record<string, unknown>;
    expect(told).toMatchObject({
      process: { key },
      files: { files: { ok: true }, left: 0 },
      threads: { threads: { ok: true } },
    });
    expect(told).not.toHaveProperty('memory');
  }, 60_000);

  it('is refused for a process that has the number now and is another', () => {
    expect(() => readAccount(kernel, `${pid}@1`, 'files')).toThrow(`process ${pid} has ended`);
  });
});
