import { describe, expect, it } from 'vitest';
import { createBody } from '../../../shared/run-body.ts';
import { plainRun, runArgv } from '../../../shared/run-container.ts';
import {
  typedCapabilities,
  typedEnv,
  typedLabel,
  typedMemory,
  typedMilliCpus,
  typedPids,
  typedPort,
  typedDevice,
  typedTmpfs,
  typedUlimit,
  typedVolume,
} from '../../../renderer/views/run/typed.ts';

describe('what is typed into the Run form', () => {
  it.each(['80', '8080:80', '8080:80/udp', '127.0.0.1:8080:80', '127.0.0.1::80', '[::1]:53:53/udp'])(
    'is published as typed: %s',
    (text) => {
      const port = typedPort(text);
      expect(port).not.toBeNull();
      expect(runArgv({ ...plainRun('x'), ports: [port!] })[2]).toBe(`--publish=${text}`);
    },
  );

  it.each(['', '0', '65536', '80:', 'a:80', '80/icmp', '8000-8010:80', '127.0.0.1:80', '::1:80:80'])(
    'is no port: %s',
    (text) => expect(typedPort(text)).toBeNull(),
  );

  it.each(['/data', '/srv:/data', '/srv:/data:ro', 'cache:/var/cache'])('is mounted as typed: %s', (text) => {
    expect(runArgv({ ...plainRun('x'), volumes: [typedVolume(text)!] })[2]).toBe(`--volume=${text}`);
  });

  it.each(['', 'data', './here:/x', '/a:b', '/a:/b:rx', '/x:ro', '-v:/x'])('is no volume: %s', (text) => {
    expect(typedVolume(text)).toBeNull();
  });

  it('keeps a variable’s value as it stands', () => {
    expect(typedEnv('A= "b=c" ')).toEqual({ name: 'A', value: ' "b=c" ' });
    expect(createBody({ ...plainRun('x'), env: [typedEnv('A=')!] }).Env).toEqual(['A=']);
    expect([typedEnv('A'), typedEnv('=b')]).toEqual([null, null]);
  });

  it('reads limits as docker does', () => {
    expect(['512m', '512M', '512MiB', '1.5g', '50000000', '6 k'].map(typedMemory)).toEqual([
      536_870_912, 536_870_912, 536_870_912, 1_610_612_736, 50_000_000, 6144,
    ]);
    expect(['', '0', '-1', '12x', 'm', '1e9'].map(typedMemory)).toEqual([null, null, null, null, null, null]);
    expect(['0.5', '.5', '2', '0.001'].map(typedMilliCpus)).toEqual([500, 500, 2000, 1]);
    expect(['', '0', '0.0001', '1,5', '-1'].map(typedMilliCpus)).toEqual([null, null, null, null, null]);
    expect(['100', '0', '', '1.5'].map(typedPids)).toEqual([100, null, null, null]);
  });

  it('knows capabilities with and without CAP_, in any case', () => {
    expect(typedCapabilities('net_admin, CAP_SYS_PTRACE ALL all')).toEqual(['NET_ADMIN', 'SYS_PTRACE', 'ALL']);
    expect(typedCapabilities('')).toEqual([]);
    expect(typedCapabilities('NET_ADMIN NOSUCH')).toBeNull();
  });

  it('devices as typed, in the fewest words', () => {
    const line = (text: string): string | undefined => runArgv({ ...plainRun('x'), devices: [typedDevice(text)!] })[2];
    for (const text of ['/dev/fuse', '/dev/fuse:r', '/dev/fuse:/dev/x', '/dev/fuse:/dev/x:rw']) {
      expect(line(text)).toBe(`--device=${text}`);
    }
    expect(line('/dev/fuse:/dev/fuse:mwr')).toBe('--device=/dev/fuse');
    expect([typedDevice('fuse'), typedDevice('/dev/a:b'), typedDevice('/dev/a:rr'), typedDevice('/dev/a:')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('labels, mounts memory and limits as typed', () => {
    const line = (some: object): string | undefined => runArgv({ ...plainRun('x'), ...some })[2];
    expect(line({ labels: [typedLabel('a=b=c d')!] })).toBe('--label=a=b=c d');
    expect(typedLabel('a')).toEqual({ name: 'a', value: '' });
    expect([typedLabel(''), typedLabel('=a'), typedLabel('a b')]).toEqual([null, null, null]);
    for (const text of ['/run', '/run:size=64m,mode=1777']) {
      expect(line({ tmpfs: [typedTmpfs(text)!] })).toBe(`--tmpfs=${text}`);
    }
    expect([typedTmpfs('run'), typedTmpfs('/run:'), typedTmpfs('/a:b c')]).toEqual([null, null, null]);
    expect(line({ ulimits: [typedUlimit('nofile=1024:4096')!] })).toBe('--ulimit=nofile=1024:4096');
    expect(typedUlimit('core=0')).toEqual({ name: 'core', soft: 0, hard: 0 });
    expect([typedUlimit('nofile'), typedUlimit('files=1'), typedUlimit('nofile=2:1')]).toEqual([null, null, null]);
  });
});
