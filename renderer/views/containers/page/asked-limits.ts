/** What an engine was asked to limit, in the words of its command line. Docker Engine API reference, HostConfig. */
import { restartInWords } from '../../../../shared/change-effects.ts';
import { ENGINE_OPTIONS, optionValue, type EngineOption } from '../../../../shared/engine-options.ts';
import type { CgroupLimit } from '../../../../shared/model.ts';
import { bytesInWords } from '../../../../shared/sentence.ts';
import { told } from './inspected.svelte.ts';

const positive = (inspected: unknown, name: string): number | null => {
  const value = told(inspected, 'HostConfig', name);
  return typeof value === 'number' && value > 0 ? value : null;
};

/** `--cpus 0.5`; `null` if nothing was asked for. */
export const askedLimit = (resource: CgroupLimit['resource'], inspected: unknown): string | null => {
  switch (resource) {
    case 'memory': {
      const bytes = positive(inspected, 'Memory');
      return bytes === null ? null : `--memory ${bytes % 2 ** 20 === 0 ? `${bytes / 2 ** 20}m` : bytes}`;
    }
    case 'pids': {
      const tasks = positive(inspected, 'PidsLimit');
      return tasks === null ? null : `--pids-limit ${tasks}`;
    }
    case 'cpu': {
      const nanos = positive(inspected, 'NanoCpus');
      if (nanos !== null) return `--cpus ${nanos / 1e9}`;
      const quota = positive(inspected, 'CpuQuota');
      const period = positive(inspected, 'CpuPeriod');
      return quota === null ? null : `--cpu-quota ${quota}${period === null ? '' : ` --cpu-period ${period}`}`;
    }
  }
};

export interface KeptOption {
  readonly option: EngineOption;
  /** As the option takes it; `null` for nothing. */
  readonly value: string | null;
  /** The same for people; `''` where it says as much. */
  readonly words: string;
}

const IN_BYTES: ReadonlySet<string> = new Set(['--memory', '--memory-reservation', '--memory-swap']);

export const isInBytes = (option: EngineOption): boolean => IN_BYTES.has(option);

const wordsFor = (option: EngineOption, value: string | null): string => {
  if (value === null) return '';
  if (option === '--restart') return restartInWords(value);
  if (value === '-1') return 'no limit';
  return isInBytes(option) ? bytesInWords(Number(value)) : '';
};

/** All that its engine can be asked to change, in the words of its command line. */
export const keptOptions = (inspected: unknown): KeptOption[] =>
  ENGINE_OPTIONS.map((option) => {
    const value = optionValue(option, inspected);
    return { option, value, words: wordsFor(option, value) };
  });

/** Only `docker run` takes it, and only v1 has it. */
export const oomKillDisabled = (inspected: unknown): boolean =>
  told(inspected, 'HostConfig', 'OomKillDisable') === true;
