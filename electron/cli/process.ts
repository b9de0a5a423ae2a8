/** porthole process: everything one process tells of itself. */
import { parseArgs } from 'node:util';
import type { World } from '../../shared/model.ts';
import { ACCOUNT_PARTS, type Account, type AccountPart, type OpenFile } from '../../shared/process-account.ts';
import {
  accessOf,
  flagNames,
  IO_OF_CHILDREN,
  limitWords,
  mappingWords,
  nanosWords,
  schedulingWords,
  socketWords,
  waitsNowhere,
} from '../../shared/process-account-words.ts';
import { endSentence, endsOf } from '../../shared/file-ends.ts';
import { PortholeError } from '../../shared/frames.ts';
import { bytesInWords } from '../../shared/sentence.ts';
import { visible } from '../../shared/text.ts';
import { readAccount } from '../host/collect/account.ts';
import { LinuxKernel } from '../host/read/kernel.ts';
import { Failure, UsageFault } from './fault.ts';
import { lookFor, processOf, subjectBy } from './find.ts';
import { print, printJson, table } from './print.ts';
import { printFile } from './process-file.ts';
import { identityText } from './process-identity.ts';
import { line, section, told, unread } from './told.ts';

export const usage = `porthole process PID|CONTAINER [--resources] [--memory] [--files] [--threads] [--file PATH] [--json]

What one process tells of itself: how it runs and what it read and wrote, its limits, its memory, its open files, its
threads. Without options all of it; with them only those parts. A container stands for its first process.

  --resources  scheduling, I/O, OOM score, login, limits
  --memory     private, shared and mapped memory; reading it walks the page tables
  --files      open files, with both ends of sockets, and who has the other end of a pipe or unix socket
  --threads    threads, with what each waits in
  --file PATH  a file below /proc/PID, whole: --file maps, --file task/123/stack`;

const OPTIONS = { json: { type: 'boolean' }, resources: { type: 'boolean' }, memory: { type: 'boolean' }, files: { type: 'boolean' }, threads: { type: 'boolean' }, file: { type: 'string' } } as const; // prettier-ignore

export const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [text, ...more] = positionals;
  if (text === undefined || more.length > 0)
    throw new UsageFault('give one PID or container, as in: porthole process db');
  const look = await lookFor([text]);
  const { process: subject, label, detail } = subjectBy(look, text);
  if (subject === null) throw new Failure(`there is no process of ${visible(text)} to ask`);
  if (values.file !== undefined) return printFile(subject.key, values.file, values.json === true);
  const asked = ACCOUNT_PARTS.filter((part) => values[part] === true);
  const kernel = new LinuxKernel();
  const account: { -readonly [P in AccountPart]?: Account[P] } = {};
  for (const part of asked.length > 0 ? asked : ACCOUNT_PARTS) {
    Object.assign(account, { [part]: ended(() => readAccount(kernel, subject.key, part, look.world.processes)) });
  }
  if (values.json) return printJson({ process: subject, detail, ...account });
  const { resources, memory, files, threads } = account;
  const parts = [
    ...(asked.length === 0 ? [identityText(visible(label), look.world, subject, detail)] : []),
    ...(resources === undefined ? [] : [runningText(resources, subject.state), limitsText(resources)]),
    ...(memory === undefined ? [] : [memoryText(memory)]),
    ...(files === undefined ? [] : [filesText(files, subject.pid, look.world)]),
    ...(threads === undefined ? [] : [threadsText(threads)]),
  ];
  await print(parts.join('\n'));
};

const ended = <T>(read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw error instanceof PortholeError ? new Failure(error.message) : error;
  }
};

const runningText = (account: Account['resources'], state: string): string => {
  const { io, scheduling, times, places, waitsIn, oomScore, oomScoreAdj, loginUid } = account;
  const bytes = (count: number, calls: number): string => `${bytesInWords(count)} in ${calls} calls`;
  return [
    'RUNNING\n',
    told('policy', scheduling, schedulingWords),
    told('last on CPU', scheduling, ({ lastCpu }) => String(lastCpu)),
    told('CPUs', places, ({ cpusAllowed }) => cpusAllowed ?? 'not told'),
    told('ran', times, ({ ranNanos, waitedNanos }) => `${nanosWords(ranNanos)}, ready and waiting ${nanosWords(waitedNanos)}`),
    told('waits in', waitsIn, (where) => where ?? waitsNowhere(state)),
    told('faults', scheduling, ({ minorFaults, majorFaults }) => `${minorFaults} minor, ${majorFaults} major`),
    told('read', io, (of) => `${bytesInWords(of.readBytes)} from storage; ${bytes(of.readChars, of.readCalls)}`),
    told('written', io, (of) => `${bytesInWords(of.writtenBytes)} to storage; ${bytes(of.writtenChars, of.writeCalls)}`),
    io.ok ? line('', IO_OF_CHILDREN) : '',
    told('OOM score', oomScore, String),
    told('adjusted by', oomScoreAdj, String),
    told('login uid', loginUid, (uid) => (uid === null ? 'nobody' : String(uid))),
  ].join(''); // prettier-ignore
};

