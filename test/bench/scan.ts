/**
 * What a look at the machine costs, beside lsns, ps, pstree, htop and a bare loop in C in the same run.
 *
 *   npm run bench -- scan --processes 5000 [--own 20] [--json] [--looks 10] [--seconds 10] [--settle 30]
 *                             [--assert]
 *
 * The crowd is forked by the benchmark itself. Looks are measured in a program of their own, the host's share (stalls, memory,
 * CPU at one look a second) in another, so that neither pays for the other's garbage. What V8 spends on compiling the sampler
 * fades within half a minute: that long the host runs before it is measured.
 */

import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadReadMany } from '../../electron/host/read/read-many.ts';
import { compiled, gather } from './scan/crowd.ts';
import { aimsOf } from './scan/aims.ts';
import { measureHosted, type Hosted } from './scan/hosted.ts';
import { measureLooks, type Looks } from './scan/look.ts';
import { measurePeers } from './scan/peers.ts';
import { table, type Result } from './scan/table.ts';

const { values } = parseArgs({
  options: {
    processes: { type: 'string', default: '0' },
    own: { type: 'string' },
    looks: { type: 'string', default: '10' },
    runs: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '10' },
    settle: { type: 'string', default: '30' },
    interval: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
    /** Ends with 1 where an aim is missed. */
    assert: { type: 'boolean', default: false },
    /** One part of it, in a program of its own. */
    part: { type: 'string' },
  },
});

/** Where the sources are, and the built sampler: as build/bench.mjs says. */
const folder = (name: string): string => {
  const path = process.env[name];
  if (path === undefined) throw new Error('this is started by npm run bench -- scan');
  return path;
};

/** In the part that looks: asks the one who holds the crowd to replace some of it. */
const churnByParent = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('message', () => resolve());
    process.send?.('churn');
  });

const part = async <T>(name: string, onChurn: (() => Promise<void>) | null): Promise<T> => {
  const args = [...process.argv.slice(2), '--part', name];
  const child = fork(fileURLToPath(import.meta.url), args, { execArgv: ['--expose-gc'], serialization: 'json' });
  return new Promise<T>((resolve, reject) => {
    child.on('message', (message: 'churn' | { readonly result: T }) => {
      if (message !== 'churn') resolve(message.result);
      else void onChurn?.().then(() => child.send('churned'));
    });
    child.on('exit', (code) => reject(new Error(`the part ${name} ended with ${code}`)));
  });
};

const tell = (result: unknown) => process.send?.({ result }, () => process.disconnect());

const whole = async (): Promise<void> => {
  const sources = join(folder('PORTHOLE_BENCH_FOLDER'), 'scan');
  const bin = mkdtempSync(join(os.tmpdir(), 'porthole-bench-'));
  const asked = Number(values.processes);
  // A container in a hundred processes, as many as fifty: what making network namespaces costs is no part of this.
  const own = Number(values.own ?? Math.min(50, Math.ceil(asked / 100)));
  const crowd = await gather(compiled(sources, 'crowd', bin), asked, own);
  try {
    const replaced = Math.max(1, Math.round(crowd.forked / 100));
    const churn = crowd.forked === 0 ? null : () => crowd.churn(replaced);
    const looks = await part<Looks>(churn === null ? 'looks-only' : 'looks', churn);
    const peers = await measurePeers(compiled(sources, 'loop', bin), Number(values.runs), Number(values.seconds));
    const hosted = await part<Hosted>('hosted', null);
    const churned = churn === null ? null : await part<Hosted>('hosted-churned', churn);
    const { forked, own: inOwn, shortfall } = crowd;
    const machine = { cpus: os.cpus().length, kernel: os.release(), node: process.version };
    const result: Result = { asked, crowd: { forked, own: inOwn, shortfall }, machine, looks, hosted, churned, peers };
    const aims = aimsOf(result);
    console.log(values.json ? JSON.stringify({ bench: 'scan', ...result, aims }) : table(result, aims));
    if (values.assert && aims.some(({ met }) => met === false)) process.exitCode = 1;
  } finally {
    await crowd.end();
    rmSync(bin, { recursive: true });
  }
};

const readMany = () => loadReadMany(join(folder('PORTHOLE_DIST'), 'read-many.so'));
const looks = { fulls: Number(values.runs), looks: Number(values.looks), interval: Number(values.interval) };
if (values.part === 'looks') tell(await measureLooks(readMany(), looks, churnByParent));
else if (values.part === 'looks-only') tell(await measureLooks(readMany(), looks, null));
else if (values.part?.startsWith('hosted')) {
  const [script, seconds, settle] = [
    join(folder('PORTHOLE_DIST'), 'sampler.js'),
    Number(values.seconds),
    Number(values.settle),
  ];
  tell(await measureHosted(script, seconds, settle, values.part === 'hosted' ? null : churnByParent));
} else await whole();
