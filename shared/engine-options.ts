/**
 * Everything that `docker update` sets of a container, running or not: read from the engine's own account, and asked of the
 * engine. Docker Engine API reference, ContainerUpdate and HostConfig.
 */
import type { ChangeFile, ChangeForm } from './change-files.ts';
import { restartProblem, type UpdatedEngine } from './engine-keeps.ts';
import { memoryUpdate, numberOf, oneUpdate, withPolicy, type EngineUpdateOr } from './engine-update.ts';

type Row = readonly [option: string, field: string, form: ChangeForm, title: string];

const ROWS = [
  ['--memory', 'Memory', 'bytes', 'Memory limit'],
  ['--memory-reservation', 'MemoryReservation', 'bytes', 'Memory reservation'],
  ['--memory-swap', 'MemorySwap', 'bytes', 'Memory and swap limit'],
  ['--cpus', 'NanoCpus', 'cpus', 'CPU limit'],
  ['--cpu-quota', 'CpuQuota', 'quota', 'CPU quota'],
  ['--cpu-period', 'CpuPeriod', 'period', 'CPU period'],
  ['--cpu-shares', 'CpuShares', 'shares', 'CPU shares'],
  ['--cpuset-cpus', 'CpusetCpus', 'ranges', 'CPUs'],
  ['--cpuset-mems', 'CpusetMems', 'ranges', 'Memory nodes'],
  ['--pids-limit', 'PidsLimit', 'tasks', 'Tasks limit'],
  ['--blkio-weight', 'BlkioWeight', 'disk-weight', 'Disk weight'],
  ['--restart', 'RestartPolicy', 'restart', 'Restart policy'],
] as const satisfies readonly Row[];

export type EngineOption = (typeof ROWS)[number][0];
export const ENGINE_OPTIONS: readonly EngineOption[] = ROWS.map(([option]) => option);

const rowOf = (option: EngineOption): Row => ROWS.find((row) => row[0] === option)!;

/** The option as something that can be changed; its version is that whose words for “none” engines take. */
export const optionFile = (option: EngineOption): ChangeFile => {
  const [name, , form, title] = rowOf(option);
  return { name, form, version: form === 'ranges' ? null : 1, used: null, title };
};

const hostField = (inspected: unknown, name: string): unknown => {
  const of = (value: unknown, key: string): unknown =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      ? (value as Readonly<Record<string, unknown>>)[key]
      : undefined;
  return of(of(inspected, 'HostConfig'), name);
};

/** What the engine was asked for, as the option takes it: `67108864`, `0.5`, `on-failure:3`; `null` for nothing. */
export const optionValue = (option: EngineOption, inspected: unknown): string | null => {
  const [, name] = rowOf(option);
  const value = hostField(inspected, name);
  if (option === '--restart') {
    if (typeof value !== 'object' || value === null) return null;
    const { Name, MaximumRetryCount: times } = value as {
      readonly Name?: unknown;
      readonly MaximumRetryCount?: unknown;
    };
    if (typeof Name !== 'string') return null;
    return typeof times === 'number' && times > 0 ? `${Name}:${times}` : Name === '' ? 'no' : Name;
  }
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value !== 'number' || value === 0) return null;
  return String(option === '--cpus' ? value / 1e9 : value);
};

const UNTIL_RESTART =
  'While it runs, max can be written to its cgroup file, above; at the next start the limit is back. To be rid of it, make the container anew.';

const conflict = (problem: string): EngineUpdateOr => ({ ok: false, problem });

/** Podman keeps a quota of this period for `--cpus`, and tells it as CPUs only then; libpod/container_inspect_linux.go. */
const PODMAN_PERIOD_MICROS = 100_000;

