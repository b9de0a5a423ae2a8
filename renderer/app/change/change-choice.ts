/** What a change's popover asks for besides a number: in what it is counted, of which disk, and how it is put together. */
import { IO_MAX_KEYS, type IoMaxKey } from '../../../shared/change-devices.ts';
import { isOfDevice, type ChangeFile, type ChangeUnit } from '../../../shared/change-files.ts';

export const IO_MAX_WORDS: Readonly<Record<IoMaxKey, string>> = {
  rbps: 'bytes read a second',
  wbps: 'bytes written a second',
  riops: 'reads a second',
  wiops: 'writes a second',
};

export interface Choice {
  readonly value: string;
  /** `MAJ:MIN`; `''` before one is known. */
  readonly device: string;
  readonly key: IoMaxKey;
  /** Of `on-failure`. */
  readonly times: string;
}
export const NO_CHOICE: Choice = { value: '', device: '', key: IO_MAX_KEYS[0], times: '' };

/** As the host takes it: one text. `''` while something is missing. */
export const typedOf = (file: ChangeFile, { value, device, key, times }: Choice): string => {
  if (isOfDevice(file.form)) {
    if (value.trim() === '' || device === '') return '';
    return file.form === 'io-max' ? `${device} ${key}=${value.trim()}` : `${device} ${value.trim()}`;
  }
  if (file.form === 'restart' && value === 'on-failure' && times.trim() !== '') return `${value}:${times.trim()}`;
  return value;
};

type Units = readonly { readonly value: ChangeUnit; readonly label: string }[];
const BYTES: Units = [
  { value: 'plain', label: 'bytes' },
  { value: 'MiB', label: 'MiB' },
];
const CPUS: Units = [
  { value: 'CPUs', label: 'CPUs' },
  { value: 'plain', label: 'µs' },
];

/** What a bare number may be counted in; `[]` where there is no choice. */
export const unitsOf = ({ form }: ChangeFile, key: IoMaxKey): Units => {
  if (form === 'bytes' || form === 'bps' || (form === 'io-max' && key.endsWith('bps'))) return BYTES;
  return form === 'bandwidth' || form === 'quota' ? CPUS : [];
};
