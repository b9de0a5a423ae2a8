/** A line of the list of changes in words. What is returned may hold hostile text. */
import type { ChangeRecord } from './change.ts';
import { wordFilter } from './text.ts';

const orNothing = (text: string): string => (text === '' ? 'nothing' : text);

/** What was to be done: `67108864 to 50000000`, `SIGTERM`, `db to db2`, `redis:alpine`; empty where the name says it all. */
export const wantedWords = ({ what, name, from, wanted }: ChangeRecord): string => {
  if (what === 'value' || name === 'rename') return from === null ? orNothing(wanted) : `${orNothing(from)} to ${orNothing(wanted)}`; // prettier-ignore
  return wanted;
};

/** Whose it is: the file, else the process, the container or the image. */
export const whereWords = ({ path, of }: ChangeRecord): string => path ?? of;

const fileWords = ({ file }: ChangeRecord): string =>
  file === null ? '' : `, its cgroup file ${file.readBack === null ? 'not readable' : orNothing(file.readBack)}`;

const doneWords = (record: ChangeRecord): string => {
  const { what, name, of, from, readBack } = record;
  if (what === 'signal') return `sent to ${of}`;
  if (what === 'value') return `read back ${readBack === null ? 'nothing' : orNothing(readBack)}${fileWords(record)}`;
  if (readBack === null) return 'done; the engine did not say what it is now';
  if (name === 'rename') return `is called ${readBack}`;
  return from === null || from === readBack ? readBack : `was ${from}, is ${readBack}`;
};

/** What came of it: `read back 49999872, by Docker, undone`; `not done: EBUSY`. */
export const resultWords = (record: ChangeRecord): string => {
  const { error, via, undo, undoes } = record;
  return [
    error === null ? doneWords(record) : `not done: ${error.errno ?? error.call}`,
    ...(via === null || error?.call.startsWith(via) ? [] : [`by ${via}`]),
    ...(undo === 'done' ? ['undone'] : []),
    ...(undoes === null ? [] : ['undoing']),
  ].join(', ');
};

/** Every word of the filter is in what the line shows, or in what is shown of it when it is chosen. */
export const changeFilter = (filter: string): ((record: ChangeRecord) => boolean) => {
  const matches = wordFilter(filter);
  return (record) =>
    matches(
      [
        record.name,
        record.of,
        record.container ?? '',
        wantedWords(record),
        whereWords(record),
        resultWords(record),
        record.byHand ?? '',
        ...record.warnings,
      ].join('\n'),
    );
};

/** `Not written: EBUSY. memory.max still reads 67108864.`; of what was written, what it reads now, and what was remarked. */
export const outcomeWords = (record: ChangeRecord): string => {
  const { what, name, of, wanted, readBack, file, error, undoes, path, warnings, via } = record;
  if (what === 'signal') return error === null ? `${wanted} sent to ${of}.` : `Not sent: ${error.errno ?? error.call}.`;
  const reads = (text: string | null, verb: string): string =>
    text === null ? 'could not be read back' : `${verb} ${orNothing(text)}`;
  const still = error === null ? '' : 'still ';
  const isKept = path === null && via !== null;
  const lines = [
    `${name} ${reads(readBack, isKept ? `${still}is` : `${still}reads`)}${isKept ? `, as ${via} keeps it` : ''}`,
    ...(file === null
      ? []
      : [`${file.path.slice(file.path.lastIndexOf('/') + 1)} ${reads(file.readBack, `${still}reads`)}`]),
  ];
  const done = error === null ? (undoes === null ? 'Written: ' : 'Undone: ') : `Not written: ${error.errno ?? error.call}. `; // prettier-ignore
  const said = warnings.length === 0 || error !== null ? '' : ` ${via ?? ''} said: ${warnings.join(' ')}`;
  return `${done}${lines.join('; ')}.${said}`;
};
