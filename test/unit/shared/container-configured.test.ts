import { describe, expect, it } from 'vitest';
import { capabilityBits, capabilityName, DOCKER_DEFAULT_CAPABILITIES } from '../../../shared/capabilities.ts';
import {
  configuredCapabilities,
  configuredNamespaces,
  containerEnd,
  endSentence,
  exitCodeWords,
} from '../../../shared/container-configured.ts';

const host = (HostConfig: Record<string, unknown>) => ({ HostConfig });

describe('capabilities as configured', () => {
  const names = (config: Record<string, unknown>) =>
    capabilityBits(configuredCapabilities(host(config), 'docker').mask).map(capabilityName);

  it('are the default, less what is dropped, and what is added', () => {
    expect(configuredCapabilities(host({}), 'docker').mask).toBe(DOCKER_DEFAULT_CAPABILITIES);
    expect(names({ CapDrop: ['NET_RAW'], CapAdd: ['CAP_SYS_TIME'] })).toContain('SYS_TIME');
    expect(names({ CapDrop: ['net_raw'] })).not.toContain('NET_RAW');
    expect(configuredCapabilities(host({ CapDrop: ['ALL'], CapAdd: ['CHOWN'] }), 'docker')).toEqual({
      mask: '0000000000000001',
      options: ['--cap-add CHOWN', '--cap-drop ALL'],
    });
  });
  it('are all of a privileged one, and all but the dropped ones where all were added', () => {
    expect(names({ Privileged: true })).toHaveLength(41);
    expect(names({ CapAdd: ['ALL'], CapDrop: ['SYS_ADMIN'] })).toHaveLength(40);
    expect(names({ CapAdd: ['ALL'], CapDrop: ['ALL'] })).toHaveLength(41);
  });
  it('are told of nonsense as of nothing asked for', () => {
    expect(configuredCapabilities('nonsense', 'docker').mask).toBe(DOCKER_DEFAULT_CAPABILITIES);
    expect(names({ CapAdd: ['NO_SUCH', 7] })).toHaveLength(14);
  });
});

describe('namespaces as configured', () => {
  const of = (config: Record<string, unknown>) =>
    Object.fromEntries(configuredNamespaces(host(config)).map(({ type, role, of }) => [type, of ?? role]));
  it('are its own, the host’s, or another container’s', () => {
    expect(of({ NetworkMode: 'container:abc', PidMode: 'host', IpcMode: 'private', UTSMode: '', CgroupnsMode: 'private' })).toEqual({ mnt: 'own', uts: 'own', ipc: 'own', net: 'abc', pid: 'host', cgroup: 'own' }); // prettier-ignore
    expect(of({})).toMatchObject({ cgroup: 'host', net: 'own' });
  });
});

describe('how it ended', () => {
  const state = (State: Record<string, unknown>) => endSentence(containerEnd({ State }));
  const ran = { StartedAt: '2026-11-24T02:29:45.630347785Z', FinishedAt: '2026-11-24T02:29:47Z', Status: 'exited' };
  it('is said of its exit code by custom', () => {
    expect(state({ ...ran, ExitCode: 0 })).toBe('It ended with exit code 0: it ended by itself, and well.');
    expect(state({ ...ran, ExitCode: 137 })).toMatch(/137: as of a program that SIGKILL ended/);
    expect(exitCodeWords(127)).toMatch(/not found/);
    expect(exitCodeWords(200)).toMatch(/own code/);
  });
  it('is out of memory before all else, and never started where it was not', () => {
    expect(state({ ...ran, ExitCode: 137, OOMKilled: true })).toMatch(/^Out of memory: .* exit code 137\.$/);
    expect(state({ StartedAt: '0001-01-01T00:00:00Z', ExitCode: 0 })).toBe('It was never started.');
    expect(state({ StartedAt: '0001-01-01T00:00:00Z', ExitCode: 127, Error: 'no such file' })).toBe('It could not be started.'); // prettier-ignore
    expect(containerEnd('nonsense')).toMatchObject({ exitCode: null, oomKilled: false, restarts: null });
  });
});
