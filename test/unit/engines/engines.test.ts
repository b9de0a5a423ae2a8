import { createServer, type Server, type Socket } from 'node:net';
import { mkdtemp, rm, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Engines, lookOnce, type EnginesNow } from '../../../electron/host/engines/engines.ts';
import { FakeDaemon, idOf, placeAt } from './fake-daemon.ts';

const timing = {
  answerMillis: 200,
  listMillis: 2000,
  lookMillis: 300,
  aliveMillis: 100,
  compareMillis: 3_600_000,
  firstRetryMillis: 50,
};
const A = idOf(0xa);
const B = idOf(0xb);
const soon = { timeout: 5000, interval: 5 };

async function aDaemon(names: readonly string[] = []): Promise<FakeDaemon> {
  const daemon = await FakeDaemon.start();
  onTestFinished(() => daemon.close());
  for (const [index, name] of names.entries()) daemon.containers.set(idOf(0xa + index), { name, pid: 100 + index });
  return daemon;
}

async function following(...args: ConstructorParameters<typeof Engines>): Promise<Engines & { told: EnginesNow[] }> {
  const engines = Object.assign(new Engines(args[0], { timing, ...args[1] }), { told: [] as EnginesNow[] });
  engines.onChange((states, containers) => engines.told.push({ engines: states, containers }));
  onTestFinished(() => engines.stop());
  engines.start();
  await engines.settled();
  return engines;
}

const names = (engines: Engines): unknown => engines.current().containers.map(({ name }) => name);
const state = (engines: Engines) => engines.current().engines[0];

/** A folder for a socket, and a server on it that does with each connection what it is told. */
async function rawSocket(onConnection: ((socket: Socket) => void) | null): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'porthole-raw-'));
  const path = join(folder, 'docker.sock');
  const open = new Set<Socket>();
  let server: Server | null = null;
  if (onConnection !== null) {
    server = createServer((socket) => {
      open.add(socket);
      socket.on('error', () => undefined);
      onConnection(socket);
    });
    await new Promise<void>((resolve) => server?.listen(path, resolve));
  }
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    if (server !== null) await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });
  return path;
}

