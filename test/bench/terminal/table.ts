/** The result as one table. */
import type { Run } from './host.ts';
import type { PageRun } from './page.ts';

export interface Row {
  readonly name: string;
  readonly plain: Run;
  readonly parser: Run;
  readonly host: Run;
  readonly page: PageRun | null;
  /** Speeds; 1 would be a host that costs nothing beside the other. */
  readonly hostToPlain: number;
  readonly hostToParser: number;
  /** CPU time against what reading and parsing take by themselves; steadier than speed on a busy machine. */
  readonly hostCpuToBoth: number;
  readonly pageToPlain: number | null;
  readonly pageToParser: number | null;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
const speed = ({ bytes, seconds }: Pick<Run, 'bytes' | 'seconds'>): string => (bytes / 1e6 / seconds).toFixed(1);
const ratio = (value: number | null): string => value?.toFixed(2) ?? '';

const LINES: readonly (readonly [string, (row: Row) => string])[] = [
  ['written, MB', ({ host }) => megabytes(host.bytes)],
  ['node-pty alone, MB/s', ({ plain }) => speed(plain)],
  ['parser alone, MB/s', ({ parser }) => speed(parser)],
  ['host, MB/s', ({ host }) => speed(host)],
  ['host to node-pty', ({ hostToPlain }) => ratio(hostToPlain)],
  ['host to parser', ({ hostToParser }) => ratio(hostToParser)],
  ['host CPU to both', ({ hostCpuToBoth }) => ratio(hostCpuToBoth)],
  ['host grown by, MB', ({ host }) => megabytes(host.grownBytes)],
];
const PAGE_LINES: readonly (readonly [string, (page: PageRun, row: Row) => string])[] = [
  ['written for the page, MB', ({ bytes }) => megabytes(bytes)],
  ['page, MB/s', (page) => speed(page)],
  ['page to node-pty', (_, row) => ratio(row.pageToPlain)],
  ['page to parser', (_, row) => ratio(row.pageToParser)],
  ['every byte in sight came', ({ exact }) => (exact ? 'yes' : 'NO')],
  ['Ctrl+C to prompt, median ms', ({ interruptMedianMillis }) => interruptMedianMillis.toFixed(0)],
  ['Ctrl+C to prompt, worst ms', ({ interruptWorstMillis }) => interruptWorstMillis.toFixed(0)],
  ['tasks of the page over 50 ms', ({ longTasks }) => String(longTasks)],
  ['the longest of them, ms', ({ longestTaskMillis }) => longestTaskMillis.toFixed(0)],
  ['host memory at most, MB', ({ hostBytes }) => megabytes(hostBytes)],
  ['page heap at most, MB', ({ heapBytes }) => megabytes(heapBytes)],
];

/** @param noPage why the page was not measured. */
export const table = (rows: readonly Row[], noPage: string | null): string => {
  const lines = [['', ...rows.map(({ name }) => name)]];
  for (const [title, cell] of LINES) lines.push([title, ...rows.map(cell)]);
  if (noPage === null) {
    for (const [title, cell] of PAGE_LINES)
      lines.push([title, ...rows.map((row) => (row.page ? cell(row.page, row) : ''))]);
  }
  const text = lines.map(
    ([title = '', ...cells]) => title.padEnd(30) + cells.map((cell) => cell.padStart(14)).join(''),
  );
  return [...text, ...(noPage === null ? [] : [`The page was not measured: ${noPage}.`])].join('\n');
};
