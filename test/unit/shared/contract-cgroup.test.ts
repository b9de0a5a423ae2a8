import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { METHODS } from '../../../shared/contract.ts';

const accepted = (path: unknown) => v.safeParse(METHODS['cgroup.detail'].args, { path }).success;

describe('the path of cgroup.detail', () => {
  it.each(['/', '/docker', '/a.slice/b.scope', '/..a/.b./...', '/with space', '/\udcff'])('may be %j', (path) => {
    expect(accepted(path)).toBe(true);
  });

  it.each(['', 'a', './a', '/..', '/a/..', '/../a', '/a/../b', '/.', '/a/./b', '//', '/a//b', '/a/', '/a\0b', '/a\nb'])(
    'may not be %j',
    (path) => expect(accepted(path)).toBe(false),
  );

  it('may be no other thing, nor longer than a path can be', () => {
    for (const path of [null, 7, ['/'], {}, `/${'a'.repeat(4096)}`]) expect(accepted(path)).toBe(false);
    expect(v.safeParse(METHODS['cgroup.detail'].args, { path: '/', more: 1 }).success).toBe(false);
  });

  it('never leads out of the directory it is put behind', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('/', '.', '..', 'a', '\0', '//')), (parts) => {
        const path = parts.join('');
        fc.pre(accepted(path));
        expect(new URL(`file:///mnt/x${encodeURI(path)}`).pathname.startsWith('/mnt/x')).toBe(true);
        expect(path.split('/').filter((part) => part === '..' || part === '.')).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});
