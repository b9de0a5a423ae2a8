/** The result as a table for people. */
import type { Aim } from './aims.ts';
import type { Crowd } from './crowd.ts';
import type { Hosted } from './hosted.ts';
import type { Looks } from './look.ts';
import type { Peers } from './peers.ts';

export interface Result {
  readonly asked: number;
  readonly crowd: Pick<Crowd, 'forked' | 'own' | 'shortfall'>;
  readonly machine: { readonly cpus: number; readonly kernel: string; readonly node: string };
  readonly looks: Looks;
  readonly hosted: Hosted;
  /** The same while a hundredth of the crowd is replaced each second; `null` without a crowd. */
  readonly churned: Hosted | null;
  readonly peers: Peers;
}

const ms = (millis: number | null): string => (millis === null ? '–' : `${millis.toFixed(1)} ms`).padStart(11);
const kb = (bytes: number | null): string => (bytes === null ? '–' : `${(bytes / 1000).toFixed(1)} kB`).padStart(13);
const times = (a: number | null, b: number | null): string =>
  (a === null || b === null ? '–' : (a / b).toFixed(2)).padStart(9);
const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** Beside the floor's, for it is the same on a busy machine. */
const onCpu = (millis: number, { loopCpu, loopAllCpu }: Peers): string =>
  `${millis.toFixed(1)} ms on a CPU, ${times(millis, loopCpu).trim()} and ${times(millis, loopAllCpu).trim()} of the C loops`;

export const table = (
  { asked, crowd, machine, looks, hosted, churned, peers }: Result,
  aims: readonly Aim[],
): string => {
  const row = (name: string, millis: number | null, bytes: number | null | undefined, note = ''): string =>
    `${name.padEnd(22)}${ms(millis)}${times(millis, peers.loop)}${times(millis, peers.loopAll)}${times(millis, peers.lsns)}${times(millis, peers.ps)}${bytes === undefined ? ''.padStart(13) : kb(bytes)}  ${note}`.trimEnd();
  const cpu = (seconds: number | null): string => (seconds === null ? 'not installed' : `${seconds.toFixed(2)} s`);
  const absent = (millis: number | null): string => (millis === null ? 'not installed' : '');
  return [
    `${looks.processes} processes, of which ${crowd.forked} the benchmark's own (${crowd.own} in namespaces of their own); ` +
      `${machine.cpus} CPUs, Linux ${machine.kernel}, Node ${machine.node}`,
    ...(crowd.shortfall === null ? [] : [`${asked} were asked for and cannot be had here: ${crowd.shortfall}`]),
    '',
    `${''.padEnd(22)}${'median'.padStart(11)}${'× C loop'.padStart(9)}${'× C all'.padStart(9)}${'× lsns'.padStart(9)}${'× ps'.padStart(9)}${'on the wire'.padStart(13)}`,
    row('first snapshot', looks.firstMillis, undefined, 'in a program just started'),
    row('full snapshot', looks.fullMillis, looks.fullBytes, onCpu(looks.fullCpuMillis, peers)),
    row('steady tick', looks.steadyMillis, looks.steadyBytes, onCpu(looks.steadyCpuMillis, peers)),
    row('tick with 1% churn', looks.churnMillis, looks.churnBytes),
    row(
      'C loop',
      peers.loop,
      undefined,
      peers.loop === null ? 'no compiler' : 'stat, status, cmdline, cgroup, ten ns links',
    ),
    row(
      'C loop, all files',
      peers.loopAll,
      undefined,
      peers.loopAll === null ? 'no compiler' : 'and schedstat, and the open files',
    ),
    row('lsns', peers.lsns, undefined, absent(peers.lsns)),
    row('ps -eo … cgroup', peers.ps, undefined, absent(peers.ps)),
    row('pstree -p', peers.pstree, undefined, absent(peers.pstree)),
    '',
    `CPU a minute, one tick a second: ${cpu(hosted.cpuSecondsPerMinute)}, the whole host; htop -d 10: ${cpu(peers.htopCpuSecondsPerMinute)}`,
    `longest stall of the host's main thread: ${hosted.stallMillis.toFixed(1)} ms (first frame ${mb(hosted.firstFrameBytes)})`,
    `memory of the whole host: peak ${mb(hosted.peakBytes)}, ${mb(hosted.earlyBytes)} early, ${mb(hosted.lateBytes)} late; ` +
      `frames of ${hosted.frameBytes} bytes`,
    ...(churned === null
      ? []
      : [
          `with 1% churn a second: ${cpu(churned.cpuSecondsPerMinute)} of CPU a minute, longest stall ` +
            `${churned.stallMillis.toFixed(1)} ms, memory ${mb(churned.earlyBytes)} early, ${mb(churned.lateBytes)} late`,
        ]),
    '',
    ...aims.map(
      ({ what, figure, most, met }) =>
        `${met === null ? '–     ' : met ? 'met   ' : 'missed'}  ${what}: ${figure === null ? 'not measured' : figure.toFixed(2)}, aim ${most.toFixed(2)} at most`,
    ),
  ].join('\n');
};
