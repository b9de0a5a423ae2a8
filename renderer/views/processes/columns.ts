/** The columns of the process table, as data. The tree and the list show different ones of the same kind. */
import { idSentence, uidLevels } from '../../../shared/id-levels.ts';
import type { Process, World } from '../../../shared/model.ts';
import { stateWords } from '../../../shared/state-words.ts';
import { bytesInColumn, cpuTime, startedInColumn } from '../../parts/format.ts';
import { innerPid } from './row-text.ts';

/** What a cell may need besides the process. */
export type CellContext = Pick<World, 'host' | 'takenAt' | 'processes' | 'namespaces'>;

export interface ListRow {
  readonly process: Process;
  /** Percent of one CPU; `null` at first sight. */
  readonly cpu: number | null;
  /** Hostile text. */
  readonly container: string | null;
}

export interface Column {
  readonly id: string;
  readonly title: string;
  /** What the column holds, in a sentence. */
  readonly help: string;
  /** A CSS grid track. */
  readonly width: string;
  readonly right?: true;
  /** Left out below 1200. */
  readonly wideOnly?: true;
  /** Text cells: what stands there; `null` is an unread cell, empty text is nothing to tell. The rest draw themselves. */
  readonly text?: (process: Process, context: CellContext) => string | null;
  /** What the cell's tooltip says; nothing where it says no more than the cell. */
  readonly hint?: (process: Process, context: CellContext) => string | undefined;
  /** Kernel's words and numbers are mono. */
  readonly plain?: true;
  /** Ascending order of the list. */
  readonly order?: (a: ListRow, b: ListRow) => number;
}

const byText = (a: string | null, b: string | null): number =>
  (a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0;

const startedAt = (process: Process, { host }: CellContext): number =>
  host.bootedAt + (1000 * process.starttime) / host.clockTicksPerSecond;

/** The effective user's number in its own user namespace, where that is another than the reader's. */
const innerUid = (process: Process, context: CellContext): string | null => {
  const number = uidLevels(context, process).at(-1)?.number;
  if (number === 'unread') return null;
  return number === undefined ? '' : number === 'unmapped' ? 'none' : String(number);
};

const uidHint = (process: Process, context: CellContext): string | undefined =>
  process.euid === null ? undefined : `uid ${idSentence(process.euid, uidLevels(context, process))}`;

const PROCESS: Column = {
  id: 'process',
  title: 'Process',
  help: 'The name the process gave itself, and its arguments',
  width: 'minmax(150px, 1fr)',
  order: (a, b) => byText(a.process.comm, b.process.comm),
};
const PID: Column = {
  id: 'pid',
  title: 'PID',
  help: 'Its number in the namespace of this reader',
  width: '50px',
  right: true,
  text: ({ pid }) => String(pid),
  order: (a, b) => a.process.pid - b.process.pid,
};
const USER: Column = {
  id: 'user',
  title: 'User',
  help: 'Effective user, by the name this machine knows',
  width: '48px',
  wideOnly: true,
  plain: true,
  text: ({ user }) => user,
  hint: uidHint,
  order: (a, b) => byText(a.process.user, b.process.user),
};
const STATE: Column = {
  id: 'state',
  title: 'S',
  help: 'State: R running, S sleeping, D uninterruptible or frozen by cgroup v1, Z zombie, T stopped, I idle',
  width: '10px',
  wideOnly: true,
  text: ({ state }) => state,
  hint: stateWords,
  order: (a, b) => byText(a.process.state, b.process.state),
};
const CPU: Column = {
  id: 'cpu',
  title: 'CPU %',
  help: 'Of one CPU, since the look before. A full bar is one CPU',
  width: '76px',
  right: true,
  order: (a, b) => (a.cpu ?? -1) - (b.cpu ?? -1),
};
const MEMORY: Column = {
  id: 'memory',
  title: 'Memory',
  help: 'Resident set: what of its memory is in RAM, pages it shares with others included',
  width: '54px',
  right: true,
  wideOnly: true,
  text: ({ residentBytes, kernelThread, state }) =>
    residentBytes === null ? (kernelThread || state === 'Z' ? '' : null) : bytesInColumn(residentBytes),
  order: (a, b) => (a.process.residentBytes ?? -1) - (b.process.residentBytes ?? -1),
};
const CONTAINER: Column = {
  id: 'container',
  title: 'Container',
  help: 'The container it belongs to; solid on its first process',
  width: '80px',
  order: (a, b) => byText(a.container, b.container),
};

export const TREE_COLUMNS: readonly Column[] = [
  PROCESS,
  { id: 'marks', title: '', help: 'Namespaces in which it differs from its parent', width: '190px' },
  PID,
  {
    id: 'inner',
    title: 'Inner',
    help: 'Its own idea of its PID, where it is another one',
    width: '34px',
    right: true,
    text: (process) => String(innerPid(process) ?? ''),
  },
  USER,
  STATE,
  CPU,
  MEMORY,
  CONTAINER,
];

export const LIST_COLUMNS: readonly Column[] = [
  PROCESS,
  PID,
  {
    id: 'ppid',
    title: 'Parent',
    help: 'PID of its parent',
    width: '50px',
    right: true,
    text: ({ ppid }) => String(ppid),
    order: (a, b) => a.process.ppid - b.process.ppid,
  },
  { ...USER, width: '64px' },
  {
    id: 'inner-uid',
    title: 'Inner UID',
    help: 'Its own idea of its user’s number, where it is in another user namespace',
    width: '50px',
    right: true,
    wideOnly: true,
    text: innerUid,
    hint: uidHint,
  },
  STATE,
  {
    id: 'tty',
    title: 'TTY',
    help: 'Controlling terminal',
    width: '42px',
    wideOnly: true,
    text: ({ tty }) => tty ?? '',
    order: (a, b) => byText(a.process.tty, b.process.tty),
  },
  {
    id: 'start',
    title: 'Start',
    help: 'When it began',
    width: '46px',
    right: true,
    wideOnly: true,
    text: (process, context) => startedInColumn(startedAt(process, context), context.takenAt),
    order: (a, b) => a.process.starttime - b.process.starttime,
  },
  {
    id: 'time',
    title: 'Time',
    help: 'CPU time it has used since it began',
    width: '46px',
    right: true,
    text: ({ cpuTicks }, { host }) => cpuTime(cpuTicks / host.clockTicksPerSecond),
    order: (a, b) => a.process.cpuTicks - b.process.cpuTicks,
  },
  CPU,
  MEMORY,
  {
    id: 'virtual',
    title: 'Virtual',
    help: 'Virtual memory: all that it has mapped',
    width: '54px',
    right: true,
    wideOnly: true,
    text: ({ virtualBytes, kernelThread, state }) =>
      virtualBytes === null ? (kernelThread || state === 'Z' ? '' : null) : bytesInColumn(virtualBytes),
    order: (a, b) => (a.process.virtualBytes ?? -1) - (b.process.virtualBytes ?? -1),
  },
  CONTAINER,
];

export interface Sorting {
  readonly column: string;
  readonly down: boolean;
}

/** The rows in the order of a column; equal ones by PID, so that rows keep still while values change. */
export const sorted = (rows: readonly ListRow[], { column, down }: Sorting): readonly ListRow[] => {
  const order = LIST_COLUMNS.find(({ id }) => id === column)?.order ?? PID.order!;
  const sign = down ? -1 : 1;
  return rows.toSorted((a, b) => sign * order(a, b) || a.process.pid - b.process.pid);
};
