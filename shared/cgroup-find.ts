/** Single values among the files of one cgroup. */
import type { CgroupDetail, CgroupEntry, CgroupFile, CgroupPlace, CgroupValue, KernelNumber } from './cgroup-model.ts';
import { approximate } from './cgroup-words.ts';

type Version = CgroupPlace['version'];

export interface At {
  readonly file: CgroupFile;
  readonly place: CgroupPlace;
}

/** The file of this name, in whichever hierarchy has it. */
export const findFile = (detail: CgroupDetail, name: string, version?: Version): At | null => {
  for (const place of detail.places) {
    if (version !== undefined && place.version !== version) continue;
    const file = place.files.ok ? place.files.value.find((file) => file.name === name) : undefined;
    if (file !== undefined) return { file, place };
  }
  return null;
};

const valueOf = (detail: CgroupDetail, name: string, version?: Version): CgroupValue | null => {
  const value = findFile(detail, name, version)?.file.value;
  return value?.ok === true ? value.value : null;
};

/** `null` if there is none of this name, or it could not be read, or holds something else. */
export const numberIn = (detail: CgroupDetail, name: string, version?: Version): number | null => {
  const value = valueOf(detail, name, version);
  return value?.kind === 'number' ? approximate(value.value) : null;
};

export const textIn = (detail: CgroupDetail, name: string, version?: Version): string | null => {
  const value = valueOf(detail, name, version);
  return value?.kind === 'text' ? value.text : null;
};

/** The numbers of a flat keyed file; `null` if there is none or it could not be read. */
export const keysIn = (detail: CgroupDetail, name: string, version: Version): ReadonlyMap<string, number> | null => {
  const value = valueOf(detail, name, version);
  if (value?.kind !== 'flat') return null;
  const counts = value.entries.filter((entry): entry is readonly [string, KernelNumber] => entry[1] !== 'max');
  return new Map(counts.map(([key, count]: CgroupEntry) => [key, Number(count)]));
};
