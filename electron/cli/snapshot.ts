/** porthole snapshot: one look at the whole machine. */
import { parseArgs } from 'node:util';
import type { Container, EngineState, World } from '../../shared/model.ts';
import { namespacesOf } from '../../shared/namespaces.ts';
import { visible } from '../../shared/text.ts';
import { lookAtAll } from './look.ts';
import { noteHidden, print, printJson, table, type Column } from './print.ts';

export const usage = `porthole snapshot [--json]

One look at this machine: with --json every process, namespace and container, otherwise a summary. The JSON is an object:
takenAt (ms since 1970), uptimeSeconds, scanMillis and scanCpuMillis (what the look cost), host, processes, namespaces (as of
"porthole ns --json"), containers, engines, unread (what could not be read, counted).`;

export const run = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
  const { world } = await lookAtAll();
  const namespaces = namespacesOf(world);
  noteHidden(world);
  // Of a first look nothing has waited for its turn: ages say nothing.
  const { ages: _, ...whole } = world;
  if (values.json) return printJson({ ...whole, namespaces });
  const { containers, engines } = world;
  const parts = [
    summary(world, namespaces.length),
    table(containers, CONTAINER_COLUMNS),
    table(engines, ENGINE_COLUMNS),
  ];
  await print(
    [parts[0], ...(containers.length > 0 ? [parts[1]] : []), ...(engines.length > 0 ? [parts[2]] : [])].join('\n'),
  );
};

const summary = ({ host, processes, containers, unread }: World, namespaces: number): string => {
  const inside = processes.filter(({ container }) => container !== null).length;
  const lines = [
    `${visible(host.hostname)}, Linux ${visible(host.kernel)}, cgroup ${host.cgroup}, read as ${visible(host.user)}`,
    `${processes.length} processes, ${inside} of them in ${containers.length} containers; ${namespaces} namespaces`,
  ];
  if (unread.processes > 0)
    lines.push(`${unread.processes} processes are only partly readable for ${visible(host.user)}`);
  for (const { file, why, count } of unread.files) lines.push(`  ${visible(file)}: ${why}, ${count} times`);
  if (unread.hidden > 0) lines.push(`${unread.hidden} processes are hidden from ${visible(host.user)}`);
  return `${lines.join('\n')}\n`;
};

const CONTAINER_COLUMNS: readonly Column<Container>[] = [
  { title: 'CONTAINER', cell: ({ id }) => id.slice(0, 12) },
  { title: 'NAME', cell: ({ name }) => name ?? '' },
  { title: 'IMAGE', cell: ({ image }) => image ?? '' },
  { title: 'STATE', cell: ({ state }) => state },
  { title: 'PID', align: 'right', cell: ({ pid }) => pid?.toString() ?? '' },
];

const ENGINE_COLUMNS: readonly Column<EngineState>[] = [
  { title: 'ENGINE', cell: ({ kind, version }) => [kind, version ?? ''].join(' ').trimEnd() },
  { title: 'ADDRESS', cell: ({ address }) => address },
  { title: 'ANSWER', cell: ({ condition, message }) => (message === null ? condition : `${condition}: ${message}`) },
];
