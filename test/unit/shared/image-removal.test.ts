import { describe, expect, it } from 'vitest';
import { removalOf } from '../../../shared/image-removal.ts';
import type { EngineImage } from '../../../shared/images.ts';

const image = (...tags: string[]): EngineImage => ({
  id: `sha256:${'a'.repeat(64)}`,
  tags,
  digests: [],
  bytes: 1,
  sharedBytes: null,
  createdAt: null,
  usedBy: [],
});
const user = (state: 'running' | 'exited') => ({ id: 'c'.repeat(64), name: 'db', state });

describe('what removing an image would do', () => {
  it.each(['docker', 'podman'] as const)('takes one of several names and leaves the image: %s', (kind) => {
    const removal = removalOf(image('a:1', 'b:1'), 'a:1', false, [user('running')], kind);
    expect(removal).toMatchObject({ refused: null, untagged: ['a:1'], deleted: false, containers: [] });
  });

  it('deletes by the last name, unless a container is made from it and nobody forces it', () => {
    expect(removalOf(image('a:1'), 'a:1', false, [], 'docker')).toMatchObject({ untagged: ['a:1'], deleted: true });
    const refused = removalOf(image('a:1'), 'a:1', false, [user('exited')], 'docker').refused;
    expect(refused).toEqual({ why: 'Container db is made from it.', forced: true });
    expect(removalOf(image('a:1'), 'a:1', true, [user('exited')], 'docker').deleted).toBe(true);
  });

  it('says that Docker never deletes what runs: by name it stays without one, by ID it is refused', () => {
    const byName = removalOf(image('a:1'), 'a:1', true, [user('running')], 'docker');
    expect(byName).toMatchObject({ refused: null, untagged: ['a:1'], deleted: false });
    const one = image('a:1');
    expect(removalOf(one, one.id, true, [user('running')], 'docker').refused?.forced).toBe(false);
  });

  it('says that Podman removes the containers with it when forced', () => {
    const removal = removalOf(image('a:1'), 'a:1', true, [user('running')], 'podman');
    expect(removal).toMatchObject({ deleted: true, containers: ['db'] });
  });
});
