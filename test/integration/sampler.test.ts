/** The real worker, on the machine that runs the tests. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Sampler, type WorldFrameBytes } from '../../electron/host/sample/sampler.ts';
import { apply, type WorldDelta } from '../../shared/delta.ts';
import { decodeUtf8 } from '../../shared/frames.ts';
import type { Process, World } from '../../shared/model.ts';

const root = new URL('../../', import.meta.url);
const script = new URL('dist/sampler.js', root);
const children: ChildProcess[] = [];
let sampler: Sampler;

beforeAll(() => {
  execFileSync(process.execPath, ['build/build.mjs', '--only', 'sampler,read-many'], {
    cwd: fileURLToPath(root),
    stdio: 'pipe',
  });
});
beforeEach(() => (sampler = new Sampler(script, 100)));
afterEach(async () => {
  await sampler.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** What a page does: applies frames, answers each, and waits for a world that it likes. */
class Viewer {
  readonly frames: WorldFrameBytes[] = [];
  readonly name: string;
  world: World | null = null;
  seq = 0;
  #answering: boolean;
  #waiting: { readonly likes: (world: World) => boolean; readonly resolve: (world: World) => void } | null = null;

  constructor(name: string, answering = true) {
    this.name = name;
    this.#answering = answering;
    sampler.attach(name, (frame) => this.#take(frame));
  }

  until(likes: (world: World) => boolean): Promise<World> {
    if (this.world !== null && likes(this.world)) return Promise.resolve(this.world);
    return new Promise((resolve) => (this.#waiting = { likes, resolve }));
  }

  answer(): void {
    this.#answering = true;
    sampler.ready(this.name, this.seq);
  }

  #take(frame: WorldFrameBytes): void {
    this.frames.push(frame);
    const value = JSON.parse(decodeUtf8(frame.json)) as World & WorldDelta;
    if (frame.base !== null && (frame.base !== this.seq || this.world === null)) {
      throw new Error(`a difference to ${frame.base} for one who has ${this.seq}`);
    }
    this.world = frame.base === null || this.world === null ? value : apply(this.world, value);
    this.seq = frame.seq;
    if (this.#answering) sampler.ready(this.name, this.seq);
    if (this.#waiting?.likes(this.world)) {
      this.#waiting.resolve(this.world);
      this.#waiting = null;
    }
  }
}

const start = (command: string, ...args: string[]): number => {
  const child = spawn(command, args, { stdio: 'ignore' });
  children.push(child);
  return child.pid ?? 0;
};
const find = (world: World, pid: number): Process | undefined => world.processes.find((process) => process.pid === pid);

describe('who holds a namespace that somebody looks at', () => {
  it('comes with a look of its own, and does not wait for its turn', async () => {
    await sampler.close();
    // Of its own accord it looks again only after the test.
    sampler = new Sampler(script, 600_000);
    const child = spawn('bash', ['-c', 'echo; read -r; exec 7</proc/self/ns/net; echo; read -r'], { stdio: 'pipe' });
    children.push(child);
    const said = createInterface(child.stdout)[Symbol.asyncIterator]();
    await said.next();
    const holds = ({ namespaces }: World): boolean =>
      namespaces.some(({ fds }) => fds.some(({ pid, fd }) => pid === child.pid && fd === 7));
    const viewer = new Viewer('page');
    expect(holds(await viewer.until(({ processes }) => processes.some(({ pid }) => pid === child.pid)))).toBe(false);
    child.stdin.write('\n');
    await said.next();
    expect(await sampler.namespacesAnew()).toBeNull();
    const { ages } = await viewer.until(holds);
    expect(ages).toMatchObject({ binds: 0, fds: 0, threads: 0 });
  });
});

describe('the sampler', () => {
  it('shows a process that comes, and that it went', async () => {
    const viewer = new Viewer('a');
    await viewer.until(() => true);
    const pid = start('sleep', '61');
    const with_ = await viewer.until((world) => find(world, pid)?.comm === 'sleep');
    expect(find(with_, pid)).toMatchObject({ ppid: process.pid, cmdline: ['sleep', '61'], uid: process.getuid?.() });
    process.kill(pid, 'SIGKILL');
    await viewer.until((world) => find(world, pid) === undefined);
    expect(viewer.frames[0]?.base).toBeNull();
    expect(viewer.frames.slice(1).every(({ base }) => base !== null)).toBe(true);
  });

  it('lets a slow viewer miss what lies between', async () => {
    const quick = new Viewer('quick');
    const slow = new Viewer('slow', false);
    await slow.until(() => true);
    const first = slow.seq;
    await quick.until(() => quick.seq > first + 4);
    expect(slow.frames).toHaveLength(1);
    slow.answer();
    await slow.until(() => slow.frames.length === 2);
    expect(slow.frames[1]?.base).toBe(first);
    expect(slow.seq).toBeGreaterThan(first + 4);
    await quick.until(() => quick.seq > slow.seq);
    const upTo = quick.frames.filter(({ seq }) => seq <= slow.seq).length;
    expect(upTo).toBeGreaterThan(2);
  });

  it('does not look while nobody does', async () => {
    const before = new Viewer('before');
    await before.until(() => before.frames.length > 1);
    sampler.detach('before');
    // Answered after the detaching, for messages keep their order.
    await sampler.hostInfo();
    const last = before.seq;
    const pause = 5 * 100;
    await new Promise((resolve) => setTimeout(resolve, pause));
    const after = new Viewer('after');
    await after.until(() => true);
    expect(after.seq).toBe(last + 1);
  });

  it('looks at once when the engines say something', async () => {
    await sampler.close();
    sampler = new Sampler(script, 600_000);
    const viewer = new Viewer('a');
    await viewer.until(() => true);
    sampler.setEngines([{ id: 'unix:///x', kind: 'docker', condition: 'hung' } as never], []);
    const world = await viewer.until(({ engines }) => engines.length === 1);
    expect(world.engines[0]).toMatchObject({ id: 'unix:///x', condition: 'hung' });
  });

  it('answers about one process, and says when it is not there', async () => {
    const viewer = new Viewer('a');
    const world = await viewer.until((seen) => find(seen, process.pid) !== undefined);
    const key = find(world, process.pid)?.key ?? '0@0';
    const detail = await sampler.detail(key);
    expect(detail.environ).toMatchObject({ ok: true });
    await expect(sampler.detail(`${process.pid}@1`)).rejects.toMatchObject({ code: 'not-found' });
    expect(await sampler.namespacesOf(process.pid)).toMatchObject({ net: find(world, process.pid)?.namespaces.net });
    expect(await sampler.namespacesOf(2 ** 22 + 1)).toBeNull();
    expect((await sampler.hostInfo()).pid).toBe(process.pid);
  });

  it('starts again when its worker ends, and tells', async () => {
    await sampler.close();
    const folder = mkdtempSync(join(tmpdir(), 'porthole-sampler-'));
    try {
      // Ends at the first frame that is taken, once; the second time it is the real one and nothing else.
      const fragile = join(folder, 'fragile.mjs');
      writeFileSync(
        fragile,
        `import { existsSync, writeFileSync } from 'node:fs';
         import { parentPort } from 'node:worker_threads';
         const marker = ${JSON.stringify(join(folder, 'marker'))};
         await import(${JSON.stringify(script.href)});
         if (!existsSync(marker)) parentPort.on('message', ({ k }) => {
           if (k !== 'ready') return;
           writeFileSync(marker, '');
           throw new Error('on purpose');
         });`,
      );
      sampler = new Sampler(pathToFileURL(fragile), 100);
      const told: string[] = [];
      sampler.onFailure((message) => told.push(message));
      const viewer = new Viewer('a');
      await viewer.until(() => viewer.frames.filter(({ base }) => base === null).length === 2);
      expect(told).toEqual(['The sampler ended and is started again: on purpose']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('may be closed in the middle of a look, while other threads read for it', async () => {
    await sampler.close();
    for (let after = 0; after < 40; after += 2) {
      sampler = new Sampler(script, 1);
      const viewer = new Viewer(`after ${after}`);
      await viewer.until(() => true);
      // Half of the time it looks: at some of these moments it is in the middle of it.
      await new Promise((resolve) => setTimeout(resolve, after));
      await sampler.close();
    }
    sampler = new Sampler(script, 100);
    const viewer = new Viewer('at last');
    expect(find(await viewer.until(() => true), process.pid)).toBeDefined();
  });

  it('refuses questions when it is closed, and leaves none unanswered', async () => {
    const asked = sampler.hostInfo();
    const settled = asked.then(
      () => 'answered',
      (error: Error) => error.message,
    );
    await sampler.close();
    expect(['answered', 'the sampler is closed']).toContain(await settled);
    await expect(sampler.hostInfo()).rejects.toThrow('the sampler is closed');
  });
});

describe('hostile processes', () => {
  it('are shown by the names they gave themselves', async () => {
    const viewer = new Viewer('a');
    const named = (comm: string) =>
      start(
        'sh',
        '-c',
        `printf '%b' "$1" > /proc/$$/comm; while :; do read -r x < "$2" || exit; done`,
        'sh',
        comm,
        fifo,
      );
    const folder = mkdtempSync(join(tmpdir(), 'porthole-fifo-'));
    const fifo = join(folder, 'fifo');
    try {
      execFileSync('mkfifo', [fifo]);
      const pretender = named(') R 1 (');
      const lines = named('a\\nb\\0377');
      const world = await viewer.until(
        (seen) => find(seen, pretender)?.comm === ') R 1 (' && find(seen, lines)?.comm === 'a\nb\udcff',
      );
      expect(find(world, pretender)).toMatchObject({ ppid: process.pid, state: 'S' });
      expect(find(world, lines)).toMatchObject({ ppid: process.pid, state: 'S' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('cannot flood the list with a command line of 128 KiB, which is whole on request', async () => {
    const viewer = new Viewer('a');
    const argument = 'x'.repeat(128 * 1024 - 1);
    const pid = start('sh', '-c', 'sleep 61; :', argument);
    const world = await viewer.until((seen) => find(seen, pid)?.cmdlineCut === true);
    const process_ = find(world, pid);
    expect(process_?.cmdline?.join(' ').length).toBeLessThanOrEqual(4096);
    const { cmdline } = await sampler.detail(process_?.key ?? '0@0');
    expect(cmdline.ok && cmdline.value.at(-1)).toBe(argument);
  });
});
