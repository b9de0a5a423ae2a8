/**
 * The inside of namespaces, the capabilities and the namespaces of processes, beside the tools that everybody trusts, while all
 * that changes many times a second. What comes is named anew each time and never comes back: what we saw before and after they
 * looked was there meanwhile, so they must have seen it too.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Collector } from '../../electron/host/collect/collector.ts';
import { readInside } from '../../electron/host/collect/inside.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import { decodeAsCapsh } from '../../shared/capabilities.ts';
import type { Inside } from '../../shared/inside.ts';
import { NAMESPACE_TYPES, type NamespaceId } from '../../shared/model.ts';
import { startChurn, type Churn } from './churn.ts';

const ROUNDS = 12;
const BUSY_MILLIS = 180_000;
/** So many different ones at least must have been met, or nothing changed while it was looked at. */
const MET = ROUNDS;
const root = process.getuid?.() === 0;

/** `$1`: a folder. Some twenty turns a second, each with an address, a route and a mount of its own, which the thirtieth after it takes away. */
const RESTLESS = `
  mount -t tmpfs restless "$1"; ip link set lo up; i=0
  while read -t 0.03 -r _; [ $? -gt 128 ]; do
    i=$((i+1)); j=$((i-30))
    ip address add 10.$((i/250%250)).$((i%250)).1/32 dev lo
    ip route add blackhole 172.$((i/250%250)).$((i%250)).0/24
    mkdir "$1/m$i"; mount -t tmpfs "t$i" "$1/m$i"
    [ $i = 4 ] && echo restless
    if [ $j -gt 0 ]; then
      ip address del 10.$((j/250%250)).$((j%250)).1/32 dev lo
      ip route del blackhole 172.$((j/250%250)).$((j%250)).0/24
      umount "$1/m$j"
    fi
  done`;

const said = async (program: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(program, args, { maxBuffer: 1 << 28, timeout: 20_000 })).stdout;

describe.skipIf(!root)(
  `what is inside while it changes${root ? '' : ' (cannot run: it needs root)'}`,
  { timeout: BUSY_MILLIS },
  () => {
    const kernel = new LinuxKernel();
    let folder: string;
    let restless: ChildProcess;
    let churn: Churn;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'porthole-restless-'));
      restless = spawn('unshare', ['-mnu', 'bash', '-c', RESTLESS, 'restless', folder], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      churn = startChurn();
      await once(restless.stdout!, 'data');
    });
    afterAll(async () => {
      const ended = restless && once(restless, 'exit');
      restless?.stdin?.end();
      await ended;
      await churn?.end();
      await rm(folder, { recursive: true, force: true });
    });

    const lookInto = async <T extends Inside['type']>(type: T): Promise<Extract<Inside, { type: T }>> => {
      const id = (await readlink(`/proc/${restless.pid}/ns/${type}`)) as NamespaceId;
      const { inside } = await readInside(kernel, new Collector(kernel).collect([], []), id);
      return inside as Extract<Inside, { type: T }>;
    };
    /** Each round: ours, theirs, ours; of ours all that was in both must be among theirs. */
    const rounds = async (ours: () => Promise<readonly string[]>, theirs: () => Promise<readonly string[]>) => {
      const met = new Set<string>();
      let steady = 0;
      for (let round = 0; round < ROUNDS || (met.size < MET && round < ROUNDS * 10); round++) {
        const before = await ours();
        const told = new Set(await theirs());
        const after = new Set(await ours());
        for (const one of before) {
          met.add(one);
          if (!after.has(one)) continue;
          expect(told).toContain(one);
          steady++;
        }
      }
      expect(met.size).toBeGreaterThanOrEqual(MET);
      expect(steady).toBeGreaterThanOrEqual(ROUNDS);
    };

    it('ip shows the same addresses', async () => {
      await rounds(
        async () => {
          const { interfaces } = await lookInto('net');
          if (!interfaces.ok) throw new Error(interfaces.words);
          return interfaces.value.flatMap(({ name, addresses }) =>
            addresses.map(({ address, prefix }) => `${name} ${address}/${prefix}`),
          );
        },
        async () => {
          const links = JSON.parse(
            await said('nsenter', '-t', String(restless.pid), '-n', 'ip', '-json', 'address'),
          ) as {
            ifname: string;
            addr_info: { local?: string; prefixlen?: number }[];
          }[];
          return links.flatMap(({ ifname, addr_info: all }) =>
            all.map(({ local, prefixlen }) => `${ifname} ${local}/${prefixlen}`),
          );
        },
      );
    });

    it('ip shows the same routes', async () => {
      await rounds(
        async () => {
          const { routes } = await lookInto('net');
          if (!routes.ok) throw new Error(routes.words);
          return routes.value.filter(({ type }) => type === 'blackhole').map(({ destination }) => destination);
        },
        async () => {
          const text = await said(
            'nsenter',
            '-t',
            String(restless.pid),
            '-n',
            'ip',
            'route',
            'show',
            'type',
            'blackhole',
          );
          return [...text.matchAll(/^blackhole (\S+)/gm)].map(([, to]) => to!);
        },
      );
    });

    it('findmnt shows the same mounts', async () => {
      await rounds(
        async () => {
          const { mounts } = await lookInto('mnt');
          if (!mounts.ok) throw new Error(mounts.words);
          return mounts.value.map(({ id, parent, mountPoint, type }) => `${id} ${parent} ${mountPoint} ${type}`);
        },
        async () => {
          const columns = ['-o', 'ID,PARENT,TARGET,FSTYPE'];
          const text = await said('findmnt', '-J', '-l', '-N', String(restless.pid), ...columns);
          const { filesystems } = JSON.parse(text) as {
            filesystems: { id: number; parent: number; target: string; fstype: string }[];
          };
          return filesystems.map(({ id, parent, target, fstype }) => `${id} ${parent} ${target} ${fstype}`);
        },
      );
    });

    it('nsenter comes to the very namespaces that a process is said to be in', async () => {
      const collector = new Collector(kernel);
      const row = () => collector.collect([], []).processes.find(({ pid }) => pid === restless.pid)!.namespaces;
      for (let round = 0; round < ROUNDS; round++) {
        const before = row();
        const links = NAMESPACE_TYPES.filter((type) => type !== 'user' && type !== 'time');
        const script = links.map((type) => `readlink /proc/self/ns/${type}`).join('; ');
        const options = ['--mount', '--uts', '--net', '--ipc', '--pid', '--cgroup'];
        const told = await said('nsenter', '-t', String(restless.pid), ...options, 'sh', '-c', script);
        expect(row()).toEqual(before);
        expect(told.trim().split('\n')).toEqual(links.map((type) => before[type]));
      }
    });

    it('capsh decodes the sets of whoever is there as we do', async () => {
      let compared = 0;
      for (let round = 0; round < ROUNDS || compared < ROUNDS; round++) {
        const masks = new Set<string>();
        for (const { pid } of new Collector(kernel).collect([], []).processes) {
          const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
          for (const [, mask] of status.matchAll(/^Cap\w+:\t([0-9a-f]{16})$/gm)) masks.add(mask!);
        }
        const all = [...masks];
        const told = await said('sh', '-c', 'for mask; do capsh --decode="$mask"; done', 'sh', ...all);
        expect(told.trimEnd().split('\n')).toEqual(all.map(decodeAsCapsh));
        compared += all.length;
      }
    });
  },
);
