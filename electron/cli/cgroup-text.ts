/** One cgroup for people: a sentence, what its memory is made of, and each file of each hierarchy. */
import { eventScope, forksRefused, limitHits, oomKills } from '../../shared/cgroup-events.ts';
import type { CgroupFileInfo } from '../../shared/cgroup-file.ts';
import { cgroupFile } from '../../shared/cgroup-files.ts';
import { memoryUse, partsInWords } from '../../shared/cgroup-memory-use.ts';
import type { CgroupDetail, CgroupFile, CgroupPlace } from '../../shared/cgroup-model.ts';
import { pressureMissing } from '../../shared/cgroup-summary.ts';
import { pressureInWords, shortText, valueInWords } from '../../shared/cgroup-words.ts';
import { bytesInWords } from '../../shared/sentence.ts';
import { visible } from '../../shared/text.ts';
import { table } from './print.ts';

export const cgroupText = (detail: CgroupDetail, sentence: string): string => {
  const head = [
    visible(detail.path),
    sentence,
    ...memoryLines(detail),
    ...eventLines(detail),
    ...pressureLines(detail),
  ];
  return [`${head.join('\n')}\n`, ...detail.places.map(placeText)].join('\n');
};

const memoryLines = (detail: CgroupDetail): string[] => {
  const memory = memoryUse(detail);
  if (memory === null) return [];
  const { usedBytes, workingSetBytes, definition, parts } = memory;
  const of = parts.length === 0 ? '' : `: ${partsInWords(memory)}`;
  const all = `Memory in all ${bytesInWords(usedBytes)}`;
  if (workingSetBytes === null) return [parts.length === 0 ? `${all}.` : `${all} (${definition})${of}.`];
  return [`Memory working set ${bytesInWords(workingSetBytes)} (${definition}).`, `${all}${of}.`];
};

const eventLines = (detail: CgroupDetail): string[] => {
  const told = [
    ['memory limit met', limitHits(detail)],
    ['killed for want of memory', oomKills(detail)],
    ['forks refused', forksRefused(detail)],
  ] as const;
  const words = told.flatMap(([what, event]) =>
    event === null ? [] : [`${what} ${event.count}${event.count === 0 ? '' : ` (${eventScope(event)})`}`],
  );
  return words.length === 0 ? [] : [`Since it was made: ${words.join(', ')}.`];
};

const pressureLines = (detail: CgroupDetail): string[] => {
  const why = pressureMissing(detail);
  if (why === null) return [];
  const machine = (detail.machinePressure ?? []).flatMap(({ resource, reading }) => {
    const line = reading.ok ? (reading.value.some ?? reading.value.full) : null;
    return line === null ? [] : [`${resource} ${pressureInWords(line)}`];
  });
  return [machine.length === 0 ? why : `${why} Of the whole machine: ${machine.join(', ')}.`];
};

const placeText = ({ hierarchy, version, folder, files }: CgroupPlace): string => {
  const title = `${visible(folder)} (${version === 2 ? 'v2' : `v1, ${hierarchy}`})\n`;
  if (!files.ok) return `${title}not readable: ${visible(files.call)} ${files.errno ?? ''}\n`;
  return (
    title +
    table(files.value, [
      { title: 'FILE', cell: ({ name }) => name },
      { title: 'VALUE', cell: (file) => valueCell(file, version) },
      { title: 'IN WORDS', cell: (file) => wordsCell(file, version) },
      { title: version === 2 ? 'IN V1' : 'IN V2', cell: ({ name }) => twinCell(cgroupFile(name, version)) },
      { title: 'MEANING', cell: ({ name }) => cgroupFile(name, version)?.meaning ?? '' },
    ])
  );
};

/** The first of them; `~` before one that is only the nearest. */
const twinCell = (info: CgroupFileInfo | null): string => {
  const [first, ...more] = info?.twins ?? [];
  if (first === undefined) return '';
  return `${first.same ? '' : '~'}${first.name}${more.length === 0 ? '' : ` +${more.length}`}`;
};

const valueCell = ({ name, text }: CgroupFile, version: CgroupPlace['version']): string => {
  if (text === null) return cgroupFile(name, version)?.writable === true ? 'write only' : 'no text';
  if (!text.ok) return `not readable: ${text.errno ?? text.why}`;
  return shortText(text.value) ?? '…';
};

const wordsCell = ({ name, value }: CgroupFile, version: CgroupPlace['version']): string => {
  if (value === null) return '';
  if (!value.ok) return value.why === 'malformed' ? 'malformed' : '';
  return valueInWords(value.value, cgroupFile(name, version)?.unit ?? null) ?? '';
};
