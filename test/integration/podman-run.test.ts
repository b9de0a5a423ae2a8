/** What the Run form asks of a real Podman, held against what the podman client makes of the line that is shown. */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDiff } from '../../electron/host/engines/diff.ts';
import { Engines } from '../../electron/host/engines/engines.ts';
import { findPlaces } from '../../electron/host/engines/find-sockets.ts';
import { Runs } from '../../electron/host/engines/runs.ts';
import { plainRun, runArgv, type RunOptions } from '../../shared/run-container.ts';
import type { PullTold } from '../../shared/pull.ts';
import { credentialsFor } from '../../electron/host/engines/credentials.ts';
import { podmanUnavailable, REGISTRY_PORT, SECRET_REGISTRY_PORT, startPodman, type PodmanLab } from '../lab/podman.ts';
import { startRegistry, type Registry } from '../lab/registry.ts';

const SECONDS = 1000;
const PROFILE = fileURLToPath(new URL('seccomp/profile.json', import.meta.url));

/** Without what can never be the same twice: times, IDs, addresses, and the command that was typed. */
const facts = (told: unknown, id: string): unknown => {
  const own = /^(?:Pid|ConmonPid|CreateCommand|IPAddress|MacAddress|Created|StartedAt|SandboxKey|HostPort)$|\.Created$/;
  const plain = (value: unknown): unknown => {
    if (typeof value === 'string')
      return value
        .replaceAll(id, 'ID')
        .replaceAll(id.slice(0, 12), 'ID')
        .replaceAll(/[0-9a-f]{64}/g, 'HEX');
    if (Array.isArray(value))
      return value.map(plain).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !own.test(key))
        .map(([key, inner]) => [key, plain(inner)]),
    );
  };
  const { Name: _, ...rest } = told as Record<string, unknown>;
  return plain(rest);
};

const ULIMITS = [
  { name: 'nofile', soft: 1024, hard: 4096 },
  { name: 'nproc', soft: 1024, hard: 4096 },
] as const;

const CASES: readonly (readonly [string, Partial<RunOptions>])[] = [
  ['nothing', {}],
  [
    'limits, environment, volumes and ports',
    {
      env: [{ name: 'A', value: 'b "c"\nd' }],
      volumes: [
        { source: '/tmp', target: '/here', mode: ['ro'] },
        { source: '/tmp', target: '/again', mode: [] },
        { source: 'store', target: '/there', mode: ['ro', 'z'] },
        { source: '/tmp', target: '/below', mode: ['z', 'rprivate'] },
        { source: null, target: '/new', mode: [] },
      ],
      ports: [
        { address: '127.0.0.1', hostPort: 18_080, port: 80, protocol: 'tcp' },
        { address: null, hostPort: 18_081, port: 81, protocol: 'udp' },
        { address: null, hostPort: null, port: 82, protocol: 'tcp' },
      ],
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
      tmpfs: [{ target: '/tmp', options: 'size=1m' }],
      remove: true,
    },
  ],
  ['a terminal that nobody is at', { interactive: true, tty: true, command: [] }],
  ['a seccomp profile', { seccomp: PROFILE }],
  ['nearly all rights', { privileged: true, restart: 'unless-stopped' }],
  [
    'what else it is given',
    {
      entrypoint: '/bin/sleep',
      command: ['1000'],
      labels: [{ name: 'a', value: 'b=c' }],
      hostname: 'box',
      tmpfs: [
        { target: '/run', options: '' },
        { target: '/t', options: 'size=64m,mode=1777' },
      ],
      devices: [{ source: '/dev/null', target: '/dev/nothing', access: 'rw' }],
      shmBytes: 32 * 1024 ** 2,
      net: { network: 'back' },
    },
  ],
  ['the host’s namespaces', { net: 'host', pid: 'host', ipc: 'host', uts: 'host' }],
  ['namespaces of its own that others may share', { ipc: 'shareable', cgroupns: 'host', net: 'none' }],
  ['namespaces that are its alone', { ipc: 'none', cgroupns: 'private', userns: 'host', net: 'none' }],
  ['those of another’s that Docker does not share', { uts: { container: 'donor' }, cgroupns: { container: 'donor' } }],
  ['another’s user namespace', { userns: { container: 'mapped' }, net: 'none' }],
  ['another’s namespaces', { net: { container: 'donor' }, pid: { container: 'donor' }, ipc: { container: 'donor' } }],
];
/** Without slirp4netns a rootless container gets no network of its own; without a /dev/mqueue here none of the host's ipc. */
const ROOTLESS = ['rights', 'nearly all rights', 'another’s namespaces'];

