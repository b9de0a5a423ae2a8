/**
 * Docker's JSON, as far as it is shown. Docker Engine API reference, ContainerList and ContainerInspect; Podman answers
 * the same with some fields left out. What comes from the socket is read field by field and never trusted to be there.
 */
import type { ContainerPod, ContainerPort, ContainerState } from '../../../shared/model.ts';
import { field } from './field.ts';
import type { Listed, Looked } from './engine.ts';

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const integer = (value: unknown): number | null => (Number.isSafeInteger(value) ? (value as number) : null);

/** What the contract takes for a container's id. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

/** Docker's states are the model's; the others are Podman's (libpod/define, ContainerStatus). */
const STATES: Readonly<Record<string, ContainerState>> = {
  created: 'created',
  running: 'running',
  paused: 'paused',
  restarting: 'restarting',
  removing: 'removing',
  exited: 'exited',
  dead: 'dead',
  configured: 'created',
  initialized: 'created',
  stopped: 'exited',
  stopping: 'running',
};

const stateOf = (value: unknown): ContainerState => {
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  return Object.hasOwn(STATES, word) ? (STATES[word] ?? 'unknown') : 'unknown';
};

/** Docker says year 1 for never. */
function timeOf(value: unknown): number | null {
  const millis = typeof value === 'string' ? Date.parse(value) : NaN;
  return millis > 0 ? millis : null;
}

/** `/db`; with legacy links also `/web/db`, which is the name that web gives it. */
function nameOf(names: unknown): string | null {
  const all = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  const own = all.find((name) => !name.slice(1).includes('/')) ?? all[0];
  return text(own?.replace(/^\//, ''));
}

function labelsOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function portsOf(value: unknown): ContainerPort[] {
  const ports = (Array.isArray(value) ? value : []).flatMap((entry: unknown): ContainerPort[] => {
    const port = integer(field(entry, 'PrivatePort'));
    if (port === null) return [];
    const protocol = text(field(entry, 'Type')) ?? 'tcp';
    return [{ host: text(field(entry, 'IP')), hostPort: integer(field(entry, 'PublicPort')), port, protocol }];
  });
  // The engine lists them in any order.
  const key = ({ port, protocol, host, hostPort }: ContainerPort): string => `${port}/${protocol} ${host} ${hostPort}`;
  return ports.toSorted((a, b) => a.port - b.port || (key(a) < key(b) ? -1 : 1));
}

/** Compose's project, or the pod that kubelet or Podman put it in. */
const PROJECT_LABELS = ['com.docker.compose.project', 'io.podman.compose.project', 'io.kubernetes.pod.name'];

const NO_PODS: ReadonlyMap<string, ContainerPod> = new Map();

/** One entry of the container list; `null` without an id that Porthole could ask for. Docker's own list knows no pods. */
export function parseListed(entry: unknown, pods: ReadonlyMap<string, ContainerPod> = NO_PODS): Listed | null {
  const id = field(entry, 'Id');
  if (typeof id !== 'string' || !ID.test(id)) return null;
  const command = field(entry, 'Command');
  const labels = labelsOf(field(entry, 'Labels'));
  const created = field(entry, 'Created');
  const project = PROJECT_LABELS.find((label) => Object.hasOwn(labels, label));
  const pod = pods.get(id) ?? null;
  return {
    id,
    name: nameOf(field(entry, 'Names')),
    image: text(field(entry, 'Image')),
    command: text(Array.isArray(command) ? command.join(' ') : command),
    state: stateOf(field(entry, 'State')),
    status: text(field(entry, 'Status')),
    createdAt: typeof created === 'number' ? created * 1000 : timeOf(created),
    labels,
    ports: portsOf(field(entry, 'Ports')),
    project: project === undefined ? (pod?.name ?? null) : text(labels[project]),
    pod,
  };
}

/** The engine leaves a mode empty that was not asked for; `docker run --help`: then it is the container's own. */
const modeOf = (value: unknown): string | null => (value === '' ? 'private' : text(value));

function restartPolicyOf(policy: unknown): string | null {
  const name = field(policy, 'Name');
  if (typeof name !== 'string') return null;
  const retries = integer(field(policy, 'MaximumRetryCount')) ?? 0;
  return retries > 0 ? `${name}:${retries}` : name || 'no';
}

/** What inspect tells of one container. `here`: whether its engine counts processes on this machine. */
export function parseLooked(inspected: unknown, here: boolean): Looked {
  const of = (...names: string[]): unknown => field(inspected, ...names);
  const state = stateOf(of('State', 'Status'));
  const pid = integer(of('State', 'Pid'));
  const health = of('State', 'Health', 'Status');
  const autoRemove = of('HostConfig', 'AutoRemove');
  const ended = state === 'exited' || state === 'dead';
  return {
    state,
    pid: here && pid !== null && pid > 0 ? pid : null,
    startedAt: timeOf(of('State', 'StartedAt')),
    finishedAt: ended ? timeOf(of('State', 'FinishedAt')) : null,
    exitCode: ended ? integer(of('State', 'ExitCode')) : null,
    health: health === 'starting' || health === 'healthy' || health === 'unhealthy' ? health : null,
    networkMode: text(of('HostConfig', 'NetworkMode')),
    pidMode: modeOf(of('HostConfig', 'PidMode')),
    ipcMode: modeOf(of('HostConfig', 'IpcMode')),
    restartPolicy: restartPolicyOf(of('HostConfig', 'RestartPolicy')),
    autoRemove: typeof autoRemove === 'boolean' ? autoRemove : null,
  };
}

// They change nothing that is shown; a health check alone makes three of them every few seconds. Podman says `sync` of
// every container whenever some command looked at them all.
const IDLE_ACTIONS = /^(?:exec|sync$|top|attach|detach|resize|archive-path|extract-to-dir|export|copy|commit)/;

/** What an event is about, `null` if it changes nothing that is shown. Throws on what is no event. */
export function parseEvent(line: string): { readonly container: string } | 'images' | null {
  const event: unknown = JSON.parse(line);
  const action = field(event, 'Action') ?? field(event, 'status');
  const id = field(event, 'Actor', 'ID') ?? field(event, 'id');
  if (typeof action !== 'string' || typeof id !== 'string') throw new SyntaxError('not an event of an engine');
  const type = field(event, 'Type') ?? 'container';
  if (type === 'image') return 'images';
  // Docker's network events are of the network and name the container; Podman's are of the container.
  if (type === 'network') {
    const container = field(event, 'Actor', 'Attributes', 'container') ?? id;
    const joins = action === 'connect' || action === 'disconnect';
    return joins && typeof container === 'string' && ID.test(container) ? { container } : null;
  }
  return type === 'container' && ID.test(id) && !IDLE_ACTIONS.test(action) ? { container: id } : null;
}
