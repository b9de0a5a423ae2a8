/** An unshare and an nsenter newer than this machine's, as programs that can be started by name. */
import { access, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { newerPackages } from './newer-debian.ts';

/** With the libraries that they are linked with: this machine's may be too old for them. */
const PACKAGES = ['util-linux', 'libc6', 'libselinux1', 'libpcre2-8-0'];

export interface NewerUtilLinux {
  readonly suite: string;
  /** For the environment: it finds these two before this machine's own. */
  readonly path: string;
  remove(): Promise<void>;
}

/** The loader and the folder of its libraries, whatever the architecture calls them. */
const loaderIn = (folder: string): { loader: string; libraries: string } => {
  const lib = join(folder, 'usr/lib');
  for (const name of readdirSync(lib)) {
    if (!name.includes('-linux-')) continue;
    const libraries = join(lib, name);
    const loader = readdirSync(libraries).find((file) => /^ld(-linux.*|64)?\.so\.\d+$/.test(file));
    if (loader !== undefined) return { loader: join(libraries, loader), libraries };
  }
  throw new Error(`there is no loader in ${lib}`);
};

/** Rejects, with the reason in its first line, where the suite cannot be had. */
export const newerUtilLinux = async (suite: string): Promise<NewerUtilLinux> => {
  const folder = await newerPackages(suite, PACKAGES);
  const { loader, libraries } = loaderIn(folder);
  const bin = await mkdtemp(join(tmpdir(), 'porthole-newer-'));
  for (const name of ['unshare', 'nsenter']) {
    const program = join(folder, 'usr/bin', name);
    await access(program);
    await writeFile(
      join(bin, name),
      `#!/bin/sh\nexec '${loader}' --library-path '${libraries}' --argv0 ${name} '${program}' "$@"\n`,
    );
    await chmod(join(bin, name), 0o755);
  }
  return {
    suite,
    path: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    remove: () => rm(bin, { recursive: true, force: true }),
  };
};