for (const rootless of [false, true]) {
  const reason = await podmanUnavailable(rootless);
  const what = `running containers on a${rootless ? ' rootless' : ''} Podman`;
  describe.skipIf(reason !== null)(`${what}${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
    let lab: PodmanLab;
    let engines: Engines;
    let runs: Runs;
    let engine: string;
    let registry: Registry;
    const told: PullTold[] = [];
    const soon = { timeout: 15 * SECONDS, interval: 20 };
    const own = rootless ? ({ net: 'none' } as const) : {};
    const options = (some: Partial<RunOptions>): RunOptions => ({
      ...{ ...plainRun('localhost/busybox'), command: ['sleep', '1000'], ...own, ...some },
    });
    const run = (some: Partial<RunOptions>) => runs.run(engine, 'job', options(some));
    const inspected = async (id: string): Promise<unknown> =>
      (JSON.parse((await lab.podman('inspect', id)).stdout) as unknown[])[0];
    /** A mount namespace that was just made may still have its mounts: Podman does not wait for that to end. */
    const gone = async (...ids: string[]): Promise<void> => {
      for (let tries = 1; ; tries++) {
        try {
          return void (await lab.podman('rm', '-f', '-i', '-t', '0', '-v', ...ids));
        } catch (thrown) {
          if (tries === 10 || !String(thrown).includes('device or resource busy')) throw thrown;
          await new Promise((resolve) => setTimeout(resolve, 300));
        }
      }
    };

    beforeAll(async () => {
      lab = await startPodman({ rootless });
      engine = `unix://${lab.socket}`;
      engines = new Engines(findPlaces({ ...lab.env }, { home: '/nonexistent' }).slice(0, 1));
      registry = await startRegistry(lab.pid(), { port: REGISTRY_PORT });
      runs = new Runs(
        engines,
        (progress) => told.push(progress),
        (image, kind, signal) =>
          credentialsFor(image, kind, signal, {
            env: { REGISTRY_AUTH_FILE: join(dirname(lab.socket), 'auth.json') },
            home: '/nonexistent',
          }),
      );
      engines.start();
      await engines.settled();
      await lab.podman(
        'run',
        '-d',
        '--name=donor',
        '--ipc=shareable',
        '--network=none',
        'localhost/busybox',
        'sleep',
        '1000',
      );
      if (!rootless) {
        await lab.podman('network', 'create', 'back');
        const maps = ['--uidmap=0:200000:65536', '--gidmap=0:200000:65536'];
        await lab.podman('run', '-d', '--name=mapped', ...maps, '--network=none', 'localhost/busybox', 'sleep', '1000');
      }
    }, 90 * SECONDS);
    afterAll(async () => {
      runs?.close();
      engines?.stop();
      await registry?.close();
      await lab?.down();
    }, 60 * SECONDS);

    it.each(CASES.filter(([name]) => !rootless || ROOTLESS.includes(name)))(
      'makes what the line makes: %s',
      { timeout: 60 * SECONDS },
      async (_, some) => {
        const asked = options({ ulimits: [...ULIMITS], ...some });
        const byForm = await runs.run(engine, 'job', asked);
        expect(byForm.notStarted).toBeNull();
        expect(byForm.ulimits).toEqual([]);
        const ours = facts(await inspected(byForm.id), byForm.id);
        // What listens on a port of the machine cannot be there twice.
        if (asked.ports.length > 0) await gone(byForm.id);
        const byLine = (await lab.podman(...runArgv(asked))).stdout.trim();
        const theirs = facts(await inspected(byLine), byLine);
        await gone(byLine, ...(asked.ports.length > 0 ? [] : [byForm.id]));
        expect(ours).toEqual(theirs);
      },
    );

    it('starts also where Podman asks for limits that may not be set, with others that it tells', async () => {
      const { id, notStarted, ulimits } = await run({ name: 'made' });
      expect(notStarted).toBeNull();
      await expect.poll(() => engines.current().containers.find((row) => row.id === id)?.state, soon).toBe('running');
      // A user's own service sets none; a line without any leaves it to the client's settings, which nobody can see from here.
      if (ulimits.length === 0) return void (await gone(id));
      expect(ulimits).toEqual(ULIMITS);
      const byForm = facts(await inspected(id), id);
      await gone(id);
      const byLine = (await lab.podman(...runArgv(options({ ulimits: [...ulimits] })))).stdout.trim();
      const theirs = facts(await inspected(byLine), byLine);
      await gone(byLine);
      expect(byForm).toEqual(theirs);
    });

    if (!rootless)
      it('keeps to limits that were asked for, and says in Podman’s words that they may not be set', async () => {
        const most = [{ name: 'nproc', soft: 4_000_000, hard: 4_000_000 }] as const;
        const { id, notStarted, ulimits } = await run({ ulimits: [...most] });
        // Where root may raise its limits, it starts.
        if (notStarted !== null) expect(notStarted).toMatch(/rlimit/);
        expect(ulimits).toEqual([]);
        await gone(id);
      });

    // Once is enough: fetching is the service's work, whoever runs it.
    if (!rootless)
      // Before a layer is here: what is here is not asked for again.
      it('gives up on request, and says in Podman’s words why an image cannot be had', async () => {
        told.length = 0;
        const pulling = runs.pull(engine, 'job', registry.image('stuck', '2'));
        const refused = expect(pulling).rejects.toMatchObject({ code: 'failed', message: 'Cancelled.' });
        await expect.poll(() => told.at(-1)?.layers.length ?? 0, soon).toBeGreaterThan(0);
        runs.cancel('job');
        await refused;
        for (const [behaviour, words] of [
          ['missing', /manifest unknown/],
          ['broken', /digest|verif|checksum/i],
        ] as const) {
          await expect(runs.pull(engine, 'job', registry.image(behaviour, '2'))).rejects.toMatchObject({
            message: expect.stringMatching(words),
          });
        }
      });

    if (!rootless)
      it('fetches what is missing, with how far each layer is, and starts it', async () => {
        const image = registry.image('slow');
        const { id, notStarted } = await runs.run(engine, 'job', { ...plainRun(image), name: 'fetched' });
        expect(notStarted).toBeNull();
        await expect.poll(() => engines.current().containers.find((row) => row.id === id)?.state, soon).toBe('running');
        expect(told.at(-1)?.layers.map((layer) => layer.id)).toEqual(expect.arrayContaining([...registry.layers]));
        await gone(id);
      });

    if (!rootless)
      it('sends what the user has for a registry, where podman keeps it', async () => {
        const secret = await startRegistry(lab.pid(), { port: SECRET_REGISTRY_PORT, secret: 'lab:s3cret' });
        const file = join(dirname(lab.socket), 'auth.json');
        try {
          const image = secret.image('plain');
          const host = `127.0.0.1:${SECRET_REGISTRY_PORT}`;
          await expect(runs.pull(engine, 'job', image)).rejects.toMatchObject({
            message: expect.stringMatching(/unauthorized|authentication required/i),
          });
          const auth = Buffer.from('lab:s3cret').toString('base64');
          await writeFile(file, JSON.stringify({ auths: { [host]: { auth } } }));
          await runs.pull(engine, 'job', image);
          expect(told.at(-1)?.credentials).toBe(`with the credentials for ${host} of ${file}`);
          expect(JSON.stringify(told)).not.toContain('s3cret');
        } finally {
          await secret.close();
        }
      });

    it('tells what one uses, which files it changed, and all that the engine knows', async () => {
      const { id } = await run({ command: ['sh', '-c', 'echo new > /made; exec sleep 1000'], ulimits: [...ULIMITS] });
      await expect
        .poll(async () => parseDiff(await engines.diff(engine, id)).entries.map(({ path }) => path), soon)
        .toContain('/made');
      expect(await engines.inspect(engine, id)).toMatchObject({ Id: id, State: { Running: true } });
      if (!rootless) expect(await engines.stats(engine, id)).toMatchObject({ stats: { pids_stats: { current: 1 } } });
      await gone(id);
    });

    it('changes a limit by the engine, or says in Podman’s words why not', async () => {
      const { id } = await run({ ulimits: [...ULIMITS], ...(rootless ? {} : { memoryBytes: 64 * 1024 ** 2 }) });
      const changed = await engines.update(engine, id, { Memory: 50_000_000 }).then(
        () => 'changed',
        (error: Error) => error.message,
      );
      // Which of the two there is, the machine's version of cgroups decides.
      const files = '/sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max';
      const { stdout } = await lab.podman('exec', id, 'sh', '-c', `cat ${files} 2>/dev/null; true`);
      if (!rootless || changed === 'changed') expect([changed, stdout.trim()]).toEqual(['changed', '49999872']);
      else expect(changed).toMatch(/update .* failed: .*Without root that needs cgroup v2/);
      await gone(id);
    });

    it('says that a name is taken, and that there is no such container to share with', async () => {
      await expect(run({ name: 'donor' })).rejects.toMatchObject({
        message: expect.stringMatching(/name "?donor"? is already in use/),
      });
      await expect(run({ net: { container: 'nosuch' } })).rejects.toMatchObject({
        message: expect.stringMatching(/no container with name or ID "?nosuch/),
      });
    });
  });
}
