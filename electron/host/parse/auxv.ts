import { FormatError } from './format-error.ts';

/** What the kernel told this program at its start; man 3 getauxval. */
export interface Auxv {
  readonly pageBytes: number;
  readonly clockTicksPerSecond: number;
}

const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;

/** /proc/self/auxv of a 64-bit program: pairs of native words. */
export const parseAuxv = (bytes: Uint8Array): Auxv => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Map<bigint, number>();
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    values.set(view.getBigUint64(at, true), Number(view.getBigUint64(at + 8, true)));
  }
  const pageBytes = values.get(AT_PAGESZ);
  const clockTicksPerSecond = values.get(AT_CLKTCK);
  if (!pageBytes || !clockTicksPerSecond) throw new FormatError('/proc/self/auxv', `${bytes.length} bytes`);
  return { pageBytes, clockTicksPerSecond };
};
