import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Engines } from '../../../electron/host/engines/engines.ts';
import { Runs } from '../../../electron/host/engines/runs.ts';
import type { PullTold } from '../../../shared/pull.ts';
import { plainRun } from '../../../shared/run-container.ts';
import { FakeDaemon, idOf } from './fake-daemon.ts';

describe('a run whose image must be fetched', () => {
  let daemon: FakeDaemon;
  let engines: Engines;
  let runs: Runs;
  let engine: string;
  let told: PullTold[];
  let here: boolean;

  beforeEach(async () => {
    daemon = await FakeDaemon.start();
    here = false;
    told = [];
    daemon.instead.set('/containers/create', (_, response) =>
      here
        ? response.writeHead(201).end(JSON.stringify({ Id: idOf(7), Warnings: ['no swap limit'] }))
        : response.writeHead(404).end(JSON.stringify({ message: 'No such image: redis:alpine' })),
    );
    daemon.instead.set(`/containers/${idOf(7)}/start`, (_, response) => response.writeHead(204).end());
    engines = new Engines([daemon.place]);
    engine = daemon.place.address;
    runs = new Runs(engines, (progress) => told.push(progress));
    engines.start();
    await engines.settled();
  });
  afterEach(async () => {
    engines.stop();
    await daemon.close();
  });

  it('fetches it, tells each layer, and starts', async () => {
    let asked = '';
    daemon.instead.set('/images/create', (request, response) => {
      asked = request.url ?? '';
      here = true;
      response.write('{"status":"Downloading","progressDetail":{"current":1,"total":2},"id":"4abcf2066143"}\r\n');
      response.end('{"status":"Pull complete","progressDetail":{},"id":"4abcf2066143"}\r\n');
    });
    const ran = await runs.run(engine, 'job', plainRun('redis:alpine'));
    expect(ran).toEqual({ id: idOf(7), warnings: ['no swap limit'], notStarted: null, left: true, ulimits: [] });
    expect(asked).toBe('/images/create?fromImage=redis&tag=alpine');
    expect(told.at(-1)).toMatchObject({ job: 'job', layers: [{ id: '4abcf2066143', status: 'Pull complete' }] });
  });

  it('lets go of the connection when it is cancelled, and makes nothing', async () => {
    const closed = new Promise<void>((resolve) => {
      daemon.instead.set('/images/create', (_, response) => {
        response.on('close', resolve);
        response.write('{"status":"Pulling fs layer","progressDetail":{},"id":"4abcf2066143"}\r\n');
        runs.cancel('job');
      });
    });
    await expect(runs.run(engine, 'job', plainRun('redis:alpine'))).rejects.toMatchObject({ message: 'Cancelled.' });
    await closed;
    expect(daemon.asked.filter((path) => path === '/containers/create').length).toBe(1);
  });

  it('is given up when its page goes', async () => {
    daemon.instead.set('/images/create', () => runs.close());
    await expect(runs.run(engine, 'job', plainRun('redis:alpine'))).rejects.toMatchObject({ message: 'Cancelled.' });
  });

  it('ends with the engine’s words in the midst of it', async () => {
    daemon.instead.set('/images/create', (_, response) => {
      response.end('{"errorDetail":{"message":"toomanyrequests: slow down"},"error":"toomanyrequests: slow down"}\r\n');
    });
    await expect(runs.run(engine, 'job', plainRun('redis:alpine'))).rejects.toMatchObject({
      message: 'toomanyrequests: slow down',
    });
  });
});
