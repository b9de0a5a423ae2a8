import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentialFiles, credentialsFor, keysFor } from '../../../electron/host/engines/credentials.ts';

const packed = (text: string): { auth: string } => ({ auth: Buffer.from(text).toString('base64') });
const never = new AbortController().signal;

describe('credentials for a registry', () => {
  let home: string;
  let env: NodeJS.ProcessEnv;
  const config = (value: unknown): Promise<void> =>
    writeFile(join(home, 'config.json'), typeof value === 'string' ? value : JSON.stringify(value));
  const ask = (image: string, kind: 'docker' | 'podman' = 'docker', signal = never) =>
    credentialsFor(image, kind, signal, { env, home });
  const helper = async (script: string): Promise<void> => {
    await mkdir(join(home, 'bin'));
    await writeFile(join(home, 'bin/docker-credential-lab'), `#!/bin/sh\n${script}\n`);
    await chmod(join(home, 'bin/docker-credential-lab'), 0o755);
  };

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'porthole-credentials-'));
    env = { DOCKER_CONFIG: home, PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? ''}` };
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('are those of the image’s registry alone, and the file is named', async () => {
    await config({ auths: { 'quay.io': packed('me:a:b'), 'https://index.docker.io/v1/': packed('hub:x') } });
    expect(await ask('quay.io/a/b:1')).toEqual({
      auth: { username: 'me', password: 'a:b', serveraddress: 'quay.io' },
      words: `with the credentials for quay.io of ${join(home, 'config.json')}`,
    });
    expect((await ask('redis')).auth).toMatchObject({ username: 'hub', serveraddress: 'https://index.docker.io/v1/' });
    expect(await ask('ghcr.io/a')).toEqual({ auth: null, words: 'without credentials' });
  });

  it('may be a token, or of a single repository', async () => {
    await config({
      auths: { 'a.io': { identitytoken: 't' }, 'b.io': packed('all:1'), 'b.io/team/app': packed('one:2') },
    });
    expect((await ask('a.io/x')).auth).toEqual({ identitytoken: 't', serveraddress: 'a.io' });
    expect((await ask('b.io/team/app:1')).auth).toMatchObject({ username: 'one' });
    expect((await ask('b.io/team/other')).auth).toMatchObject({ username: 'all' });
    expect(keysFor('redis@sha256:00')).toEqual([
      'docker.io/redis',
      'docker.io',
      'https://index.docker.io/v1/',
      'index.docker.io',
    ]);
  });

  it('come from the helper that is named for it, which is told the server on stdin', async () => {
    await helper(
      `read server; [ "$1" = get ] && echo "{\\"ServerURL\\":\\"$server\\",\\"Username\\":\\"$server\\",\\"Secret\\":\\"s\\"}"`,
    );
    await config({ credHelpers: { 'quay.io': 'lab' } });
    expect((await ask('quay.io/a')).auth).toEqual({ username: 'quay.io', password: 's', serveraddress: 'quay.io' });
    expect((await ask('ghcr.io/a')).auth).toBeNull();
    await config({ credsStore: 'lab', auths: { 'ghcr.io': {} } });
    expect((await ask('ghcr.io/a')).auth).toMatchObject({ username: 'ghcr.io' });
  });

  it('are none where the helper has none, and the reason is told where it cannot be asked', async () => {
    await config({ credsStore: 'lab' });
    expect((await ask('a.io/x')).words).toMatch(/^without credentials; .*docker-credential-lab is not installed$/);
    await helper('echo credentials not found in native keychain; exit 1');
    expect(await ask('a.io/x')).toEqual({ auth: null, words: 'without credentials' });
    await helper('').catch(() =>
      writeFile(join(home, 'bin/docker-credential-lab'), '#!/bin/sh\necho s3cret; exit 3\n'),
    );
    const { words } = await ask('a.io/x');
    expect(words).toMatch(/ended with exit code 3$/);
    expect(words).not.toContain('s3cret');
    await config({ credsStore: '../../bin/sh' });
    expect((await ask('a.io/x')).words).toMatch(/the helper’s name is none$/);
  });

  it('are no longer waited for when the pull is given up', async () => {
    await helper('sleep 60');
    await config({ credsStore: 'lab' });
    const cancel = new AbortController();
    const asked = ask('a.io/x', 'docker', cancel.signal);
    setTimeout(() => cancel.abort(new Error('Cancelled.')), 50);
    await expect(asked).rejects.toThrow('Cancelled.');
  });

  it('say nothing of what stands in a file that is broken', async () => {
    await config('{"auths": s3cret');
    expect((await ask('a.io/x')).words).toBe(`without credentials; ${join(home, 'config.json')}: not JSON`);
  });

  it('are looked for where podman keeps them, and then where docker does', async () => {
    const places = { env: { XDG_RUNTIME_DIR: '/run/user/1' }, home: '/home/me' };
    expect(credentialFiles('podman', places)).toEqual([
      '/run/user/1/containers/auth.json',
      '/home/me/.config/containers/auth.json',
      '/home/me/.docker/config.json',
    ]);
    env = { REGISTRY_AUTH_FILE: join(home, 'auth.json') };
    await writeFile(join(home, 'auth.json'), JSON.stringify({ auths: { 'docker.io': packed('me:x') } }));
    expect((await ask('redis', 'podman')).auth).toMatchObject({ username: 'me' });
  });
});
