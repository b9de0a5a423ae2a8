/** A machine that never rests: processes fork, run other programs, change namespaces and end, until they are told to stop. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Collector } from '../../electron/host/collect/collector.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import type { Process, World } from '../../shared/model.ts';

/** Some eighty births and deaths a second. `$1` is a process whose UTS namespace some of them enter for a moment. */
const NEVER_RESTS = `
  trap '' HUP
  while :; do
    read -t 0.06 -u 3 _; [ $? -gt 128 ] || break
    sleep 0.05 &
    (sleep 0.03; exec sleep 0.03) &
    bash -c 'exec -a other sleep 0.04' &
    if [ "$2" = root ]; then
      unshare -unm sleep 0.06 &
      unshare -p --fork sleep 0.05 &
      nsenter -t $1 -u sleep 0.04 &
    else
      unshare -Urun sleep 0.06 &
    fi
  done
  wait
`;

export interface Churn {
  readonly pid: number;
  readonly end: () => Promise<void>;
}

export const startChurn = (enter = process.pid): Churn => {
  const root = process.getuid?.() === 0 ? 'root' : 'user';
  const child = spawn('bash', ['-c', NEVER_RESTS, 'churn', String(enter), root], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const closed = once(child, 'exit');
  return {
    pid: child.pid!,
    end: async () => {
      child.stdio[3]?.destroy();
      await closed;
    },
  };
};

/** What was said of a thing before and after somebody else said it. */
export interface Bracket {
  readonly before: World;
  readonly after: World;
}

/** Looks as the app does: one collector for all looks, which reads anew what ran and no more. */
export class Looker {
  readonly #collector = new Collector(new LinuxKernel());

  look(): World {
    return this.#collector.collect([], []);
  }

  /** Ours, theirs, ours again. */
  async around<T>(theirs: () => T | Promise<T>): Promise<Bracket & { readonly theirs: T }> {
    const before = this.look();
    const told = await theirs();
    return { before, theirs: told, after: this.look() };
  }
}

/** Of everything that was the same before and after, what it was. A thing that is in only one of them is in neither. */
export const steady = <K, V>(before: ReadonlyMap<K, V>, after: ReadonlyMap<K, V>): ReadonlyMap<K, V> =>
  new Map([...before].filter(([key, value]) => after.has(key) && after.get(key) === value));

export const rowsBy = (world: World, words: (row: Process) => string): ReadonlyMap<number, string> =>
  new Map(world.processes.map((row) => [row.pid, words(row)]));

/** How many processes came or went between the two looks. */
export const changed = ({ before, after }: Bracket): number => {
  const keys = new Set(before.processes.map(({ key }) => key));
  const later = new Set(after.processes.map(({ key }) => key));
  return [...keys].filter((key) => !later.has(key)).length + [...later].filter((key) => !keys.has(key)).length;
};