const limitsText = ({ limits }: Account['resources']): string =>
  section('LIMITS', limits, (rows) =>
    table(rows, [
      { title: 'LIMIT', cell: ({ name }) => name.replace(/^Max /, '') },
      { title: 'SOFT', cell: ({ soft, unit }) => limitWords(soft, unit) },
      { title: 'HARD', cell: ({ hard, unit }) => limitWords(hard, unit) },
    ]),
  );

const memoryText = ({ rollup, status, maps, mapsLeft }: Account['memory']): string =>
  [
    'MEMORY\n',
    told('private', rollup, ({ privateBytes }) => bytesInWords(privateBytes)),
    told('its share', rollup, ({ proportionalBytes }) => bytesInWords(proportionalBytes)),
    told('resident', rollup, ({ residentBytes }) => bytesInWords(residentBytes)),
    told('peak', status, ({ peakResidentBytes }) => (peakResidentBytes === null ? 'none' : bytesInWords(peakResidentBytes))), // prettier-ignore
    '\n',
    section('MAPPED', maps, (groups) =>
      table(groups, [
        { title: 'BYTES', align: 'right', cell: ({ bytes }) => bytesInWords(bytes) },
        { title: 'MAPPINGS', align: 'right', cell: ({ mappings }) => String(mappings) },
        {
          title: 'WHAT',
          cell: ({ name, kind, deleted }) => `${name === '' ? mappingWords(kind) : name}${deleted ? ' (deleted)' : ''}`,
        },
      ]),
    ),
    mapsLeft > 0 ? `${mapsLeft} smaller ones are not shown\n` : '',
  ].join('');

const fileWords = (file: OpenFile): string => {
  if (!file.target.ok) return unread(file.target);
  const socket = socketWords(file);
  return socket === null ? file.target.value : `${file.target.value} ${socket}`;
};
const endCell = (file: OpenFile, own: number, world: World): string => {
  const ends = endsOf(file);
  return ends === null ? '' : endSentence(ends, own, (pid) => processOf(world, pid)?.comm ?? 'process');
};
const filesText = ({ files, left, unseen }: Account['files'], own: number, world: World): string =>
  section('OPEN FILES', files, (rows) =>
    table(rows, [
      { title: 'FD', align: 'right', cell: ({ fd }) => String(fd) },
      { title: 'KIND', cell: ({ kind }) => kind },
      { title: 'MODE', cell: ({ state }) => (state.ok ? accessOf(state.value.flags) : '') },
      { title: 'FLAGS', cell: ({ state }) => (state.ok ? flagNames(state.value.flags).join(',') : '') },
      { title: 'TARGET', cell: fileWords },
      { title: 'OTHER END', cell: (file) => endCell(file, own, world) },
    ]),
  ) +
  (left > 0 ? `${left} more were not read\n` : '') +
  (unseen > 0 ? `${unseen} processes whose open files this session may not see could hold other ends\n` : '');

const threadsText = ({ threads, left }: Account['threads']): string =>
  section('THREADS', threads, (rows) =>
    table(rows, [
      { title: 'TID', align: 'right', cell: ({ tid }) => String(tid) },
      { title: 'INNER', align: 'right', cell: ({ innerTid }) => (innerTid === null ? '' : String(innerTid)) },
      { title: 'S', cell: ({ state }) => state },
      { title: 'SCHEDULING', cell: ({ scheduling }) => (scheduling === null ? '' : schedulingWords(scheduling)) },
      { title: 'WAITS IN', cell: ({ waitsIn }) => waitsIn ?? '' },
      { title: 'OTHER NAMESPACES', cell: ({ differs }) => differs.join(',') },
      { title: 'OTHER CGROUPS', cell: ({ otherCgroups }) => otherCgroups.join(' ') },
      { title: 'NAME', cell: ({ comm }) => comm },
    ]),
  ) + (left > 0 ? `${left} more were not read\n` : '');