describe('an engine that cannot be used is told of with what would mend it', () => {
  it('absent', async () => {
    const engines = await following([placeAt(await rawSocket(null))]);
    expect(state(engines)).toMatchObject({ condition: 'absent', errno: 'ENOENT', version: null });
    expect(state(engines)?.retryAt).toBeGreaterThan(state(engines)?.triedAt ?? Infinity);
  });

  it('refused', async () => {
    const path = await rawSocket(null);
    await writeFile(path, '');
    expect(state(await following([placeAt(path)]))).toMatchObject({
      condition: 'refused',
      errno: 'ECONNREFUSED',
      message: `connect ECONNREFUSED ${path}`,
      remedy: { command: 'sudo systemctl start docker' },
    });
  });

  const asRoot = process.getuid?.() === 0;
  it.skipIf(!asRoot)(`denied${asRoot ? '' : ' (cannot run: needs root to become somebody else)'}`, async () => {
    const daemon = await aDaemon();
    const { reach } = daemon.place;
    const socketPath = reach.via === 'unix' ? reach.socketPath : '';
    await chmod(join(socketPath, '..'), 0o755);
    await chmod(socketPath, 0o600);
    process.seteuid?.(65534);
    try {
      expect(state(await following([daemon.place]))).toMatchObject({
        condition: 'denied',
        errno: 'EACCES',
        remedy: { text: 'Only root may talk to it.', command: null },
      });
    } finally {
      process.seteuid?.(0);
    }
  });

  it('hung, and up by itself when it answers again', async () => {
    const daemon = await aDaemon(['db']);
    daemon.instead.set('/', () => undefined);
    const engines = await following([daemon.place]);
    expect(state(engines)).toMatchObject({ condition: 'hung', message: 'no answer to ping within 0.2 s' });
    daemon.instead.clear();
    await expect.poll(() => state(engines), soon).toMatchObject({ condition: 'up', message: null, retryAt: null });
    expect(names(engines)).toEqual(['db']);
  });

  it('hung although it pings, when its list does not come', async () => {
    const daemon = await aDaemon(['db']);
    daemon.instead.set('/containers/json', () => undefined);
    const engines = await following([daemon.place], { timing: { ...timing, listMillis: 100 } });
    expect(state(engines)).toMatchObject({ condition: 'hung' });
  });

  it.each([
    ['what is not HTTP', (socket: Socket) => socket.end('220 mail.example ESMTP\r\n')],
    ['a web page', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>')],
    ['JSON of something else', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnull')],
    ['nothing, and hangs up', (socket: Socket) => socket.end()],
  ])('failed, answering %s', async (_, onConnection) => {
    const engines = await following([placeAt(await rawSocket((socket) => onConnection(socket)))]);
    expect(state(engines)).toMatchObject({ condition: 'failed', version: null });
    expect(state(engines)?.message).not.toBe('');
  });

  it('failed in the engine’s own words, cut to a line’s length', async () => {
    const daemon = await aDaemon();
    const message = `client version 1.52 is too new. ${'x'.repeat(5000)}`;
    daemon.instead.set('/containers/json', (_, response) => response.writeHead(400).end(JSON.stringify({ message })));
    const engines = await following([daemon.place]);
    expect(state(engines)).toMatchObject({ condition: 'failed', message: message.slice(0, 500) });
  });

  it('tries again when asked, not before its turn', async () => {
    const path = await rawSocket(null);
    const engines = await following([placeAt(path)], { timing: { ...timing, firstRetryMillis: 3_600_000 } });
    await writeFile(path, '');
    engines.retry('unix:///elsewhere');
    expect(state(engines)?.condition).toBe('absent');
    engines.retry(`unix://${path}`);
    await expect.poll(() => state(engines)?.condition, soon).toBe('refused');
  });
});

describe('an engine that is up', () => {
  it('is listed with its containers, inspected', async () => {
    const daemon = await aDaemon(['db', 'web']);
    const engines = await following([daemon.place]);
    expect(state(engines)).toMatchObject({ condition: 'up', version: '20.10.24', rootless: false, errno: null });
    expect(engines.current().containers).toMatchObject([
      { id: A, engine: daemon.place.address, name: 'db', pid: 100, networkMode: 'bridge', startedAt: 1767323045600 },
      { id: B, name: 'web', pid: 101 },
    ]);
  });

  it('shows its containers although it takes long to tell its version', async () => {
    const daemon = await aDaemon(['db']);
    let answer = (): void => undefined;
    daemon.instead.set('/version', (_, response) => {
      answer = () => response.end('{"Version":"4.3.1","Components":[{"Name":"Podman Engine"}]}');
    });
    const engines = new Engines([daemon.place], { timing });
    onTestFinished(() => engines.stop());
    engines.start();
    await expect.poll(() => engines.current().containers[0]?.pid, soon).toBe(100);
    expect(state(engines)).toMatchObject({ condition: 'up', kind: 'docker', version: null });
    answer();
    await expect.poll(() => state(engines), soon).toMatchObject({ condition: 'up', kind: 'podman', version: '4.3.1' });
  });

  it('asks only about the container that an event is about', async () => {
    const daemon = await aDaemon(['db', 'web']);
    const engines = await following([daemon.place], { timing: { ...timing, aliveMillis: 60_000 } });
    daemon.asked.length = 0;
    daemon.containers.set(A, { name: 'db', state: 'exited', status: 'Exited (3) 1 second ago' });
    daemon.event(A, 'die');
    await expect.poll(() => engines.current().containers[0], soon).toMatchObject({ state: 'exited', exitCode: 3 });
    expect(daemon.asked).toEqual(['/containers/json', `/containers/${A}/json`]);
  });

  it('does not stir for a health check’s exec', async () => {
    const daemon = await aDaemon(['db', 'web']);
    const engines = await following([daemon.place], { timing: { ...timing, aliveMillis: 60_000 } });
    daemon.asked.length = 0;
    for (const action of ['exec_create: true', 'exec_start: true', 'exec_die', 'top']) daemon.event(A, action);
    daemon.containers.delete(B);
    daemon.event(B, 'destroy');
    await expect.poll(() => names(engines), soon).toEqual(['db']);
    expect(daemon.asked).toEqual(['/containers/json']);
  });

  it('reads events in pieces, and looks at everything after one that it cannot read', async () => {
    const daemon = await aDaemon(['db']);
    const engines = await following([daemon.place], { timing: { ...timing, aliveMillis: 60_000 } });
    daemon.containers.set(A, { name: 'dé\u{1f40b}' });
    const event = { Type: 'container', Action: 'rename', Actor: { ID: A, Attributes: { name: 'dé\u{1f40b}' } } };
    for (const byte of Buffer.from(`${JSON.stringify(event)}\n`)) {
      daemon.say(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => names(engines), soon).toEqual(['dé\u{1f40b}']);
    daemon.containers.set(B, { name: 'new' });
    daemon.say('{"Type":"conta\u0000 \ufffd\n[]\n\n7\n');
    await expect.poll(() => names(engines), soon).toEqual(['dé\u{1f40b}', 'new']);
    expect(state(engines)?.condition).toBe('up');
  });

  it('is not held up by one container whose inspect hangs', async () => {
    const daemon = await aDaemon(['stuck', 'web']);
    daemon.instead.set(`/containers/${A}`, () => undefined);
    const engines = await following([daemon.place]);
    expect(engines.current().containers).toMatchObject([
      { name: 'stuck', state: 'running', pid: null, networkMode: null },
      { name: 'web', pid: 101 },
    ]);
    expect(state(engines)?.condition).toBe('up');
    await expect(engines.inspect(daemon.place.address, A)).rejects.toMatchObject({ code: 'timeout' });
    daemon.instead.clear();
    await expect.poll(() => engines.current().containers[0]?.pid, soon).toBe(100);
  });

  it('leaves out a container that vanished between list and inspect', async () => {
    const daemon = await aDaemon(['gone', 'web']);
    daemon.instead.set(`/containers/${A}`, (_, response) => response.writeHead(404).end('{"message":"No such"}'));
    expect(names(await following([daemon.place]))).toEqual(['web']);
  });

  it('stays up when its events end, and hears the next one', async () => {
    const daemon = await aDaemon(['db']);
    const engines = await following([daemon.place]);
    engines.told.length = 0;
    daemon.asked.length = 0;
    daemon.endEvents();
    await expect.poll(() => daemon.asked, soon).toContain('/events');
    daemon.containers.set(B, { name: 'late' });
    daemon.event(B, 'create');
    await expect.poll(() => engines.told.at(-1)?.containers.length, soon).toBe(2);
    expect(new Set(engines.told.map((now) => now.engines[0]?.condition))).toEqual(new Set(['up']));
  });

  it('is up although its events send nothing before the first', async () => {
    const daemon = await aDaemon(['db']);
    let open = (): void => undefined;
    daemon.instead.set('/events', (_, response) => (open = () => daemon.openEvents(response)));
    const engines = await following([daemon.place], { timing: { ...timing, aliveMillis: 60_000 } });
    expect(names(engines)).toEqual(['db']);
    daemon.containers.set(B, { name: 'missed' });
    open();
    await expect.poll(() => names(engines), soon).toEqual(['db', 'missed']);
  });

  it('looks again at what may have changed while its events were not heard', async () => {
    const daemon = await aDaemon(['db']);
    const engines = await following([daemon.place]);
    const before = engines.current().containers[0]!;
    // Started anew in between: to the list it looks the same.
    daemon.containers.set(A, { name: 'db', pid: 4242 });
    daemon.endEvents();
    await expect.poll(() => engines.current().containers[0]?.pid, soon).toBe(4242);
    expect(engines.current().containers[0]!.told).toBeGreaterThan(before.told);
  });

  it('is asked whether it is alive and nothing else, and nothing is told while nothing changes', async () => {
    const daemon = await aDaemon(['db']);
    const engines = await following([daemon.place], { timing: { ...timing, aliveMillis: 10 } });
    await expect.poll(() => engines.told.at(-1)?.containers[0]?.pid, soon).toBe(100);
    engines.told.length = 0;
    daemon.asked.length = 0;
    await expect.poll(() => daemon.asked.length, soon).toBeGreaterThan(5);
    expect(new Set(daemon.asked)).toEqual(new Set(['/_ping']));
    expect(engines.told).toEqual([]);
  });

  it('is listed now and then all the same, and each time if that told what no event did', async () => {
    const daemon = await aDaemon(['db']);
    const engines = await following([daemon.place], { timing: { ...timing, aliveMillis: 10, compareMillis: 300 } });
    daemon.containers.set(B, { name: 'not announced' });
    await expect.poll(() => names(engines), soon).toEqual(['db', 'not announced']);
    daemon.asked.length = 0;
    await expect.poll(() => daemon.listsAsked(), soon).toBeGreaterThan(3);
    const pings = daemon.asked.filter((path) => path === '/_ping').length;
    expect(daemon.listsAsked()).toBeGreaterThanOrEqual(pings - 1);
  });

  it('says of each container that it told something of it, also where nothing that is listed changed', async () => {
    const daemon = await aDaemon(['db', 'web']);
    const engines = await following([daemon.place]);
    const [db, web] = engines.current().containers;
    daemon.event(A, 'update');
    await expect.poll(() => engines.current().containers[0]!.told, soon).toBeGreaterThan(db!.told);
    expect(engines.current().containers[1]).toBe(web);
  });

  it('looks again at what it was asked to change, done or refused, though it says no event of it', async () => {
    const daemon = await aDaemon(['db']);
    const engines = await following([daemon.place]);
    const before = engines.current().containers[0]!.told;
    daemon.instead.set(`/containers/${A}/update`, (_, response) => response.end('{"Warnings":[]}'));
    await engines.update(daemon.place.address, A, { Memory: 1 });
    await expect.poll(() => engines.current().containers[0]!.told, soon).toBeGreaterThan(before);
    const updated = engines.current().containers[0]!.told;
    daemon.instead.set(`/containers/${A}/start`, (_, response) => response.writeHead(500).end('{"message":"no"}'));
    await expect(engines.act(daemon.place.address, A, { do: 'start' })).rejects.toThrow('no');
    await expect.poll(() => engines.current().containers[0]!.told, soon).toBeGreaterThan(updated);
  });

  it('keeps a container’s row the same object while others change', async () => {
    const daemon = await aDaemon(['db', 'web']);
    const engines = await following([daemon.place]);
    const [db] = engines.current().containers;
    daemon.containers.set(B, { name: 'renamed' });
    daemon.event(B, 'rename');
    await expect.poll(() => names(engines), soon).toEqual(['db', 'renamed']);
    expect(engines.current().containers[0]).toBe(db);
  });

  it('is taken in with a thousand containers, told of in few steps', async () => {
    const daemon = await aDaemon();
    for (let n = 0; n < 1000; n++) daemon.containers.set(idOf(n), { name: `c${n}`, pid: 1000 + n });
    const engines = await following([daemon.place], { timing: { ...timing, lookMillis: 5000, aliveMillis: 60_000 } });
    expect(engines.current().containers.filter(({ pid }) => pid !== null)).toHaveLength(1000);
    expect(engines.told.length).toBeLessThan(200);
  });

  it('loses what ran from sight when it goes, but not the names', async () => {
    const daemon = await aDaemon(['db']);
    const engines = await following([daemon.place]);
    const before = engines.current().containers[0];
    daemon.instead.set('/', () => undefined);
    await expect.poll(() => state(engines)?.condition, soon).toBe('hung');
    const looks = {
      pid: null,
      startedAt: null,
      finishedAt: null,
      networkMode: null,
      pidMode: null,
      ipcMode: null,
      restartPolicy: null,
      autoRemove: null,
    };
    expect(engines.current().containers).toEqual([{ ...before, state: 'unknown', status: null, ...looks }]);
  });

  it('leaves no connection open when nobody follows it any more', async () => {
    const daemon = await aDaemon(['db']);
    const engines = await following([daemon.place]);
    expect(await daemon.connections()).toBeGreaterThan(0);
    engines.stop();
    await expect.poll(() => daemon.connections(), soon).toBe(0);
    engines.start();
    await engines.settled();
    expect(names(engines)).toEqual(['db']);
  });

  it('is found whatever the environment says of another place', async () => {
    const daemon = await aDaemon(['db']);
    process.env['DOCKER_HOST'] = 'tcp://[not an address';
    process.env['DOCKER_CERT_PATH'] = '/nonexistent';
    try {
      expect(names(await following([daemon.place]))).toEqual(['db']);
    } finally {
      delete process.env['DOCKER_HOST'];
      delete process.env['DOCKER_CERT_PATH'];
    }
  });

  it('speaks for its containers once, even under two addresses', async () => {
    const daemon = await aDaemon(['db']);
    const engines = await following([
      daemon.place,
      { ...daemon.place, address: 'unix:///other', source: 'DOCKER_HOST' },
    ]);
    expect(engines.current().engines.map(({ condition }) => condition)).toEqual(['up', 'up']);
    expect(names(engines)).toEqual(['db']);
  });
});

describe('lookOnce', () => {
  it('waits for no engine longer than it was told, and shows the others', async () => {
    const daemon = await aDaemon(['db']);
    const hung = placeAt(await rawSocket(() => undefined));
    const began = Date.now();
    const now = await lookOnce([daemon.place, hung], 600);
    expect(Date.now() - began).toBeLessThan(1500);
    const conditions = Object.fromEntries(now.engines.map(({ id, condition }) => [id, condition]));
    expect(conditions).toEqual({ [daemon.place.address]: 'up', [hung.address]: 'hung' });
    expect(now.containers).toMatchObject([{ name: 'db', pid: 100 }]);
    await expect.poll(() => daemon.connections(), soon).toBe(0);
  });

  it('answers where there is no engine', async () => {
    const now = await lookOnce([placeAt('/nonexistent/docker.sock')]);
    expect(now).toMatchObject({ engines: [{ condition: 'absent' }], containers: [] });
  });
});