const podmanCpus = (cpus: number, inspected: unknown): EngineUpdateOr => {
  const [quota, period] = [numberOf(inspected, 'CpuQuota'), numberOf(inspected, 'CpuPeriod')];
  return {
    ok: true,
    body: { CpuPeriod: PODMAN_PERIOD_MICROS, CpuQuota: Math.round(cpus * PODMAN_PERIOD_MICROS) },
    options: ['--cpus', String(cpus)],
    undo: { CpuPeriod: period > 0 ? period : PODMAN_PERIOD_MICROS, CpuQuota: quota > 0 ? quota : -1 },
    note: null,
  };
};

/** `text`: as `textFor` made it of what was typed. `inspected`: the engine's own account of the container. */
export const optionUpdate = (
  option: EngineOption,
  text: string,
  inspected: unknown,
  engine: UpdatedEngine,
): EngineUpdateOr => {
  const { kind } = engine;
  const [, name, form] = rowOf(option);
  const has = (other: string): boolean => numberOf(inspected, other) > 0;
  const former = numberOf(inspected, name);
  const none = text === '-1' || text === 'max';
  const plain = (value: number | string, undo: number | string | null): EngineUpdateOr =>
    oneUpdate(name, option, value, undo);
  const update = ((): EngineUpdateOr => {
    switch (option) {
      case '--memory':
        if (none)
          return conflict(`The engine cannot take away a memory limit: 0 means “as it is” to it. ${UNTIL_RESTART}`);
        return memoryUpdate(Number(text), inspected, kind);
      case '--memory-reservation':
        if (none) return conflict('The engine cannot take away a reservation: 0 means “as it is” to it.');
        return plain(Number(text), former > 0 ? former : null);
      case '--memory-swap':
        return plain(Number(text), former === 0 ? null : former);
      case '--cpus': {
        if (kind === 'podman') return podmanCpus(Number(text), inspected);
        // moby container/container_unix.go: the two ways exclude each other.
        if (has('CpuQuota') || has('CpuPeriod'))
          return conflict('It was given a quota or period, which exclude --cpus.');
        const nanos = Math.round(Number(text) * 1e9);
        return { ok: true, body: { NanoCpus: nanos }, options: [option, text], undo: former > 0 ? { NanoCpus: former } : null, note: null }; // prettier-ignore
      }
      case '--cpu-quota':
      case '--cpu-period': {
        if (kind === 'docker' && has('NanoCpus'))
          return conflict('It was given --cpus, which excludes quota and period.');
        const usual = option === '--cpu-quota' ? -1 : 100_000;
        return plain(Number(text), former > 0 ? former : usual);
      }
      case '--cpu-shares':
        return plain(Number(text), former > 0 ? former : 1024);
      case '--pids-limit':
        return plain(none ? -1 : Number(text), former > 0 ? former : -1);
      case '--blkio-weight':
        if (Number(text) < 10) return conflict('Engines take 10 to 1000.');
        return plain(Number(text), former > 0 ? former : null);
      case '--restart': {
        const unable = restartProblem(engine);
        if (unable !== null) return conflict(unable);
        const policyOf = (policy: string) => {
          const [word = 'no', times = '0'] = policy.split(':');
          return { Name: word, MaximumRetryCount: Number(times) };
        };
        const before = optionValue(option, inspected) ?? 'no';
        return { ok: true, body: { RestartPolicy: policyOf(text) }, options: [option, text], undo: { RestartPolicy: policyOf(before) }, note: null }; // prettier-ignore
      }
      default:
        return form === 'ranges' ? plain(text, optionValue(option, inspected)) : conflict('Not known.');
    }
  })();
  return option === '--restart' ? update : withPolicy(update, inspected, kind);
};

const OPTION_OF: ReadonlyMap<string, EngineOption> = new Map(ROWS.map(([option, field]) => [field, option]));

/** The options of `docker update` that say the same as this body. */
export const optionsOf = (body: Readonly<Record<string, unknown>>, leaveOut: EngineOption | null): readonly string[] =>
  Object.keys(body).flatMap((name) => {
    const option = OPTION_OF.get(name);
    if (option === undefined || option === leaveOut) return [];
    return [option, optionValue(option, { HostConfig: body }) ?? '0'];
  });
