/** A comparison as text to paste somewhere: what the view shows, in columns. */
import { capabilityNames } from '../../../shared/capabilities.ts';
import type { Comparison, Side } from '../../../shared/compare.ts';
import { visible } from '../../../shared/text.ts';
import { countWords, limitCell, resourceTitle, SECTIONS, type SectionId } from './rows.ts';

type Line = readonly [sign: string, name: string, a: string, b: string];

const sign = (same: boolean | null): string => (same === null ? '?' : same ? '=' : '≠');
const sideWords = ({ label, comm, pid }: Side): string => `${visible(label)} (${visible(comm)} ${pid})`;
const valueWords = (value: string | null, read: boolean, section: SectionId): string =>
  !read ? 'not readable' : value !== null ? visible(value) : (MISSING[section] ?? 'not set');
const MISSING: Readonly<Partial<Record<SectionId, string>>> = { mounts: 'nothing mounted here', network: 'not there' };
const maskWords = (mask: string | null): string =>
  mask === null ? 'not readable' : capabilityNames(mask).join(',') || 'none';

const linesOf = (comparison: Comparison, section: SectionId): readonly Line[] => {
  switch (section) {
    case 'namespaces':
      return [
        ...comparison.namespaces.map(({ type, a, b, same, host }): Line => [
          sign(same),
          type,
          a ?? 'not readable',
          `${b ?? 'not readable'}${host ? '  the host’s' : ''}`,
        ]),
        ...comparison.children.map(({ name, a, b, same }): Line => [
          sign(same),
          name,
          a ?? 'not readable',
          b ?? 'not readable',
        ]),
      ];
    case 'limits':
      return comparison.limits.map(({ resource, a, b, same }) => [
        sign(same),
        `${resourceTitle(resource)} ${a?.file ?? b?.file ?? ''}`,
        limitCell(a).words,
        limitCell(b).words,
      ]);
    case 'capabilities':
      return comparison.capabilities.map(({ set, a, b, same }) => [sign(same), set, maskWords(a), maskWords(b)]);
    case 'seccomp':
    case 'environment':
    case 'mounts':
    case 'network':
      return comparison[section].map(({ name, a, b, aRead, bRead, same }) => [
        sign(same),
        visible(name),
        valueWords(a, aRead, section),
        valueWords(b, bRead, section),
      ]);
  }
};

/** Widest a column grows, characters: a long value pushes only its own row. */
const COLUMN = 40;

const inColumns = (lines: readonly Line[]): string[] => {
  const width = (column: 1 | 2): number => Math.min(COLUMN, Math.max(0, ...lines.map((line) => line[column].length)));
  const [names, values] = [width(1), width(2)];
  return lines.map(([sign, name, a, b]) => `${sign} ${name.padEnd(names)}  ${a.padEnd(values)}  ${b}`.trimEnd());
};

/** Sections without rows are left out. */
export const compareText = (comparison: Comparison): string => {
  const blocks = SECTIONS.flatMap(({ id, title }) => {
    const lines = linesOf(comparison, id);
    return lines.length === 0 ? [] : [[`${title}: ${countWords(comparison[id])}`, ...inColumns(lines)].join('\n')];
  });
  const head = [
    `${sideWords(comparison.a)}  |  ${sideWords(comparison.b)}`,
    comparison.verdict,
    comparison.explanation,
  ];
  return `${[head.join('\n'), ...blocks].join('\n\n')}\n`;
};
