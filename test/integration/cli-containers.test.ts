import { readlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison } from '../../shared/compare.ts';
import type { World } from '../../shared/model.ts';
import type { NamespaceView } from '../../shared/namespaces.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { buildCli, porthole, portholeJson, run, whileQuiet } from './cli-run.ts';

const reason = await labUnavailable();

describe.skipIf(reason !== null)(
  `porthole and real containers${reason === null ? '' : ` (cannot run: ${reason})`}`,
  () => {
    let lab: Lab;
    let db: { id: string; pid: number };
    let web: { id: string; pid: number };
    const inspected = async (name: string) => {
      const { stdout } = await lab.docker('inspect', '-f', '{{.Id}} {{.State.Pid}}', name);
      const [id, pid] = stdout.trim().split(' ');
      return { id: id!, pid: Number(pid) };
    };
    const compared = async (...names: string[]) => (await portholeJson(['compare', ...names], lab.env)) as Comparison;

    beforeAll(async () => {
      buildCli();
      lab = await startLab();
      await lab.docker('run', '-d', '--name=db', '-m', '64m', 'redis:alpine');
      await lab.docker('run', '-d', '--name=web', '--net=container:db', '--cap-add=NET_ADMIN', 'nginx:alpine');
      await lab.docker('create', '--name=later', 'busybox');
      [db, web] = [await inspected('db'), await inspected('web')];
    });
    afterAll(() => lab?.down());

    it('says that web shares net with db and nothing else', async () => {
      const { verdict, namespaces, a, b } = await compared('db', 'web');
      expect(verdict).toBe('They share net and nothing else. web adds NET_ADMIN and has no memory limit.');
      expect([a, b]).toMatchObject([
        { kind: 'container', label: 'db', pid: db.pid, container: db.id },
        { kind: 'container', label: 'web', pid: web.pid, container: web.id },
      ]);
      const host = (type: string) =>
        readlinkSync(`/proc/${db.pid}/ns/${type}`) === readlinkSync(`/proc/self/ns/${type}`);
      expect(namespaces.filter(({ same }) => same).map(({ type }) => type)).toEqual(
        ['mnt', 'uts', 'ipc', 'net', 'pid', 'user', 'cgroup', 'time'].filter((type) => type === 'net' || host(type)),
      );
      for (const row of namespaces) {
        expect([row.a, row.b]).toEqual([db, web].map(({ pid }) => readlinkSync(`/proc/${pid}/ns/${row.type}`)));
      }
    });

    it('takes a name, a full ID, the beginning of one, a pid, or the host', async () => {
      const byName = await compared('db', 'host');
      expect(byName.verdict).toMatch(/^db uses the host’s /);
      for (const same of [db.id, db.id.slice(0, 12)])
        expect(await compared(same, 'host')).toMatchObject({ a: byName.a });
      expect((await compared(String(db.pid), 'host')).a).toMatchObject({
        kind: 'process',
        pid: db.pid,
        container: db.id,
      });
    });

    it('draws the tree of a container as pstree draws that of its first process', async () => {
      const [theirs, ours] = await whileQuiet(
        async () => (await run(['pstree', '-c', '-p', '-A', String(web.pid)])).stdout,
        () => porthole(['tree', '-c', '-p', '-A', 'web'], lab.env),
      );
      expect(theirs).toContain('nginx');
      expect(ours).toEqual({ code: 0, stdout: theirs, stderr: '' });
    });

    it('knows which containers are in a namespace', async () => {
      const views = (await portholeJson(['ns'], lab.env)) as NamespaceView[];
      const view = (type: string) => views.find(({ id }) => id === readlinkSync(`/proc/${db.pid}/ns/${type}`));
      expect(view('net')).toMatchObject({ containers: [db.id, web.id].sort(), container: null });
      expect(view('pid')).toMatchObject({ containers: [db.id], container: db.id, leader: db.pid });
      expect((await porthole(['ns', '--type', 'pid'], lab.env)).stdout).toMatch(/ pid .* db /);
    });

    it('has them in a snapshot, with their processes', async () => {
      const { containers, processes } = (await portholeJson(['snapshot'], lab.env)) as World;
      const named = containers
        .filter(({ name }) => name !== null)
        .map(({ name, state, pid }) => ({ name, state, pid }));
      expect(named).toEqual(
        expect.arrayContaining([
          { name: 'db', state: 'running', pid: db.pid },
          { name: 'web', state: 'running', pid: web.pid },
          { name: 'later', state: 'created', pid: null },
        ]),
      );
      expect(processes.find(({ pid }) => pid === db.pid)?.container).toBe(db.id);
    });

    it('says so of a container that does not run, and of an engine that does not answer', async () => {
      expect(await porthole(['compare', 'later', 'host'], lab.env)).toMatchObject({
        code: 1,
        stderr: 'porthole compare: container later is created, not running; start it first\n',
      });
      const silent = await porthole(['tree', 'nowhere'], {
        ...lab.env,
        DOCKER_HOST: 'unix:///nonexistent/docker.sock',
      });
      expect(silent).toMatchObject({ code: 1 });
      expect(silent.stderr).toBe(
        'porthole tree: no process or container "nowhere" (docker at unix:///nonexistent/docker.sock: absent); ' +
          '"porthole tree -p" lists what there is\n',
      );
    });
  },
);
