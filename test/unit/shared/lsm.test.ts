import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engineKindOf } from '../../../shared/container-engine.ts';
import { lsmMeaning, parseLsmLabel } from '../../../shared/lsm.ts';

describe('the label of a security module', () => {
  it.each([
    ['docker-default (enforce)\n', { module: 'AppArmor', label: 'docker-default', mode: 'enforce' }],
    ['/usr/sbin/a b (x) (complain)\n', { module: 'AppArmor', label: '/usr/sbin/a b (x)', mode: 'complain' }],
    ['unconfined\n', { module: 'AppArmor', label: 'unconfined', mode: null }],
    [
      'system_u:system_r:container_t:s0:c1,c2\0',
      { module: 'SELinux', label: 'system_u:system_r:container_t:s0:c1,c2', mode: null },
    ],
    ['_\n', { module: null, label: '_', mode: null }],
    ['', { module: null, label: '', mode: null }],
  ])('%j is told apart', (text, label) => {
    expect(parseLsmLabel(text)).toEqual(label);
  });

  it('has a meaning, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(lsmMeaning({ ok: true, value })).toMatch(/\.$/);
      }),
    );
  });

  it.each([
    ['unconfined\n', /does not confine/],
    ['x (complain)', /noted, not kept/],
    ['x (enforce)', /profile says/],
    ['u:r:spc_t:s0', /hardly/],
    ['u:r:container_t:s0', /SELinux’s rules/],
  ])('%j means %s', (value, meaning) => {
    expect(lsmMeaning({ ok: true, value })).toMatch(meaning);
  });

  it('is said to be none where the kernel has no such module, and nothing is said where it is closed', () => {
    const failed = { ok: false, call: 'read("/proc/1/attr/current")' } as const;
    expect(lsmMeaning({ ...failed, why: 'absent', errno: 'EINVAL' })).toMatch(/No security module/);
    expect(lsmMeaning({ ...failed, why: 'denied', errno: 'EACCES' })).toBeNull();
  });
});

describe('the engine of a container', () => {
  const engines = [{ id: 'unix:///a', kind: 'podman' }] as const;
  it.each([
    [{ engine: 'unix:///a', runtime: 'docker' }, 'podman'],
    [{ engine: null, runtime: 'docker' }, 'docker'],
    [{ engine: null, runtime: 'libpod' }, 'podman'],
    [{ engine: null, runtime: 'crio' }, 'crio'],
    [{ engine: null, runtime: null }, null],
  ])('%j is %s', (container, kind) => {
    expect(engineKindOf(container, engines)).toBe(kind);
  });
});
