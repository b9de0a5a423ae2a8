import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent, parseListed, parseLooked } from '../../../electron/host/engines/docker-container.ts';

const ID = 'a'.repeat(64);

describe('parseListed', () => {
  it('takes the container’s own name, not one that a link gave it', () => {
    expect(parseListed({ Id: ID, Names: ['/web/alias', '/db'] })?.name).toBe('db');
    expect(parseListed({ Id: ID, Names: ['podman-style'] })?.name).toBe('podman-style');
    expect(parseListed({ Id: ID, Names: [] })?.name).toBeNull();
  });

  it('says null for what is not there, never zero or empty', () => {
    expect(parseListed({ Id: ID })).toEqual({
      id: ID,
      name: null,
      image: null,
      command: null,
      state: 'unknown',
      status: null,
      createdAt: null,
      labels: {},
      ports: [],
      project: null,
      pod: null,
    });
  });

  it.each([undefined, null, 7, '', '../etc', '-rf', 'a/b', 'x'.repeat(129)])(
    'leaves out an entry with the id %j',
    (Id) => {
      expect(parseListed({ Id })).toBeNull();
    },
  );

  it('knows Podman’s words for states, and calls a new one unknown', () => {
    const state = (State: unknown): unknown => parseListed({ Id: ID, State })?.state;
    expect(['configured', 'initialized', 'stopped', 'stopping', 'Exited'].map(state)).toEqual([
      'created',
      'created',
      'exited',
      'running',
      'exited',
    ]);
    expect(['sleeping', 'constructor', '__proto__', 7].map(state)).toEqual([
      'unknown',
      'unknown',
      'unknown',
      'unknown',
    ]);
  });

  it('orders ports, which the engine does not', () => {
    const Ports = [
      { PrivatePort: 443, Type: 'tcp' },
      { IP: '::', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
      { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
    ];
    const ports = parseListed({ Id: ID, Ports })?.ports;
    expect(ports?.map(({ host, hostPort, port }) => [host, hostPort, port])).toEqual([
      ['0.0.0.0', 8080, 80],
      ['::', 8080, 80],
      [null, null, 443],
    ]);
    expect(parseListed({ Id: ID, Ports: Ports.toReversed() })?.ports).toEqual(ports);
  });

  it('belongs to its compose project or its pod', () => {
    const project = (Labels: unknown): unknown => parseListed({ Id: ID, Labels })?.project;
    expect(project({ 'com.docker.compose.project': 'shop' })).toBe('shop');
    expect(project({ 'io.kubernetes.pod.name': 'shop-0' })).toBe('shop-0');
    expect(project({ other: 'x' })).toBeNull();
  });
});

describe('parseLooked', () => {
  it('tells the pid of a container of this machine only', () => {
    const running = { State: { Status: 'running', Pid: 42, ExitCode: 0 } };
    expect(parseLooked(running, true)).toMatchObject({ state: 'running', pid: 42, exitCode: null });
    expect(parseLooked(running, false).pid).toBeNull();
    expect(parseLooked({ State: { Status: 'exited', Pid: 0, ExitCode: 137 } }, true)).toMatchObject({
      pid: null,
      exitCode: 137,
    });
  });

  it('takes year 1 for never', () => {
    expect(parseLooked({ State: { StartedAt: '0001-01-01T00:00:00Z' } }, true).startedAt).toBeNull();
    expect(parseLooked({ State: { StartedAt: '2026-01-02T03:04:05.678901234Z' } }, true).startedAt).toBe(1767323045678);
  });

  it('spells modes and the restart policy as they would be given', () => {
    const HostConfig = { NetworkMode: 'container:x', PidMode: '', IpcMode: 'host', RestartPolicy: { Name: '' } };
    expect(parseLooked({ HostConfig }, true)).toMatchObject({
      networkMode: 'container:x',
      pidMode: 'private',
      ipcMode: 'host',
      restartPolicy: 'no',
    });
    const policy = { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 } };
    expect(parseLooked({ HostConfig: policy }, true).restartPolicy).toBe('on-failure:3');
    expect(parseLooked({}, true)).toMatchObject({ networkMode: null, pidMode: null, restartPolicy: null });
  });

  it('calls no health check healthy that is none', () => {
    expect(parseLooked({ State: { Health: { Status: 'none' } } }, true).health).toBeNull();
    expect(parseLooked({ State: { Health: { Status: 'unhealthy' } } }, true).health).toBe('unhealthy');
  });
});

describe('parseEvent', () => {
  it.each([
    ['Docker', { Type: 'container', Action: 'die', Actor: { ID } }, { container: ID }],
    ['an old engine', { status: 'die', id: ID }, { container: ID }],
    ['health', { Type: 'container', Action: 'health_status: healthy', Actor: { ID } }, { container: ID }],
    ['an image', { Type: 'image', Action: 'untag', Actor: { ID: 'x' } }, 'images'],
    ['Podman, of each container at every look', { Type: 'container', Action: 'sync', Actor: { ID } }, null],
    ['an exec', { Type: 'container', Action: 'exec_start: sh', Actor: { ID } }, null],
    [
      'a network of Docker',
      { Type: 'network', Action: 'connect', Actor: { ID: 'b'.repeat(64), Attributes: { container: ID } } },
      { container: ID },
    ],
    ['a network of Podman', { Type: 'network', Action: 'disconnect', Actor: { ID } }, { container: ID }],
    ['a network that is made', { Type: 'network', Action: 'create', Actor: { ID } }, null],
    ['an id that is none', { Type: 'container', Action: 'die', Actor: { ID: '../x' } }, null],
  ])('reads that of %s', (_, event, about) => {
    expect(parseEvent(JSON.stringify(event))).toEqual(about);
  });

  it.each(['', '{', 'null', '[]', '{"Action":7}'])('throws on %j', (line) => {
    expect(() => parseEvent(line)).toThrow(SyntaxError);
  });
});

describe('whatever an engine says', () => {
  it('is read or left out, and nothing is thrown', () => {
    const keys = [
      'Id',
      'Names',
      'State',
      'Status',
      'Labels',
      'Ports',
      'Created',
      'Command',
      'HostConfig',
      'Pid',
      'Health',
    ];
    const anything = fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()));
    fc.assert(
      fc.property(anything, (value) => {
        parseListed(value);
        parseLooked(value, true);
        parseListed({ ...Object(value), Id: ID });
      }),
    );
  });
});
