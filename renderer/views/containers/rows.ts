/** The containers as the table shows them: filtered, grouped, counted. */
import type { Container, Process } from '../../../shared/model.ts';
import { containerName, groupContainers, stateWords, type ContainerGroup } from './order.ts';
import { portsInWords } from '../../app/inspector/ports.ts';
import { wordFilter } from '../../../shared/text.ts';

export interface ContainerRow {
  readonly container: Container;
  /** Living processes that belong to it. */
  readonly processes: number;
  /** Its first process, by its own name for itself. Hostile text. */
  readonly comm: string | null;
}

export interface RowGroup extends Omit<ContainerGroup, 'containers'> {
  readonly rows: readonly ContainerRow[];
}

/** `a=b`, by name. Hostile text. */
export const labelsInWords = (labels: Container['labels']): string[] =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .sort();

const searchText = (container: Container): string => {
  const { id, image, project, pid, command, restartPolicy, labels } = container;
  return [
    containerName(container),
    id,
    image,
    project,
    pid,
    command,
    stateWords(container),
    ...portsInWords(container.ports),
    restartPolicy,
    ...labelsInWords(labels),
  ].join('\n');
};

/** Each word of the filter must be in the name, ID, image, project, PID, command, state, ports, restart policy or labels. */
export const containerRows = (
  containers: readonly Container[],
  processes: readonly Process[],
  filter: string,
): readonly RowGroup[] => {
  const matches = wordFilter(filter);
  const counts = new Map<string, number>();
  const byPid = new Map<number, Process>();
  for (const process of processes) {
    byPid.set(process.pid, process);
    if (process.container !== null) counts.set(process.container, (counts.get(process.container) ?? 0) + 1);
  }
  return groupContainers(containers.filter((container) => matches(searchText(container)))).map(
    ({ containers, ...group }) => ({
      ...group,
      rows: containers.map((container) => ({
        container,
        processes: counts.get(container.id) ?? 0,
        comm: container.pid === null ? null : (byPid.get(container.pid)?.comm ?? null),
      })),
    }),
  );
};

/** `6, 4 running`; without an engine `6, found by their cgroups`. */
export const containersSummary = (containers: readonly Container[], engineUp: boolean): string => {
  if (!engineUp) return containers.length === 0 ? '' : `${containers.length}, found by their cgroups`;
  const running = containers.filter(({ state }) => state === 'running').length;
  return `${containers.length}, ${running} running`;
};
