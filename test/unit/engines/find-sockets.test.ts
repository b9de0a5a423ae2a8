import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { findPlaces } from '../../../electron/host/engines/find-sockets.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'porthole-home-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
});

function aContext(name: string, host: string, more: { tls?: boolean; skipVerify?: boolean } = {}): void {
  const hash = createHash('sha256').update(name).digest('hex');
  const meta = join(home, '.docker/contexts/meta', hash);
  mkdirSync(meta, { recursive: true });
  const docker = { Host: host, SkipTLSVerify: more.skipVerify ?? false };
  writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker } }));
  if (more.tls) mkdirSync(join(home, '.docker/contexts/tls', hash, 'docker'), { recursive: true });
}

function inUse(name: string): void {
  mkdirSync(join(home, '.docker'), { recursive: true });
  writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ currentContext: name }));
}

// /var/run is a link to /run on every machine of today.
const around = (): Parameters<typeof findPlaces>[1] => ({
  home,
  uid: 1000,
  realpath: (path) => path.replace(/^\/var\/run\//, '/run/'),
});
const found = (env: NodeJS.ProcessEnv = {}): string[] =>
  findPlaces(env, around()).map(({ kind, address, source }) => `${kind} ${address} ${source}`);
const first = (env: NodeJS.ProcessEnv) => findPlaces(env, around())[0];

const DEFAULTS = [
  'docker unix:///var/run/docker.sock default socket',
  'docker unix:///run/user/1000/docker.sock rootless socket',
  'podman unix:///run/user/1000/podman/podman.sock rootless socket',
  'podman unix:///run/podman/podman.sock default socket',
];

describe('findPlaces', () => {
  it('knows the default and rootless sockets of both engines', () => {
    expect(found()).toEqual(DEFAULTS);
    expect(found({ XDG_RUNTIME_DIR: '/tmp/x' })).toContain('docker unix:///tmp/x/docker.sock rootless socket');
  });

  it('looks first where DOCKER_HOST says', () => {
    expect(found({ DOCKER_HOST: 'unix:///tmp/d.sock' })[0]).toBe('docker unix:///tmp/d.sock DOCKER_HOST');
    expect(found({ DOCKER_HOST: 'unix:///tmp/podman/podman.sock' })[0]).toMatch(/^podman /);
    expect(found({ DOCKER_HOST: '' })).toEqual(DEFAULTS);
  });

  it('names one socket once, by the first of its names', () => {
    expect(found({ DOCKER_HOST: 'unix:///run/docker.sock' })).toEqual([
      'docker unix:///run/docker.sock DOCKER_HOST',
      ...DEFAULTS.slice(1),
    ]);
    expect(found({ DOCKER_HOST: 'unix://' })).toHaveLength(4);
  });

  it.each([
    ['tcp://10.0.0.1:2375', 'tcp://10.0.0.1:2375', '10.0.0.1', 2375],
    ['tcp://build', 'tcp://build:2375', 'build', 2375],
    ['build:4243', 'tcp://build:4243', 'build', 4243],
    ['tcp://[::1]:2375', 'tcp://[::1]:2375', '[::1]', 2375],
    ['http://build:80', 'tcp://build:80', 'build', 80],
  ])('reads %s as the docker client does', (host, address, name, port) => {
    expect(first({ DOCKER_HOST: host })).toMatchObject({ address, reach: { via: 'tcp', host: name, port, tls: null } });
  });

  it('takes TLS from the environment', () => {
    const env = { DOCKER_HOST: 'tcp://build', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' };
    expect(first(env)?.reach).toMatchObject({ port: 2376, tls: { certPath: '/certs', verify: true } });
    const loose = { DOCKER_HOST: 'tcp://build', DOCKER_TLS: '1' };
    expect(first(loose)?.reach).toMatchObject({ tls: { certPath: join(home, '.docker'), verify: false } });
    expect(first({ DOCKER_HOST: 'https://build' })?.reach).toMatchObject({
      port: 2376,
      tls: { certPath: null, verify: true },
    });
  });

  it.each(['tcp://me:s3cret@build:2375', 'ssh://me:s3cret@build', 'npipe://me:s3cret@build', 'tcp://me:s3cret@[bad'])(
    'keeps the credentials of %s to itself',
    (host) => {
      expect(JSON.stringify(first({ DOCKER_HOST: host }))).not.toContain('s3cret');
    },
  );

  it.each(['ssh://me@build:22', 'npipe:////./pipe/docker_engine', 'fd://', 'tcp://[bad', 'tcp://'])(
    'says why it cannot reach %s',
    (host) => {
      const place = first({ DOCKER_HOST: host });
      expect(place?.source).toBe('DOCKER_HOST');
      expect(place?.reach).toMatchObject({ via: 'none', message: expect.any(String), remedy: expect.any(String) });
    },
  );

  it('looks where the docker context in use says, and at other contexts only on this machine', () => {
    aContext('far', 'tcp://far:2376', { tls: true, skipVerify: true });
    aContext('mine', 'unix:///home/me/docker.sock');
    const mine = 'docker unix:///home/me/docker.sock docker context mine';
    expect(found()).toEqual([mine, ...DEFAULTS]);
    inUse('far');
    expect(found()).toEqual(['docker tcp://far:2376 docker context far', mine, ...DEFAULTS]);
    expect(first({})?.reach).toMatchObject({ tls: { certPath: expect.stringContaining('/tls/'), verify: false } });
    expect(found({ DOCKER_CONTEXT: 'default' })).toEqual([mine, ...DEFAULTS]);
    // DOCKER_HOST overrides every context.
    expect(found({ DOCKER_HOST: 'unix:///tmp/d.sock' })).toEqual([
      'docker unix:///tmp/d.sock DOCKER_HOST',
      mine,
      ...DEFAULTS,
    ]);
  });

  it('says so if the context in use does not exist', () => {
    expect(first({ DOCKER_CONTEXT: 'nosuch' })).toMatchObject({
      source: 'docker context nosuch',
      reach: { via: 'none', message: 'The docker client has no context of this name.' },
    });
  });

  it('is not put off by a broken configuration', () => {
    aContext('bad', 'unix:///x.sock');
    const meta = join(home, '.docker/contexts/meta');
    writeFileSync(join(meta, createHash('sha256').update('bad').digest('hex'), 'meta.json'), '{"Name":');
    writeFileSync(join(home, '.docker/config.json'), '{"currentContext": {"__proto__": 1}}');
    expect(found()).toEqual(DEFAULTS);
  });
});
