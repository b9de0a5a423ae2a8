import { expect, it } from 'vitest';
import { pullAdvice, registryOf } from '../../../shared/registry-name.ts';

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
