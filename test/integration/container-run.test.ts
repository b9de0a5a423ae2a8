/** What the Run form asks for, made by a real engine, held against what the docker client makes of the line it shows. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engines } from '../../electron/host/engines/engines.ts';
import { findPlaces } from '../../electron/host/engines/find-sockets.ts';
import { Runs } from '../../electron/host/engines/runs.ts';
import type { PullTold } from '../../shared/pull.ts';
import { plainRun, runArgv, type RunOptions } from '../../shared/run-container.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';

const reason = await labUnavailable();
const SECONDS = 1000;
const PROFILE = fileURLToPath(new URL('seccomp/profile.json', import.meta.url));

interface Inspected {
  readonly Config: Record<string, unknown>;
  readonly HostConfig: Record<string, unknown>;
}

describe.skipIf(reason !== null)(`running containers${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let engines: Engines;
  let runs: Runs;
  let engine: string;
  const told: PullTold[] = [];
  const soon = { timeout: 20 * SECONDS, interval: 20 };
  const container = (id: string) => engines.current().containers.find((row) => row.id === id);
  const run = (some: Partial<RunOptions>, image = 'busybox') =>
    runs.run(engine, 'job', { ...plainRun(image), command: image === 'busybox' ? ['sleep', '1000'] : [], ...some });

  beforeAll(async () => {
    lab = await startLab();
    engine = `unix://${lab.socket}`;
    engines = new Engines(findPlaces({ ...lab.env }, { home: '/nonexistent' }).slice(0, 1));
    runs = new Runs(engines, (progress) => told.push(progress));
    engines.start();
    await engines.settled();
  }, 90 * SECONDS);
  afterAll(async () => {
    runs?.close();
    engines?.stop();
    await lab?.down();
  }, 60 * SECONDS);

  it('makes the walk-through’s db, and web in its network namespace', { timeout: 60 * SECONDS }, async () => {
    const db = await run({ name: 'db' }, 'redis:alpine');
    expect(db).toMatchObject({ notStarted: null, warnings: [] });
    const web = await run({ name: 'web', net: { container: 'db' } }, 'nginx:alpine');
    await expect
      .poll(() => container(web.id), soon)
      .toMatchObject({
        name: 'web',
        state: 'running',
        networkMode: `container:${db.id}`,
      });
    const net = async (name: string): Promise<string> =>
      (await lab.docker('exec', name, 'readlink', '/proc/1/ns/net')).stdout.trim();
    expect(await net('web')).toBe(await net('db'));
  });

  const CASES: readonly (readonly [string, Partial<RunOptions>])[] = [
    ['nothing', {}],
    [
      'limits, environment, volumes and ports',
      {
        env: [{ name: 'A', value: 'b "c"\nd' }],
        volumes: [
          { source: '/tmp', target: '/here', mode: ['ro'] },
          { source: 'store', target: '/there', mode: ['z'] },
          { source: '/usr', target: '/below', mode: ['ro', 'rprivate'] },
        ],
        ports: [{ address: '127.0.0.1', hostPort: 18_080, port: 80, protocol: 'tcp' }],
        memoryBytes: 64 * 1024 ** 2,
        milliCpus: 500,
        pids: 50,
        user: '1000:1000',
        workdir: '/tmp',
        restart: 'on-failure:3',
      },
    ],
    [
      'rights',
      {
        capAdd: ['NET_ADMIN', 'SYS_PTRACE'],
        capDrop: ['CHOWN'],
        seccomp: 'unconfined',
        noNewPrivileges: true,
        readOnly: true,
        remove: true,
      },
    ],
    ['a terminal that nobody is at', { interactive: true, tty: true, command: [] }],
    ['a seccomp profile', { seccomp: PROFILE }],
    ['the host’s namespaces', { net: 'host', pid: 'host', ipc: 'host', uts: 'host' }],
    ['namespaces of its own that others may share', { ipc: 'shareable', cgroupns: 'host', net: 'none' }],
    ['another’s namespaces', { net: { container: 'donor' }, pid: { container: 'donor' }, ipc: { container: 'donor' } }],
  ];

  /** Without what can never be the same twice: the ID as host name, and the size of the client's terminal. */
  const facts = async (id: string): Promise<Inspected> => {
    const [told] = JSON.parse((await lab.docker('inspect', id)).stdout) as [Inspected];
    const { Config, HostConfig } = structuredClone(told);
    if (typeof Config['Hostname'] === 'string' && id.startsWith(Config['Hostname'])) delete Config['Hostname'];
    delete HostConfig['ConsoleSize'];
    // Clients before 23.0 leave the prefix out; the order is that of a map.
    for (const key of ['Binds', 'CapAdd', 'CapDrop']) {
      HostConfig[key] = (HostConfig[key] as string[] | null)?.map((name) => name.replace(/^CAP_/, '')).toSorted();
    }
    return { Config, HostConfig };
  };
  /** The client names a thing it asks nothing of with null, the form with nothing in it. */
  const plain = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (_, inner) => (inner === null || JSON.stringify(inner) === '[]' ? undefined : inner)),
    );

  it.each(CASES)('makes what the line makes: %s', { timeout: 60 * SECONDS }, async (_, some) => {
    if (some.pid !== undefined && typeof some.pid === 'object') {
      await lab.docker('run', '-d', '--name=donor', '--ipc=shareable', 'busybox', 'sleep', '1000');
    }
    const options = { ...plainRun('busybox'), command: ['sleep', '1000'], ...some };
    const byForm = await runs.run(engine, 'job', options);
    expect(byForm.notStarted).toBeNull();
    const ours = await facts(byForm.id);
    await lab.docker('rm', '-f', byForm.id);
    const byLine = (await lab.docker(...runArgv(options))).stdout.trim();
    const theirs = await facts(byLine);
    await lab.docker('rm', '-f', byLine);
    expect(plain(ours)).toEqual(plain(theirs));
  });

  it(
    'says in the engine’s words why an image could not be had, and makes nothing',
    { timeout: 60 * SECONDS },
    async () => {
      told.length = 0;
      const before = (await lab.docker('ps', '-aq')).stdout;
      await expect(run({}, '127.0.0.1:1/no/such:image')).rejects.toMatchObject({
        message: expect.stringMatching(/127\.0\.0\.1:1.*connection refused/),
      });
      expect(told.length).toBeGreaterThan(0);
      expect((await lab.docker('ps', '-aq')).stdout).toBe(before);
    },
  );

  it('says that the container to share with is not there, and fetches nothing', { timeout: 30 * SECONDS }, async () => {
    told.length = 0;
    const { id, notStarted } = await run({ net: { container: 'nosuch' } });
    expect(notStarted).toMatch(/No such container: nosuch/);
    expect(told).toEqual([]);
    await lab.docker('rm', id);
  });

  it('tells one that was created and could not be started', { timeout: 30 * SECONDS }, async () => {
    const { id, notStarted } = await run({ command: ['/no/such/program'] });
    expect(notStarted).toMatch(/no such file or directory/);
    await expect.poll(() => container(id)?.state, soon).toBe('created');
    await lab.docker('rm', id);
  });

  it(
    'tells whether one that could not be started is there, for with --rm it is not',
    { timeout: 30 * SECONDS },
    async () => {
      const kept = await run({ command: ['/no/such/program'] });
      const removed = await run({ command: ['/no/such/program'], remove: true });
      expect([kept.left, removed.left]).toEqual([true, false]);
      expect((await lab.docker('ps', '-aq', '--no-trunc')).stdout.split('\n')).not.toContain(removed.id);
      await lab.docker('rm', kept.id);
    },
  );

  it('says of a seccomp profile that cannot be had which and why, and makes nothing', async () => {
    const before = (await lab.docker('ps', '-aq')).stdout;
    for (const [path, why] of [
      ['/no/such.json', /no such file/],
      ['/etc/passwd', /it is not JSON/],
      ['/tmp', /it is no file/],
    ] as const) {
      await expect(run({ seccomp: path })).rejects.toMatchObject({
        message: expect.stringMatching(new RegExp(`^The seccomp profile ${path}: .*${why.source}`)),
      });
    }
    expect((await lab.docker('ps', '-aq')).stdout).toBe(before);
  });

  it('says that a name is taken', { timeout: 30 * SECONDS }, async () => {
    await expect(run({ name: 'db' })).rejects.toMatchObject({
      message: expect.stringMatching(/"\/db" is already in use/),
    });
  });

  it('lists the images that have names', async () => {
    const names = (await engines.images(engine)).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['busybox:latest', 'nginx:alpine', 'redis:alpine']));
  });
});
