/** What the sampler is to cost at most, as ratios to what else reads the same on this machine in the same run. */
import type { Result } from './table.ts';

export interface Aim {
  readonly what: string;
  /** `null` where the peer is not here, or nothing was measured. */
  readonly figure: number | null;
  readonly most: number;
  readonly met: boolean | null;
}

/** Longest that the host's main thread may keep a key waiting, ms. */
const STALL_MILLIS = 50;
/** What a heap breathes between two moments; more than that would be growth. */
const GROWTH = 1.15;

const ratio = (ours: number | null, theirs: number | null): number | null =>
  ours === null || theirs === null || theirs === 0 ? null : ours / theirs;

export const aimsOf = ({ looks, hosted, churned, peers }: Result): readonly Aim[] => {
  const aim = (what: string, figure: number | null, most: number): Aim => ({
    what,
    figure,
    most,
    met: figure === null ? null : figure <= most,
  });
  const stall = Math.max(hosted.stallMillis, churned?.stallMillis ?? 0);
  const growths = [hosted, ...(churned === null ? [] : [churned])].map(
    ({ lateBytes, earlyBytes }) => lateBytes / earlyBytes,
  );
  return [
    aim('full snapshot / C loop over the same files', ratio(looks.fullMillis, peers.loopAll), 1.5),
    aim('full snapshot / lsns', ratio(looks.fullMillis, peers.lsns), 0.5),
    aim('steady tick / C loop over the same files', ratio(looks.steadyMillis, peers.loopAll), 0.4),
    aim('CPU at one tick a second / htop -d 10', ratio(hosted.cpuSecondsPerMinute, peers.htopCpuSecondsPerMinute), 1),
    aim('longest stall of the main thread, ms', stall, STALL_MILLIS),
    aim('memory late / early', Math.max(...growths), GROWTH),
  ];
};
