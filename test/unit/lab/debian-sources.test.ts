import { expect, test } from 'vitest';
import { mirrorOf } from '../../lab/debian-sources.ts';

const SECURITY = `Types: deb
URIs: http://one.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg`;

const MAIN = `Types: deb deb-src
# URIs: http://old.example/debian
URIs: http://two.example/debian http://three.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg`;

test('the mirror is that of the release itself, with the keyring it is signed by', () => {
  expect(mirrorOf('bookworm', `${SECURITY}\n\n${MAIN}\n`, '')).toEqual({
    uri: 'http://two.example/debian',
    signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
  });
});

test('neither a repository of somebody else nor one that is switched off is it', () => {
  expect(mirrorOf('bookworm', MAIN.replace('main contrib', 'stable'), '')).toBeNull();
  expect(mirrorOf('bookworm', `Enabled: no\n${MAIN}`, '')).toBeNull();
  expect(mirrorOf('bookworm', SECURITY, 'deb http://else.example/node nodistro main')).toBeNull();
});

test('sources of one line each are read too; a key that is not a file is left to apt', () => {
  const line = (options: string) =>
    `# deb http://no.example/debian bookworm main\ndeb ${options}http://four.example/debian stable main\n`;
  expect(mirrorOf('bookworm', '', line(''))).toEqual({ uri: 'http://four.example/debian', signedBy: null });
  expect(mirrorOf('bookworm', '', line('[arch=amd64 signed-by=/etc/keys/a.gpg] '))).toEqual({
    uri: 'http://four.example/debian',
    signedBy: '/etc/keys/a.gpg',
  });
  const armoured = MAIN.replace(/Signed-By: .*/, 'Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----');
  expect(mirrorOf('bookworm', armoured, '')).toEqual({ uri: 'http://two.example/debian', signedBy: null });
});
