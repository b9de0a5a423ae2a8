import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { parseImage, parseStep } from '../../../electron/host/engines/images.ts';
import { ImageRef } from '../../../shared/images.ts';

const ID = `sha256:${'ab'.repeat(32)}`;

describe('an entry of the list of images', () => {
  it('is told with what is not known as null, never as zero', () => {
    expect(parseImage({ Id: ID, Size: 'x', SharedSize: -1, Created: 0 }, null, true)).toEqual({
      id: ID,
      tags: [],
      digests: [],
      bytes: null,
      sharedBytes: null,
      createdAt: null,
      usedBy: null,
    });
  });

  it('has no names where the engine prints <none>, and its users by ID', () => {
    const entry = { Id: ID, RepoTags: ['<none>:<none>', 'a:1', 7], RepoDigests: ['<none>@<none>'], SharedSize: 5 };
    const image = parseImage(entry, new Map([[ID, ['c']]]), true);
    expect(image).toMatchObject({ tags: ['a:1'], digests: [], usedBy: ['c'], sharedBytes: 5 });
    // Podman says 0 whether it counted or not.
    expect(parseImage({ Id: ID.slice(7), SharedSize: 0 }, null, false)).toMatchObject({ id: ID, sharedBytes: null });
  });

  it.each([null, 7, {}, { Id: '../x' }, { Id: 'sha256:zz' }])('is left out without an ID: %j', (entry) => {
    expect(parseImage(entry, null, true)).toBeNull();
  });
});

it('reads a step of which the engine keeps no image', () => {
  const step = parseStep({ Id: '<missing>', CreatedBy: '/bin/sh -c <script>', Size: 0, Created: 5, Tags: null });
  expect(step).toMatchObject({ id: null, createdBy: '/bin/sh -c <script>', bytes: 0, createdAt: 5000, tags: [] });
});

describe('what may name an image', () => {
  it.each(['redis', 'redis:alpine', '127.0.0.1:5000/a/b:c', `a@${ID}`, ID, 'localhost/x_y.z-1'])('may be %s', (ref) => {
    expect(v.is(ImageRef, ref)).toBe(true);
  });

  it.each(['', '-f', '--all', 'a b', '../json', 'a/../b', 'a//b', '/a', 'a/', 'a?x=1', 'a#b', 'a%2f', '<b>', 'a\n'])(
    'may not be %j',
    (ref) => expect(v.is(ImageRef, ref)).toBe(false),
  );
});
