/** What an engine was asked to limit, in the words of its command line. Docker Engine API reference, HostConfig. */
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

export interface OtherLimit {
  readonly option: string;
  readonly value: string;
}

/** Everything else of the kind that was asked for. */
export const otherLimits = (inspected: unknown): OtherLimit[] => {
  const found: OtherLimit[] = [];
  const put = (option: string, value: string | null): void => {
    if (value !== null && value !== '') found.push({ option, value });
  };
  const number = (option: string, name: string, words: (value: number) => string = String): void => {
    const value = positive(inspected, name);
    put(option, value === null ? null : words(value));
  };
  const text = (option: string, name: string): void => {
    const value = told(inspected, 'HostConfig', name);
    put(option, typeof value === 'string' ? value : null);
  };
  number('--cpu-shares', 'CpuShares');
  text('--cpuset-cpus', 'CpusetCpus');
  text('--cpuset-mems', 'CpusetMems');
  number('--memory-reservation', 'MemoryReservation', bytesInWords);
  const swap = told(inspected, 'HostConfig', 'MemorySwap');
  put('--memory-swap', typeof swap !== 'number' || swap === 0 ? null : swap < 0 ? 'no limit' : bytesInWords(swap));
  number('--blkio-weight', 'BlkioWeight');
  if (told(inspected, 'HostConfig', 'OomKillDisable') === true) put('--oom-kill-disable', 'true');
  return found;
};
