/** What was added to an engine's default set, and what was dropped: as docker run was told. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { buildCli, porthole, portholeJson } from './cli-run.ts';

const reason = await labUnavailable();

describe.skipIf(reason !== null)(
  `capabilities of a container${reason === null ? '' : ` (cannot run: ${reason})`}`,
  () => {
    let lab: Lab;
    beforeAll(async () => {
      buildCli();
      lab = await startLab();
      const options = ['--cap-add', 'SYS_ADMIN', '--cap-drop', 'NET_RAW', '--cap-drop', 'MKNOD'];
      await lab.docker('run', '-d', '--name', 'changed', ...options, 'busybox', 'sleep', '1000');
      // Its name would do as a mask, and its user has no capability at all.
      await lab.docker('run', '-d', '--name', 'db', '--user', '999', 'busybox', 'sleep', '1000');
    });
    afterAll(() => lab?.down());

    it('are compared with the engine’s default', async () => {
      expect(await portholeJson(['caps', '--of', 'changed'], lab.env)).toMatchObject({
        sets: { CapBnd: { mask: '00000000a02405fb' } },
        comparedWithDefault: { engine: 'docker', added: ['SYS_ADMIN'], dropped: ['NET_RAW', 'MKNOD'] },
      });
      const { stdout } = await porthole(['caps', '--of', 'changed'], lab.env);
      const text = Buffer.from(stdout, 'latin1').toString('utf8');
      expect(text).toContain('CapBnd is Docker’s default with SYS_ADMIN added and NET_RAW, MKNOD dropped\n');
      expect(text).toMatch(/^ {2}dropped cap_mknod: /m);
    });

    it('are the default where nothing was asked for, whoever its user is', async () => {
      expect(await portholeJson(['caps', '--of', 'db'], lab.env)).toMatchObject({
        sets: { CapEff: { mask: '0000000000000000' } },
        comparedWithDefault: { added: [], dropped: [] },
      });
    });

    it('are compared by the process’s number too, without asking the engine', async () => {
      const pid = (await lab.docker('inspect', '-f', '{{.State.Pid}}', 'changed')).stdout.trim();
      expect(await portholeJson(['caps', pid], { DOCKER_HOST: 'unix:///nonexistent' })).toMatchObject({
        pid: Number(pid),
        comparedWithDefault: { engine: 'docker', added: ['SYS_ADMIN'] },
      });
    });

    it('of a name that nobody has are refused, with what to do', async () => {
      const { code, stderr } = await porthole(['caps', '--of', 'nobody'], lab.env);
      expect([code, stderr]).toEqual([1, expect.stringContaining('no process or container "nobody"')]);
    });
  },
);
