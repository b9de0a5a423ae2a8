/** The lab of Podman itself: it leaves nothing behind, and what was left behind by others it takes along. */
import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeDownPodmanOrphans } from '../lab/podman-down.ts';
import { podmanUnavailable, startPodman, type PodmanLab } from '../lab/podman.ts';

const reason = await podmanUnavailable();
const there = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

describe.skipIf(reason !== null)(`a lab of Podman${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  const busy = async (): Promise<{ lab: PodmanLab; folder: string; pids: number[] }> => {
    const lab = await startPodman();
    await lab.podman('pod', 'create', '--name=pod');
    await lab.podman('run', '-d', '--pod=pod', '--name=in', 'localhost/busybox', 'sleep', '1000');
    await lab.podman('run', '-d', '--name=out', 'localhost/busybox', 'sleep', '1000');
    await lab.podman('pause', 'out');
    const { stdout } = await lab.podman('inspect', '--format', '{{.State.Pid}}', 'in', 'out');
    return { lab, folder: dirname(dirname(lab.socket)), pids: [lab.pid(), ...stdout.trim().split('\n').map(Number)] };
  };
  const leftOf = async (folder: string, pids: readonly number[]): Promise<readonly string[]> => [
    ...((await there(folder)) ? [folder] : []),
    ...((await readFile('/proc/self/mountinfo', 'utf8')).includes(folder) ? ['mounts'] : []),
    ...(
      await Promise.all(
        pids.map(async (pid) => {
          const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
          return stat === '' || / [ZX] /.test(stat) ? [] : [`process ${pid}`];
        }),
      )
    ).flat(),
  ];

  it('leaves no process, mount, network namespace or folder', async () => {
    const namespaces = (): Promise<string[]> => readdir('/run/netns').catch(() => []);
    const before = await namespaces();
    const { lab, folder, pids } = await busy();
    expect(await leftOf(folder, pids)).toHaveLength(5);
    await lab.down();
    expect(await leftOf(folder, pids)).toEqual([]);
    expect((await namespaces()).filter((name) => !before.includes(name))).toEqual([]);
  });

  it('is taken down by the next one when its owner was killed', async () => {
    const { lab, folder, pids } = await busy();
    await writeFile(`${folder}/owner`, '4194303 1');
    await takeDownPodmanOrphans();
    expect(await leftOf(folder, pids)).toEqual([]);
    await lab.down();
  });
});
