import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { troubleOf, wordsOf } from '../../../electron/host/engines/condition.ts';
import type { EnginePlace } from '../../../electron/host/engines/find-sockets.ts';
import { NoAnswer } from '../../../electron/host/engines/within.ts';

const unix = (socketPath: string, kind: 'docker' | 'podman' = 'docker', source = 'default socket'): EnginePlace => ({
  kind,
  address: `unix://${socketPath}`,
  source,
  reach: { via: 'unix', socketPath },
});
const failing = (code: string): Error => Object.assign(new Error(`connect ${code} /x`), { code });
const docker = unix('/var/run/docker.sock');

describe('troubleOf', () => {
  it.each([
    ['ENOENT', 'absent'],
    ['EACCES', 'denied'],
    ['ECONNREFUSED', 'refused'],
    ['EAGAIN', 'hung'],
    ['ECONNRESET', 'failed'],
    ['ENOTFOUND', 'failed'],
  ])('calls %s %s, and keeps the failing call', (code, condition) => {
    expect(troubleOf(failing(code), docker)).toMatchObject({ condition, errno: code, message: `connect ${code} /x` });
  });

  it('calls silence hung, with what a restart costs', () => {
    const trouble = troubleOf(new NoAnswer('ping', 3000), docker);
    expect(trouble).toMatchObject({ condition: 'hung', errno: null, message: 'no answer to ping within 3 s' });
    expect(trouble.remedy?.text).toContain('ends its containers');
    expect(trouble.remedy?.command).toBe('sudo systemctl restart docker');
  });

  it('takes Node’s own codes for no errno', () => {
    expect(troubleOf(failing('HPE_INVALID_CONSTANT'), docker)).toMatchObject({ condition: 'failed', errno: null });
    expect(troubleOf(failing('DEPTH_ZERO_SELF_SIGNED_CERT'), docker)).toMatchObject({
      condition: 'failed',
      errno: null,
    });
  });

  it.each([
    [docker, 'sudo systemctl start docker'],
    [unix('/run/user/1000/docker.sock', 'docker', 'rootless socket'), 'systemctl --user start docker'],
    [unix('/run/podman/podman.sock', 'podman'), 'sudo systemctl start podman.socket'],
    [unix('/run/user/1000/podman/podman.sock', 'podman', 'DOCKER_HOST'), 'systemctl --user start podman.socket'],
    [unix('/home/me/d.sock', 'docker', 'DOCKER_HOST'), null],
  ])('gives a command only where it is known to fit: $address', (place, command) => {
    expect(troubleOf(failing('ECONNREFUSED'), place).remedy?.command).toBe(command);
    expect(troubleOf(failing('ENOENT'), place).remedy?.command).toBe(command);
  });

  const asRoot = process.getuid?.() === 0;
  it.skipIf(!asRoot)(`names the group that may${asRoot ? '' : ' (cannot run: needs root to give a file away)'}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'porthole-group-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'docker.sock');
    writeFileSync(path, '');
    // Group daemon is 1 everywhere.
    chownSync(path, 0, 1);
    expect(troubleOf(failing('EACCES'), unix(path)).remedy).toMatchObject({
      text: expect.stringContaining('group daemon'),
      command: 'sudo usermod -aG daemon "$USER"',
    });
  });

  it('tells what to do about an address that cannot be reached', () => {
    const reach = { via: 'none', message: 'm', remedy: 'do this' } as const;
    const place: EnginePlace = { kind: 'docker', address: 'ssh://x', source: 'DOCKER_HOST', reach };
    expect(troubleOf(new Error('m'), place)).toMatchObject({
      condition: 'failed',
      message: 'm',
      remedy: { text: 'do this', command: null },
    });
  });
});

describe('wordsOf', () => {
  it('prefers the engine’s own', () => {
    const error = Object.assign(new Error('(HTTP code 500) server error - boom '), { json: { message: 'boom' } });
    expect(wordsOf(error)).toBe('boom');
    expect(wordsOf(Object.assign(new Error('call failed '), { json: Buffer.from('x') }))).toBe('call failed');
  });
});
