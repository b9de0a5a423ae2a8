/**
 * Floods through a terminal: node-pty alone, the parser alone, the host, and the page in Chromium, in the same run.
 *
 *   npm run bench -- terminal [--megabytes 200] [--page-megabytes 20] [--terminals 20] [--json]
 *
 * Every figure of the host and the page is also held against the two that nobody can do without, as a ratio. Bytes are
 * counted and summed at the far end: a lost one fails the run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { floods } from './terminal/floods.ts';
import { measureHost, measureParser, measurePlain, type Run } from './terminal/host.ts';
import { measurePage, type PageRun } from './terminal/page.ts';
import { table, type Row } from './terminal/table.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    megabytes: { type: 'string', default: '200' },
    'page-megabytes': { type: 'string', default: '20' },
    terminals: { type: 'string', default: '20' },
  },
});

const speed = ({ bytes, seconds }: Pick<Run, 'bytes' | 'seconds'>): number => bytes / 1e6 / seconds;

const folder = mkdtempSync(join(os.tmpdir(), 'porthole-bench-'));
try {
  const many = Number(values.terminals);
  const whole = floods(folder, Number(values.megabytes) * 1e6, many);
  const short = floods(folder, Number(values['page-megabytes']) * 1e6, many);
  const pages = await measurePage(short);
  const rows: Row[] = [];
  for (const [at, flood] of whole.entries()) {
    const plain = await measurePlain(flood);
    const parser = await measureParser(flood);
    const host = await measureHost(flood);
    const page: PageRun | null = typeof pages === 'string' ? null : (pages[at] ?? null);
    rows.push({
      name: flood.name,
      plain,
      parser,
      host,
      page,
      hostToPlain: speed(host) / speed(plain),
      hostToParser: speed(host) / speed(parser),
      hostCpuToBoth: host.cpuSeconds / (plain.cpuSeconds + parser.cpuSeconds),
      pageToPlain: page && speed(page) / speed(plain),
      pageToParser: page && speed(page) / speed(parser),
    });
  }
  const machine = { cpus: os.cpus().length, kernel: os.release(), node: process.version };
  const noPage = typeof pages === 'string' ? pages : null;
  console.log(values.json ? JSON.stringify({ bench: 'terminal', machine, noPage, rows }) : table(rows, noPage));
} finally {
  rmSync(folder, { recursive: true });
}
