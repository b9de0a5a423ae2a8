import { describe, expect, it } from 'vitest';
import { askedMounts, joinMounts, unnamedVolumes } from '../../../shared/container-mounts.ts';
import type { Mount } from '../../../shared/mounts.ts';

const mount = (id: number, parent: number, mountPoint: string): Mount => ({
  id,
  parent,
  device: '0:1',
  root: '/',
  mountPoint,
  options: ['rw'],
  shared: null,
  master: null,
  propagateFrom: null,
  unbindable: false,
  type: 'tmpfs',
  source: 'tmpfs',
  superOptions: [],
});
const inspected = {
  Mounts: [
    { Type: 'volume', Name: 'v', Source: '/var/lib/v', Destination: '/data/', RW: false },
    { Type: 'bind', Source: '/srv', Destination: '/gone', RW: true },
    { Type: 'bind' },
    null,
  ],
  HostConfig: { Tmpfs: { '/tmp': 'size=1m' } },
};

describe('mounts', () => {
  it('are joined with what was asked for, also where that is not there', () => {
    const rows = joinMounts([mount(1, 0, '/'), mount(2, 1, '/data'), mount(3, 1, '/proc'), mount(4, 1, '/tmp')], askedMounts(inspected)); // prettier-ignore
    expect(rows.map(({ mountPoint, kernel, asked }) => [mountPoint, kernel?.id ?? null, asked?.type ?? null])).toEqual([
      ['/', 1, null],
      ['/data', 2, 'volume'],
      ['/proc', 3, null],
      ['/tmp', 4, 'tmpfs'],
      ['/gone', null, 'bind'],
    ]);
    expect(rows[1]!.asked).toMatchObject({ name: 'v', writable: false });
  });

  it('say which lie under another, and give the one on top what was asked for', () => {
    const rows = joinMounts([mount(1, 0, '/'), mount(2, 1, '/data'), mount(3, 2, '/data')], askedMounts(inspected));
    expect(rows.filter(({ hidden }) => hidden).map(({ kernel }) => kernel?.id)).toEqual([2]);
    expect(rows.find(({ kernel }) => kernel?.id === 3)?.asked?.type).toBe('volume');
  });

  it.each([[null], [{}], [{ Mounts: 'x', HostConfig: { Tmpfs: [] } }]])('ask for nothing in %j', (nothing) => {
    expect(askedMounts(nothing)).toEqual([]);
  });
});

describe('the volumes that go with a container', () => {
  const hex = 'a'.repeat(64);
  const volume = (Name: string, Destination: string) => ({ Type: 'volume', Name, Destination });
  const of = (kind: 'docker' | 'podman', HostConfig: object, ...Mounts: object[]) =>
    unnamedVolumes({ HostConfig, Mounts }, kind).map(({ destination }) => destination);

  it('are those of Docker that were not asked for by name, whatever the name', () => {
    const mounts = [volume(hex, '/anonymous'), volume('v', '/v'), volume('b'.repeat(64), '/hex'), { Type: 'bind', Source: '/s', Destination: '/s' }]; // prettier-ignore
    const asked = { Binds: ['v:/v:ro'], Mounts: [{ Type: 'volume', Source: 'b'.repeat(64), Target: '/hex' }] };
    expect(of('docker', asked, ...mounts)).toEqual(['/anonymous']);
  });

  it('are those of Podman that it named itself, though it lists them among the binds', () => {
    expect(of('podman', { Binds: [`${hex}:/a:rw`, 'v:/v:rw'] }, volume(hex, '/a'), volume('v', '/v'))).toEqual(['/a']);
  });

  it('are none where nothing was told', () => {
    expect(unnamedVolumes(null, 'docker')).toEqual([]);
  });
});
