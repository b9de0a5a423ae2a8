/** Containers as lists show them: named, and gathered by the project that made them. */
import type { Container } from '../../../shared/model.ts';
import { dateAndTime, durationInWords } from '../../parts/format.ts';

/** What `docker ps` shows of an ID. */
export const SHORT_ID = 12;

export const shortId = (id: string): string => id.slice(0, SHORT_ID);

/** The engine's name for it, else the short ID. Hostile text. */
export const containerName = (container: Pick<Container, 'name' | 'id'>): string =>
  container.name ?? shortId(container.id);

/** A compose project, or a pod of Podman's or Kubernetes'. */
export type GroupKind = 'project' | 'pod';

export interface ContainerGroup {
  /** Two engines may each have a project of one name, and one engine a project and a pod. */
  readonly key: string;
  readonly kind: GroupKind | null;
  /** `null`: of no project. */
  readonly project: string | null;
  readonly engine: string | null;
  readonly containers: readonly Container[];
}

const COMPOSE = ['com.docker.compose.project', 'io.podman.compose.project'];
const kindOf = ({ labels, project }: Container): GroupKind =>
  COMPOSE.some((label) => labels[label] === project) ? 'project' : 'pod';

const groupOf = (container: Container): Omit<ContainerGroup, 'containers'> => {
  const { project, engine, pod, labels } = container;
  if (project === null) return { key: '', kind: null, project, engine: null };
  const kind = kindOf(container);
  const which = kind === 'project' ? project : (pod?.id ?? labels['io.kubernetes.pod.uid'] ?? project);
  return { key: JSON.stringify([kind, which, engine]), kind, project, engine };
};

const ALIVE: readonly string[] = ['running', 'paused', 'restarting'];
export const isAlive = (container: Pick<Container, 'state'>): boolean => ALIVE.includes(container.state);

/** Of one that lives: its engine is elsewhere, or this machine hides its processes. */
export const NOT_HERE = 'None of its processes is seen on this machine';
/** Why there is no process to speak of. */
export const noProcessWords = (container: Pick<Container, 'state'>): string =>
  isAlive(container) ? NOT_HERE : `It has no process: it is ${container.state}`;

const byLifeThenName = (a: Container, b: Container): number =>
  Number(isAlive(b)) - Number(isAlive(a)) || compareText(containerName(a), containerName(b)) || compareText(a.id, b.id);

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Those of no project first, then each project and pod by name; the living before the ended, each by name. */
export const groupContainers = (containers: readonly Container[]): readonly ContainerGroup[] => {
  const groups = new Map<string, ContainerGroup & { readonly containers: Container[] }>();
  for (const container of containers) {
    const of = groupOf(container);
    const group = groups.get(of.key) ?? { ...of, containers: [] };
    groups.set(of.key, group);
    group.containers.push(container);
  }
  for (const group of groups.values()) group.containers.sort(byLifeThenName);
  return [...groups.values()].sort(
    (a, b) =>
      Number(a.project !== null) - Number(b.project !== null) ||
      compareText(a.project ?? '', b.project ?? '') ||
      compareText(a.key, b.key),
  );
};

/** `running`, `running, unhealthy`, `exited 137`, `paused`: the state as one reads it in a row. */
export const stateWords = ({ state, exitCode, health }: Pick<Container, 'state' | 'exitCode' | 'health'>): string => {
  if (state === 'exited' && exitCode !== null) return `exited ${exitCode}`;
  return state === 'running' && health !== null ? `running, ${health}` : state;
};

type Aged = Pick<Container, 'state' | 'status' | 'createdAt' | 'startedAt' | 'finishedAt'>;

/**
 * `up 12 s`, `ended 3 min ago`, `created 24 Nov 05:22`. The engine's own words, which were true when it was asked, only
 * where no moment is known. `now`: milliseconds since 1970.
 */
export const ageWords = (container: Aged, now: number): string => {
  const { status, createdAt, startedAt, finishedAt } = container;
  if (startedAt !== null && isAlive(container)) return `up ${durationInWords((now - startedAt) / 1000)}`;
  if (finishedAt !== null) return `ended ${durationInWords((now - finishedAt) / 1000)} ago`;
  if (createdAt !== null && container.state === 'created') return `created ${dateAndTime(createdAt, now)}`;
  return status ?? (createdAt === null ? '' : `created ${dateAndTime(createdAt, now)}`);
};
