/** Docker's contexts: named places, kept by the docker client. docs.docker.com, "Docker contexts". */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { field } from './field.ts';

export interface DockerContext {
  readonly name: string;
  readonly host: string;
  /** Folder with ca.pem, cert.pem, key.pem; `null` if the context has none. */
  readonly certPath: string | null;
  readonly verify: boolean;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Absent, closed or broken: the docker client's own files are not ours to complain about.
    return null;
  }
}

/** The name of the context in use: DOCKER_CONTEXT, else config.json's; `null` is the default one. */
export function currentContext(config: string, env: NodeJS.ProcessEnv): string | null {
  const name = env['DOCKER_CONTEXT'] || field(readJson(join(config, 'config.json')), 'currentContext');
  return typeof name === 'string' && name !== '' && name !== 'default' ? name : null;
}

/** Every context under the docker client's folder, by name. */
export function dockerContexts(config: string): readonly DockerContext[] {
  let folders: readonly string[];
  try {
    folders = readdirSync(join(config, 'contexts/meta'));
  } catch {
    return [];
  }
  const contexts = folders.flatMap((folder): DockerContext[] => {
    const meta = readJson(join(config, 'contexts/meta', folder, 'meta.json'));
    const name = field(meta, 'Name');
    const host = field(meta, 'Endpoints', 'docker', 'Host');
    if (typeof name !== 'string' || typeof host !== 'string' || host === '') return [];
    // Folders are named by the SHA-256 of the context's name.
    const certPath = join(config, 'contexts/tls', createHash('sha256').update(name).digest('hex'), 'docker');
    const verify = field(meta, 'Endpoints', 'docker', 'SkipTLSVerify') !== true;
    return [{ name, host, certPath: existsSync(certPath) ? certPath : null, verify }];
  });
  return contexts.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
