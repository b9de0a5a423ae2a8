/** porthole compare: two subjects side by side. */
import { parseArgs } from 'node:util';
import { compare, countRows, type Comparison, type NamespaceRow } from '../../shared/compare.ts';
import type { LimitRow } from '../../shared/compare-values.ts';
import { capabilitySummary } from '../../shared/capabilities.ts';
import type { MountsOf } from '../../shared/compare-mounts.ts';
import { PortholeError } from '../../shared/frames.ts';
import type { CgroupLimit, ProcessKey } from '../../shared/model.ts';
import { limitInWords } from '../../shared/sentence.ts';
import { visible } from '../../shared/text.ts';
import { readMounts } from '../host/collect/container-mounts.ts';
import { LinuxKernel } from '../host/read/kernel.ts';
import { UsageFault } from './fault.ts';
import { lookFor, subjectBy } from './find.ts';
import { print, printJson, table, type Column } from './print.ts';

export const usage = `porthole compare A B [--json]

What two subjects share and where they differ. A and B are container names or IDs, pids, or "host".`;

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
  const comparison = compare(a!, b!, look.world.host.namespaces);
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
  { name: 'Namespaces', lines: comparison.namespaces.map(namespaceLine) },
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
