import { expect, it } from 'vitest';
import { engineAdvice } from '../../../shared/engine-advice.ts';

it.each([
  ['act', 'Conflict. The container name "/db" is already in use by container "12". You have to remove (or rename) that container to be able to reuse that name.', /Choose another name/], // prettier-ignore
  [
    'act',
    'Invalid container name (no/slash), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed',
    /begins with a letter or digit/,
  ],
  ['act', 'driver failed programming external connectivity on endpoint db: Bind for 0.0.0.0:80 failed: port is already allocated', /End it, or run the container anew/], // prettier-ignore
  ['act', 'cannot join network of a non running container: 12', /Start the container whose namespace it joins first/],
  ['act', 'You cannot remove a running container 12. Stop the container before attempting removal or force remove', /Stop it first/], // prettier-ignore
  ['act', 'write /var/lib/docker/x: no space left on device', /disk of the engine is full/],
  ['image', 'conflict: unable to delete 12 (cannot be forced) - image is being used by running container 34', /Stop and remove that container first/], // prettier-ignore
  ['image', 'conflict: unable to remove repository reference "x" (must force) - container 34 is using its referenced image 12', /Remove the container that was made from it/], // prettier-ignore
  [
    'image',
    'conflict: unable to delete 12 (cannot be forced) - image has dependent child images',
    /made from it first/,
  ],
  ['log', 'configured logging driver does not support reading', /--log-driver=json-file/],
] as const)('keeps the engine’s words about an %s and says what to do: %s', (about, words, advice) => {
  const said = engineAdvice(words, about);
  expect(said.startsWith(words.replace(/\.$/, ''))).toBe(true);
  expect(said).toMatch(advice);
});

it('says no more than the engine where nothing better is known', () => {
  expect(engineAdvice('something else.', 'act')).toBe('something else.');
  expect(engineAdvice('port is already allocated', 'log')).toBe('port is already allocated');
});
