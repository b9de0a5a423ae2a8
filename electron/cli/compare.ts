/** porthole compare: two subjects side by side. */
import { parseArgs } from 'node:util';
import {
  compare,
  countRows,
  networksDiffer,
  type Comparison,
  type NamespaceRow,
  type Subject,
} from '../../shared/compare.ts';
import type { LimitRow } from '../../shared/compare-values.ts';
import { capabilitySummary } from '../../shared/capabilities.ts';
import type { NetworkOf } from '../../shared/compare-network.ts';
import type { MountsOf } from '../../shared/compare-mounts.ts';
import { PortholeError } from '../../shared/frames.ts';
import type { CgroupLimit, Process, ProcessKey, World } from '../../shared/model.ts';
import { limitInWords } from '../../shared/sentence.ts';
import { visible } from '../../shared/text.ts';
import { readMounts } from '../host/collect/container-mounts.ts';
import { readInside } from '../host/collect/inside.ts';
import { LinuxKernel } from '../host/read/kernel.ts';
import { UsageFault } from './fault.ts';
import { lookFor, subjectBy } from './find.ts';
import { print, printJson, table, type Column } from './print.ts';

export const usage = `porthole compare A B [--json]

What two subjects share and where they differ. A and B are container names or IDs, pids, or "host". The JSON is an object: a and
b (who), verdict and explanation (sentences), and rows of namespaces, children (pid_for_children and time_for_children where
they are not the process's own), limits, capabilities, seccomp, environment, mounts and network (interfaces, routes, sockets
that listen; only where the network namespaces differ). Of each row "same" is null where a side could not be read.`;

export const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [first, second, ...more] = positionals;
  if (first === undefined || second === undefined || more.length > 0)
    throw new UsageFault('give two subjects: porthole compare A B');
  const look = await lookFor([first, second]);
  const kernel = new LinuxKernel();
  const [a, b] = [first, second].map((name) => {
    const subject = subjectBy(look, name);
    return { ...subject, mounts: mountsOf(kernel, subject.process.key) };
  });
  const { namespaces } = look.world.host;
  const differ = networksDiffer(a!, b!, namespaces);
  const network = ({ process }: Subject) => (differ ? networkOf(kernel, look.world, process) : null);
  const [inA, inB] = await Promise.all([network(a!), network(b!)]);
  const comparison = compare({ ...a!, network: inA }, { ...b!, network: inB }, namespaces);
  await (values.json ? printJson(comparison) : print(asText(comparison)));
};

/** Of a process that ended meanwhile nothing is known. */
const mountsOf = (kernel: LinuxKernel, key: ProcessKey): MountsOf => {
  try {
    return readMounts(kernel, key);
  } catch (error) {
    if (error instanceof PortholeError) return null;
    throw error;
  }
};

const networkOf = async (kernel: LinuxKernel, world: World, { key, namespaces }: Process): Promise<NetworkOf> => {
  if (namespaces.net === null) return null;
  try {
    const { inside } = await readInside(kernel, world, namespaces.net, key);
    return inside.type === 'net' ? inside : null;
  } catch (error) {
    if (error instanceof PortholeError) return { ok: false, why: 'gone', words: error.message };
    throw error;
  }
};

interface Line {
  readonly same: boolean | null;
  readonly name: string;
  readonly a: string;
  readonly b: string;
}
const SIGNS = new Map<boolean | null, string>([
  [true, '='],
  [false, '≠'],
  [null, '?'],
]);

const asText = (comparison: Comparison): string => {
  const { a, b, verdict, explanation } = comparison;
  const title = ({ label, pid }: Comparison['a']) => visible(`${label} (${pid})`);
  const columns: readonly Column<Line>[] = [
    { title: ' ', cell: ({ same }) => SIGNS.get(same)! },
    { title: '', cell: ({ name }) => name },
    { title: title(a), cell: (line) => line.a },
    { title: title(b), cell: (line) => line.b },
  ];
  const sections = sectionsOf(comparison).filter(({ lines }) => lines.length > 0);
  const texts = sections.map(({ name, lines }) => {
    const { differ, same, unread } = countRows(lines);
    if (unread === lines.length) return `${name}: not readable on both sides\n`;
    const counts = [`${differ} differ`, `${same} the same`, ...(unread > 0 ? [`${unread} not readable`] : [])];
    return `${name}: ${counts.join(', ')}\n${table(lines, columns)}`;
  });
  return [`${verdict}\n${explanation}\n`, ...texts].join('\n');
};

const sectionsOf = (comparison: Comparison): { name: string; lines: Line[] }[] => [
  { name: 'Namespaces', lines: [...comparison.namespaces.map(namespaceLine), ...comparison.children.map(valueLine)] },
  { name: 'Limits', lines: comparison.limits.map(limitLine) },
  {
    name: 'Capabilities',
    lines: comparison.capabilities.map(({ same, set, a, b }) => ({
      same,
      name: set,
      a: maskWords(a),
      b: maskWords(b),
    })),
  },
  { name: 'Seccomp', lines: comparison.seccomp.map(valueLine) },
  { name: 'Environment', lines: comparison.environment.map(valueLine) },
  { name: 'Mounts', lines: comparison.mounts.map(valueLine) },
  { name: 'Network', lines: comparison.network.map(valueLine) },
];

const UNREAD = 'not readable';

const namespaceLine = ({ type, same, a, b, aHost, bHost }: NamespaceRow): Line => ({
  same,
  name: type,
  a: a === null ? UNREAD : aHost ? `${a} host` : a,
  b: b === null ? UNREAD : bHost ? `${b} host` : b,
});

const limitLine = ({ resource, same, a, b }: LimitRow): Line => ({
  same,
  name: resource,
  a: limitCell(a),
  b: limitCell(b),
});

const limitCell = (limit: CgroupLimit | null): string => {
  if (limit === null) return 'no such controller';
  if (!limit.limit.ok) return `${UNREAD}: ${limit.limit.why}`;
  return `${limitInWords(limit) ?? 'no limit'} ${limit.file}`;
};

const maskWords = (mask: string | null): string => (mask === null ? UNREAD : `${mask} ${capabilitySummary(mask)}`);

const valueLine = (row: Comparison['seccomp'][number]): Line => ({
  same: row.same,
  name: row.name,
  a: row.aRead ? (row.a ?? 'not set') : UNREAD,
  b: row.bRead ? (row.b ?? 'not set') : UNREAD,
});
