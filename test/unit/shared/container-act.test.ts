import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  actCommand,
  ContainerAction,
  containerRef,
  needsForce,
  offeredIn,
  SIGNALS,
} from '../../../shared/container-act.ts';

const docker = { kind: 'docker', address: 'unix:///var/run/docker.sock', source: 'default socket' } as const;

describe('what is done to a container', () => {
  it.each([
    [{ do: 'start' }, 'docker start db'],
    [{ do: 'stop', seconds: null }, 'docker stop db'],
    [{ do: 'restart', seconds: 0 }, 'docker restart -t 0 db'],
    [{ do: 'pause' }, 'docker pause db'],
    [{ do: 'unpause' }, 'docker unpause db'],
    [{ do: 'kill', signal: 'RTMIN+3' }, 'docker kill --signal=RTMIN+3 db'],
    [{ do: 'remove', force: false, volumes: false }, 'docker rm db'],
    [{ do: 'remove', force: true, volumes: true }, 'docker rm --force --volumes db'],
    [{ do: 'rename', name: 'a b' }, "docker rename db 'a b'"],
    [{ do: 'rename', name: '--help' }, 'docker rename -- db --help'],
  ] as const)('is the command %#', (action, command) => {
    expect(actCommand(docker, 'db', action)).toBe(command);
  });

  it('names the engine where the client would ask another one', () => {
    const start = { do: 'start' } as const;
    const rootless = { kind: 'docker', address: 'unix:///run/user/7/docker.sock', source: 'rootless socket' } as const;
    expect(actCommand(rootless, 'db', start)).toBe('docker -H unix:///run/user/7/docker.sock start db');
    expect(actCommand({ ...rootless, kind: 'podman' }, 'db', start)).toBe(
      'podman --url unix:///run/user/7/docker.sock start db',
    );
  });

  it('offers of one that the engine could not remove, or starts over and over, what the engine would do', () => {
    expect(offeredIn('dead')).toEqual(['remove']);
    expect(offeredIn('restarting')).toEqual(['stop', 'restart', 'rename', 'remove']);
    expect([needsForce('dead'), needsForce('restarting')]).toEqual([false, true]);
    expect(offeredIn('removing')).toEqual([]);
  });

  it('calls a container by its name only if no command could take it for anything else', () => {
    const id = 'ab'.repeat(32);
    expect(containerRef({ id, name: 'db' })).toBe('db');
    for (const name of [null, '', '--all', 'a b', 'x', '$(reboot)']) expect(containerRef({ id, name })).toBe(id);
  });

  it('offers nothing on what is on its way out or not answered for', () => {
    for (const state of ['removing', 'unknown'] as const) expect(offeredIn(state)).toEqual([]);
    expect(offeredIn('running')).not.toContain('start');
    expect(offeredIn('exited')).not.toContain('stop');
    expect([needsForce('running'), needsForce('paused'), needsForce('exited')]).toEqual([true, true, false]);
  });

  it('takes every signal it proposes, and no argument that is none', () => {
    const takes = (signal: string): boolean => v.is(ContainerAction, { do: 'kill', signal });
    for (const [name] of SIGNALS) expect(takes(name)).toBe(true);
    for (const signal of ['9', 'SIGUSR1', 'RTMAX-1']) expect(takes(signal)).toBe(true);
    for (const signal of ['', '-9', 'term', 'A\nB', '1234', 'KILL --help']) expect(takes(signal)).toBe(false);
  });
});
