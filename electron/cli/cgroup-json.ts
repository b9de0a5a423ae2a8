/** One cgroup for programs: its files with all that the text says of each, and what they come to. */
import { numbersIn, type CgroupNumber } from '../../shared/cgroup-entries.ts';
import type { CgroupFileInfo } from '../../shared/cgroup-file.ts';
import { forksRefused, frozen, limitHits, oomKills } from '../../shared/cgroup-events.ts';
import { cgroupFile } from '../../shared/cgroup-files.ts';
import { memoryUse } from '../../shared/cgroup-memory-use.ts';
import type { CgroupDetail, CgroupFile, CgroupPlace } from '../../shared/cgroup-model.ts';
import { cpuUse, pressureMissing } from '../../shared/cgroup-summary.ts';
import { valueInWords } from '../../shared/cgroup-words.ts';

/** `known`: `null` for a file of which Porthole knows nothing. */
type KnownFile = CgroupFile & {
  readonly known: Omit<CgroupFileInfo, 'name' | 'version'> | null;
  readonly inWords: string | null;
  readonly numbers: readonly CgroupNumber[];
};

const knownFile = (file: CgroupFile, version: CgroupPlace['version']): KnownFile => {
  const info = cgroupFile(file.name, version);
  const value = file.value?.ok ? file.value.value : null;
  const { name: _, version: __, ...known } = info ?? { name: '', version };
  return {
    ...file,
    known: info === null ? null : (known as KnownFile['known']),
    inWords: value === null ? null : valueInWords(value, info?.unit ?? null),
    numbers: value === null ? [] : numbersIn(file.name, version, value),
  };
};

/** As the contract has it, and what the page reckons from it. */
export const cgroupJson = (detail: CgroupDetail, sentence: string): object => ({
  ...detail,
  sentence,
  memory: memoryUse(detail),
  cpu: cpuUse(detail),
  events: { limitHits: limitHits(detail), oomKills: oomKills(detail), forksRefused: forksRefused(detail) },
  frozen: frozen(detail),
  pressureMissing: pressureMissing(detail),
  places: detail.places.map((place) => ({
    ...place,
    files: place.files.ok
      ? { ok: true, value: place.files.value.map((file) => knownFile(file, place.version)) }
      : place.files,
  })),
});
