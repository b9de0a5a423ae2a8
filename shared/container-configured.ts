/** A container as its engine was told to make it, of one that does not run: what the kernel cannot be asked. */
import { CAPABILITIES, ENGINE_DEFAULT_CAPABILITIES, parseMask, type CapabilityEngine } from './capabilities.ts';
import type { NamespaceType } from './model.ts';

const at = (value: unknown, ...names: readonly string[]): unknown => {
  let here = value;
  for (const name of names) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[name];
  }
  return here;
};
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const namesIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [])
    .filter((one): one is string => typeof one === 'string')
    .map((name) => name.toUpperCase().replace(/^CAP_/, ''));

const ALL = CAPABILITIES.reduce((mask, { bit }) => mask | (1n << BigInt(bit)), 0n);
const bitsOf = (names: readonly string[]): bigint =>
  names.reduce((mask, name) => {
    if (name === 'ALL') return ALL;
    const known = CAPABILITIES.find((one) => one.name.toUpperCase().replace(/^CAP_/, '') === name);
    return known === undefined ? mask : mask | (1n << BigInt(known.bit));
  }, 0n);

export interface ConfiguredCapabilities {
  /** 16 hex digits, as CapBnd would read. */
  readonly mask: string;
  /** The options asked for, as one types them. */
  readonly options: readonly string[];
}

/** What it would have in its bounding set; moby oci/caps, TweakCapabilities. */
export const configuredCapabilities = (inspected: unknown, engine: CapabilityEngine): ConfiguredCapabilities => {
  const [added, dropped] = [
    namesIn(at(inspected, 'HostConfig', 'CapAdd')),
    namesIn(at(inspected, 'HostConfig', 'CapDrop')),
  ];
  const privileged = at(inspected, 'HostConfig', 'Privileged') === true;
  const usual = parseMask(ENGINE_DEFAULT_CAPABILITIES[engine]);
  // ALL added loses what is dropped by name, and wins over ALL dropped; else what is added by name stays in any case.
  const byName = bitsOf(dropped.filter((name) => name !== 'ALL'));
  const kept = (dropped.includes('ALL') ? 0n : usual & ~byName) | bitsOf(added.filter((name) => name !== 'ALL'));
  const mask = privileged ? ALL : added.includes('ALL') ? ALL & ~byName : kept;
  return {
    mask: mask.toString(16).padStart(16, '0'),
    options: [
      ...(privileged ? ['--privileged'] : []),
      ...added.map((name) => `--cap-add ${name}`),
      ...dropped.map((name) => `--cap-drop ${name}`),
    ],
  };
};

export interface ConfiguredNamespace {
  readonly type: NamespaceType;
  /** `own`; `host`; `container`: that of the one whose id or name `of` is. */
  readonly role: 'own' | 'host' | 'container';
  readonly of: string | null;
  /** The engine's word for it: `bridge`; `null` where it has none. */
  readonly word: string | null;
}

const MODES = [
  ['uts', 'UTSMode'],
  ['ipc', 'IpcMode'],
  ['net', 'NetworkMode'],
  ['pid', 'PidMode'],
  ['cgroup', 'CgroupnsMode'],
] as const;

/** In the order in which types are always shown. A user namespace of its own is the daemon's choice and not told here. */
export const configuredNamespaces = (inspected: unknown): readonly ConfiguredNamespace[] => {
  const rows = MODES.map(([type, name]): ConfiguredNamespace => {
    const word = text(at(inspected, 'HostConfig', name));
    if (word === 'host') return { type, role: 'host', of: null, word };
    const [kind, of] = [word?.split(':')[0], word?.slice(word.indexOf(':') + 1)];
    if (kind === 'container' && of) return { type, role: 'container', of, word };
    // Engines older than 20.10 know no cgroup namespaces: then it is the host's.
    if (type === 'cgroup' && word === null) return { type, role: 'host', of: null, word };
    return { type, role: 'own', of: null, word };
  });
  return [{ type: 'mnt', role: 'own', of: null, word: null }, ...rows];
};

/** man 7 signal, for the codes that shells and engines make of them. */
const SIGNALS: Readonly<Record<number, string>> = { 1: 'SIGHUP', 2: 'SIGINT', 3: 'SIGQUIT', 4: 'SIGILL', 6: 'SIGABRT', 8: 'SIGFPE', 9: 'SIGKILL', 11: 'SIGSEGV', 13: 'SIGPIPE', 14: 'SIGALRM', 15: 'SIGTERM' }; // prettier-ignore

/** What an exit code says by the customs of shells and engines; `docker run --help`, "Exit Status". */
export const exitCodeWords = (code: number): string => {
  if (code === 0) return 'it ended by itself, and well';
  if (code === 125) return 'the engine itself failed to run it';
  if (code === 126) return 'its command could not be executed';
  if (code === 127) return 'its command was not found';
  const signal = code > 128 ? SIGNALS[code - 128] : undefined;
  return signal === undefined ? 'the program’s own code for a failure' : `as of a program that ${signal} ended`;
};

export interface ContainerEnd {
  readonly state: string | null;
  readonly exitCode: number | null;
  /** The kernel killed a process in it for lack of memory, as the engine saw it. */
  readonly oomKilled: boolean;
  /** The engine's words, where it could not be started. Hostile text. */
  readonly error: string | null;
  /** Milliseconds since 1970; `null` for never. */
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly restarts: number | null;
}

/** Docker says year 1 for never. */
const timeOf = (value: unknown): number | null => {
  const millis = typeof value === 'string' ? Date.parse(value) : NaN;
  return millis > 0 ? millis : null;
};

/** How it ended; Docker Engine API reference, ContainerState. */
export const containerEnd = (inspected: unknown): ContainerEnd => {
  const of = (name: string): unknown => at(inspected, 'State', name);
  const whole = (value: unknown): number | null => (Number.isSafeInteger(value) ? (value as number) : null);
  return {
    state: text(of('Status')),
    exitCode: whole(of('ExitCode')),
    oomKilled: of('OOMKilled') === true,
    error: text(of('Error')),
    startedAt: timeOf(of('StartedAt')),
    finishedAt: timeOf(of('FinishedAt')),
    restarts: whole(at(inspected, 'RestartCount')),
  };
};

/** `It ended with exit code 137: as of a program that SIGKILL ended.` */
export const endSentence = ({ startedAt, exitCode, oomKilled, error }: ContainerEnd): string => {
  if (startedAt === null) return error === null ? 'It was never started.' : 'It could not be started.';
  if (oomKilled) return `Out of memory: the kernel killed a process in it${exitCode === null ? '' : `, and it ended with exit code ${exitCode}`}.`; // prettier-ignore
  return exitCode === null ? 'It ended.' : `It ended with exit code ${exitCode}: ${exitCodeWords(exitCode)}.`;
};
