/**
 * Limits of single devices: io.max of v2, and the four throttle files of v1. A line written sets one device; the file
 * lists all that are limited. Documentation/admin-guide/cgroup-v2.rst "IO Interface Files", cgroup-v1/blkio-controller.rst.
 */

export const IO_MAX_KEYS = ['rbps', 'wbps', 'riops', 'wiops'] as const;
export type IoMaxKey = (typeof IO_MAX_KEYS)[number];

export interface DeviceLine {
  /** `MAJ:MIN`. */
  readonly device: string;
  /** What stands behind it, as it was typed. */
  readonly rest: string;
}

/** `254:0 10 MiB` as device and rest; `null` if it does not begin with a device. */
export const deviceLine = (typed: string): DeviceLine | null => {
  const [, device, rest] = /^(\d{1,4}:\d{1,7})\s+(\S.*)$/.exec(typed.trim()) ?? [];
  return device === undefined || rest === undefined ? null : { device, rest };
};

/** `rbps=1 MiB wiops max` as pairs; `null` if anything is left over. */
export const ioMaxPairs = (rest: string): readonly (readonly [IoMaxKey, string])[] | null => {
  const pairs: [IoMaxKey, string][] = [];
  for (const part of rest.split(/\s+(?=[rw](?:bps|iops)\b)/)) {
    const [, key, value] = /^([rw](?:bps|iops))(?:\s*=\s*|\s+)(\S.*)$/.exec(part.trim()) ?? [];
    if (key === undefined || value === undefined) return null;
    pairs.push([key as IoMaxKey, value.trim()]);
  }
  return pairs;
};

const linesOf = (text: string): Map<string, string> =>
  new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const found = deviceLine(line);
      return found === null ? [] : [[found.device, found.rest]];
    }),
  );
const textOf = (lines: ReadonlyMap<string, string>): string =>
  [...lines].map(([device, rest]) => `${device} ${rest}`).join('\n');

const valuesOf = (rest: string | undefined): Map<string, string> =>
  new Map([
    ...IO_MAX_KEYS.map((key): [string, string] => [key, 'max']),
    ...(rest ?? '').split(' ').flatMap((pair): [string, string][] => {
      const [key = '', value] = pair.split('=');
      return value === undefined ? [] : [[key, value]];
    }),
  ]);

/** What the file will read once `written` was taken. A device without any limit has no line. */
export const deviceReadBack = (now: string, written: string): string => {
  const lines = linesOf(now);
  const wanted = deviceLine(written);
  if (wanted === null) return now;
  if (!wanted.rest.includes('=')) {
    if (wanted.rest === '0') lines.delete(wanted.device);
    else lines.set(wanted.device, wanted.rest);
    return textOf(lines);
  }
  const values = valuesOf(lines.get(wanted.device));
  for (const [key, value] of ioMaxPairs(wanted.rest) ?? []) values.set(key, value);
  if ([...values.values()].every((value) => value === 'max')) lines.delete(wanted.device);
  else lines.set(wanted.device, [...values].map(([key, value]) => `${key}=${value}`).join(' '));
  return textOf(lines);
};

/** The line that brings the device of `written` back to what stands in `before`. */
export const deviceRestore = (before: string, written: string): string => {
  const device = deviceLine(written)?.device ?? '';
  const former = linesOf(before).get(device);
  if (former !== undefined) return `${device} ${former}`;
  return `${device} ${written.includes('=') ? IO_MAX_KEYS.map((key) => `${key}=max`).join(' ') : '0'}`;
};

/** True if both limit the same devices to the same; the kernel lists them in the order in which they were made. */
export const sameDevices = (a: string, b: string): boolean =>
  a.split('\n').sort().join('\n') === b.split('\n').sort().join('\n');
