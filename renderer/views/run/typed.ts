/** What a person types into one field of the form, read as docker reads it; `null` if it is not of its form. */
import * as v from 'valibot';
import { CAPABILITIES } from '../../../shared/capabilities.ts';
import type { RunOptions } from '../../../shared/run-container.ts';
import { ULIMITS, Volumes, type Ulimit } from '../../../shared/run-parts.ts';

type Port = RunOptions['ports'][number];
type Volume = RunOptions['volumes'][number];
type Env = RunOptions['env'][number];
type Label = RunOptions['labels'][number];
type Tmpfs = RunOptions['tmpfs'][number];
type Device = RunOptions['devices'][number];
type Capability = RunOptions['capAdd'][number];

/** `[ADDRESS:][HOSTPORT:]PORT[/PROTOCOL]`; `docker run --help`, --publish. */
export const typedPort = (text: string): Port | null => {
  const found =
    /^(?:(?:\[([\da-fA-F:]+)\]|(\d+\.\d+\.\d+\.\d+)):(?=\d*:))?(?:(\d*):)?(\d{1,5})(?:\/(tcp|udp|sctp))?$/.exec(
      text.trim(),
    );
  if (found === null) return null;
  const [, v6, v4, host, port, protocol] = found;
  const hostPort = host === undefined || host === '' ? null : Number(host);
  const numbers = [Number(port), ...(hostPort === null ? [] : [hostPort])];
  if (numbers.some((number) => number < 1 || number > 65_535)) return null;
  return {
    address: v6 ?? v4 ?? null,
    hostPort,
    port: Number(port),
    protocol: (protocol ?? 'tcp') as Port['protocol'],
  };
};

/** `[SOURCE:]TARGET[:MODE,…]`; `docker run --help`, --volume. */
export const typedVolume = (text: string): Volume | null => {
  const found = /^(?:(\/[^:]*|[A-Za-z0-9][A-Za-z0-9_.-]+):)?(\/[^:]*)(?::([A-Za-z,]+))?$/.exec(text.trim());
  if (found === null) return null;
  const [, source = null, target, modes] = found;
  // docker knows no mode of a volume without a name.
  if (source === null && modes !== undefined) return null;
  const mode = (modes?.split(',') ?? []).filter((one) => one !== 'rw');
  const volume = { source, target, mode };
  return v.is(Volumes, [volume]) && !(modes?.includes('rw') && mode.includes('ro')) ? (volume as Volume) : null;
};

/** `NAME=VALUE`; the value is taken as it stands, quotes and spaces too. */
export const typedEnv = (text: string): Env | null => {
  const at = text.indexOf('=');
  return at > 0 ? { name: text.slice(0, at), value: text.slice(at + 1) } : null;
};

/** `NAME=VALUE`, or `NAME` alone for an empty value. */
export const typedLabel = (text: string): Label | null => {
  const [, name = '', value = ''] = /^([^=\s]+)(?:=([\s\S]*))?$/.exec(text.trimStart()) ?? [];
  return name === '' ? null : { name, value };
};

/** `TARGET[:OPTION,…]`; `docker run --help`, --tmpfs. */
export const typedTmpfs = (text: string): Tmpfs | null => {
  const [, target, options = ''] = /^(\/[^:,]*)(?::([^\s:,]+(?:,[^\s:,]+)*))?$/.exec(text.trim()) ?? [];
  return target === undefined ? null : { target, options };
};

/** `SOURCE[:TARGET][:ACCESS]`; `docker run --help`, --device. */
export const typedDevice = (text: string): Device | null => {
  const [, source, target = source, letters = 'rwm'] =
    /^(\/[^:]*)(?::(\/[^:]*))?(?::([rwm]{1,3}))?$/.exec(text.trim()) ?? [];
  if (source === undefined || target === undefined || new Set(letters).size < letters.length) return null;
  return { source, target, access: [...'rwm'].filter((letter) => letters.includes(letter)).join('') };
};

/** `NAME=SOFT[:HARD]`; `docker run --help`, --ulimit. */
export const typedUlimit = (text: string): Ulimit | null => {
  const [, spelled, soft, hard = soft] = /^([a-z]+)=(\d{1,15})(?::(\d{1,15}))?$/.exec(text.trim()) ?? [];
  const name = ULIMITS.find((known) => known === spelled);
  if (name === undefined || Number(soft) > Number(hard)) return null;
  return { name, soft: Number(soft), hard: Number(hard) };
};

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };
/** Bytes: `512m`, `1.5g`, `50000000`; units are powers of 1024, as docker's. */
export const typedMemory = (text: string): number | null => {
  const found = /^(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b)?$/i.exec(text.trim());
  const bytes = found === null ? NaN : Math.floor(Number(found[1]) * (UNITS[(found[2] ?? '').toLowerCase()] ?? NaN));
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : null;
};

/** Thousandths of a CPU: `0.5` is 500. */
export const typedMilliCpus = (text: string): number | null => {
  if (!/^\d{0,4}(?:\.\d{1,3})?$/.test(text.trim())) return null;
  const milli = Math.round(Number(text) * 1000);
  return milli > 0 ? milli : null;
};

export const typedPids = (text: string): number | null => {
  const pids = /^\d{1,7}$/.test(text.trim()) ? Number(text) : 0;
  return pids > 0 && pids <= 4_194_304 ? pids : null;
};

const KNOWN: ReadonlySet<string> = new Set(['ALL', ...CAPABILITIES.map(({ name }) => name)]);
/** `net_admin, CAP_SYS_PTRACE`: by comma or space, with or without CAP_. */
export const typedCapabilities = (text: string): readonly Capability[] | null => {
  const names = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((name) => name.toUpperCase().replace(/^CAP_/, ''));
  return names.every((name) => KNOWN.has(name)) ? ([...new Set(names)] as Capability[]) : null;
};
