/** The file in a container's own cgroup that an engine writes for an option of `docker update`. */
import type { ChangeFile } from '../../../shared/change-files.ts';
import type { EngineOption } from '../../../shared/engine-options.ts';
import { placesOf } from '../collect/container-use.ts';
import type { Kernel } from '../read/kernel.ts';
import { cgroupPlace, type CgroupFilePlace } from './cgroup-place.ts';
import { readHeld } from './held-file.ts';

type Row = readonly [controller: string, v1: readonly string[], v2: readonly string[]];

/** opencontainers/cgroups fs and fs2: which file each field goes to; the first that is there. */
const FILES: Readonly<Record<EngineOption, Row | null>> = {
  '--memory': ['memory', ['memory.limit_in_bytes'], ['memory.max']],
  '--memory-reservation': ['memory', ['memory.soft_limit_in_bytes'], ['memory.low']],
  '--memory-swap': ['memory', ['memory.memsw.limit_in_bytes'], ['memory.swap.max']],
  '--cpus': ['cpu', ['cpu.cfs_quota_us'], ['cpu.max']],
  '--cpu-quota': ['cpu', ['cpu.cfs_quota_us'], ['cpu.max']],
  '--cpu-period': ['cpu', ['cpu.cfs_period_us'], ['cpu.max']],
  '--cpu-shares': ['cpu', ['cpu.shares'], ['cpu.weight']],
  '--cpuset-cpus': ['cpuset', ['cpuset.cpus'], ['cpuset.cpus']],
  '--cpuset-mems': ['cpuset', ['cpuset.mems'], ['cpuset.mems']],
  '--pids-limit': ['pids', ['pids.max'], ['pids.max']],
  '--blkio-weight': ['blkio', ['blkio.weight', 'blkio.bfq.weight'], ['io.bfq.weight', 'io.weight']],
  '--restart': null,
};

export interface OptionFile {
  readonly place: CgroupFilePlace;
  readonly text: string;
}

/** Read now; `null` where the container has no process here, no cgroup of its own, or no such file. */
export const optionFileOf = async (
  kernel: Kernel,
  container: { readonly id: string; readonly pid: number | null },
  option: EngineOption,
): Promise<OptionFile | null> => {
  const row = FILES[option];
  const { id, pid } = container;
  const places = row === null || pid === null ? null : placesOf(kernel, { id, pid });
  if (row === null || !places?.ok || places.value === null) return null;
  const [controller, v1, v2] = row;
  const at = places.value.folder(
    controller === 'blkio' && places.value.folder('blkio')?.version !== 1 ? 'io' : controller,
  );
  if (at === null) return null;
  for (const name of at.version === 1 ? v1 : v2) {
    try {
      const place = cgroupPlace(kernel, `${at.folder}/${name}`);
      return { place, text: (await readHeld(place.path)).text };
    } catch {
      // Not there, or not readable: the engine's account is all there is.
    }
  }
  return null;
};

/** What the file will hold for this text of the option; `null` where that takes more than the text. */
export const inFile = (option: EngineOption, text: string, file: ChangeFile): string | null => {
  switch (option) {
    case '--memory':
    case '--memory-reservation':
      return text === '-1' && file.version === 2 ? 'max' : text;
    case '--memory-swap':
      return file.version === 1 ? text : null;
    case '--pids-limit':
    case '--cpuset-cpus':
    case '--cpuset-mems':
      return text;
    case '--cpu-shares':
    case '--cpu-quota':
    case '--cpu-period':
      return file.version === 1 ? text : null;
    default:
      return null;
  }
};
