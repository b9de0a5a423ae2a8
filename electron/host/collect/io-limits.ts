/** What block I/O of a cgroup is limited to, disk by disk. cgroup-v2.rst io.max; cgroup-v1/blkio-controller.rst, throttle. */
import type { IoLimit, IoWhat } from '../../../shared/container-use.ts';
import type { CgroupMembership, Reading } from '../../../shared/model.ts';
import { parseNested } from '../parse/cgroup-nested.ts';
import { FormatError, parsed } from '../parse/format-error.ts';
import { kernelNumber, linesOf } from '../parse/kernel-number.ts';
import type { Mount } from '../parse/mountinfo.ts';
import type { Kernel } from '../read/kernel.ts';
import { levelsAbove } from './cgroup-hierarchies.ts';
import { readCgroupFile } from './cgroup-read.ts';

const WHATS: readonly IoWhat[] = ['rbps', 'wbps', 'riops', 'wiops'];
const V1_FILES: Readonly<Record<IoWhat, string>> = {
  rbps: 'blkio.throttle.read_bps_device',
  wbps: 'blkio.throttle.write_bps_device',
  riops: 'blkio.throttle.read_iops_device',
  wiops: 'blkio.throttle.write_iops_device',
};

type OfDevice = Pick<IoLimit, 'device' | 'what' | 'value'>;

const parseMax = (text: string): OfDevice[] =>
  parseNested(text, 'io.max', () => false).flatMap(({ key, entries }) =>
    WHATS.flatMap((what) => {
      const value = entries.find(([name]) => name === what)?.[1] ?? 'max';
      return value === 'max' ? [] : [{ device: key, what, value: Number(value) }];
    }),
  );

/** `MAJ:MIN NUMBER` lines. */
export const parseThrottle = (text: string, what: IoWhat): OfDevice[] =>
  linesOf(text).map((line) => {
    const [, device, value] = /^(\d+:\d+)\s+(\d+)$/.exec(line.trim()) ?? [];
    if (device === undefined || value === undefined) throw new FormatError(V1_FILES[what], line);
    return { device, what, value: Number(kernelNumber(value, V1_FILES[what])) };
  });

/** The tightest of each disk and kind. What may not be read may be tighter: then that is the answer. */
export const readIoLimits = (
  kernel: Kernel,
  memberships: readonly CgroupMembership[],
  mounts: readonly Mount[],
): Reading<readonly IoLimit[]> => {
  const v1 = memberships.find(({ controllers }) => controllers.includes('blkio'));
  const of = v1 ?? memberships.find(({ hierarchy }) => hierarchy === 0);
  const levels = of === undefined ? null : levelsAbove(of, mounts);
  if (levels === null) return { ok: false, why: 'absent', call: 'no io controller', errno: null };
  const tightest = new Map<string, IoLimit>();
  // v1 throttles each cgroup by itself (blkio-controller.rst, "Hierarchical Cgroups").
  for (const [level, { folder }] of (v1 === undefined ? levels : levels.slice(0, 1)).entries()) {
    const files: readonly (readonly [string, (text: string) => OfDevice[]])[] =
      v1 === undefined
        ? [['io.max', parseMax]]
        : WHATS.map((what) => [V1_FILES[what], (text: string) => parseThrottle(text, what)]);
    for (const [file, parse] of files) {
      const told = parsed(readCgroupFile(kernel, `${folder}/${file}`), parse);
      if (!told.ok && told.why !== 'absent') return told;
      for (const limit of told.ok ? told.value : []) {
        const key = `${limit.device} ${limit.what}`;
        if ((tightest.get(key)?.value ?? Infinity) <= limit.value) continue;
        tightest.set(key, { ...limit, file, setBy: level === 0 ? null : folder });
      }
    }
  }
  return { ok: true, value: [...tightest.values()] };
};
