import { describe, expect, it } from 'vitest';
import { isHere, pullAdvice, registryOf } from '../../../shared/registry-name.ts';

it.each([
  ['redis', 'docker.io'],
  ['redis:alpine', 'docker.io'],
  ['library/redis', 'docker.io'],
  ['docker.io/library/redis', 'docker.io'],
  ['index.docker.io/a/b', 'docker.io'],
  ['quay.io/a/b:1', 'quay.io'],
  ['localhost/a', 'localhost'],
  ['localhost:5000/a', 'localhost:5000'],
  ['127.0.0.1:5000/a/b@sha256:00', '127.0.0.1:5000'],
])('%s is of the registry %s', (image, registry) => expect(registryOf(image)).toBe(registry));

it('says what to do about a refusal, to whom, and by which client', () => {
  expect(pullAdvice('unauthorized: access denied', 'quay.io/a', 'podman')).toMatch(/log in: podman login quay\.io$/);
  expect(pullAdvice('pull access denied for a', 'a', 'docker')).toMatch(/log in: docker login$/);
  expect(pullAdvice('manifest unknown', 'quay.io/a', 'docker')).toBe('quay.io has no image or tag of this name.');
  expect(pullAdvice('no space left on device', 'a', 'docker')).toBe('');
});

describe('whether an image is here', () => {
  it('is by its whole name, however it is spelled', () => {
    for (const spelled of [
      'redis:alpine',
      'library/redis:alpine',
      'docker.io/redis:alpine',
      'docker.io/library/redis:alpine',
    ])
      expect(isHere(spelled, ['redis:alpine'], 'docker'), spelled).toBe(true);
    expect(isHere('redis:alpine', ['docker.io/library/redis:alpine'], 'podman')).toBe(true);
    expect(isHere('redis', ['redis:alpine'], 'docker')).toBe(false);
    expect(isHere('redis', ['redis:latest'], 'docker')).toBe(true);
    expect(isHere('127.0.0.1:5000/redis', ['127.0.0.1:5000/redis:latest'], 'docker')).toBe(true);
    expect(isHere('127.0.0.1:5000/redis', ['redis:latest'], 'docker')).toBe(false);
  });

  it('is for Podman also by the end of its name', () => {
    expect(isHere('busybox', ['localhost/busybox:latest'], 'podman')).toBe(true);
    expect(isHere('box', ['localhost/busybox:latest'], 'podman')).toBe(false);
    expect(isHere('busybox', ['localhost/busybox:latest'], 'docker')).toBe(false);
  });

  it('is not known of a digest or an ID', () => {
    expect(isHere(`redis@sha256:${'a'.repeat(64)}`, ['redis:latest'], 'docker')).toBeNull();
    expect(isHere('4abcf2066143', [], 'docker')).toBeNull();
  });
});
