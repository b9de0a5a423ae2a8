/** The line that is shown and the request that is sent are one: what the docker client makes of the line is the request. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProfile } from '../../electron/host/engines/seccomp-profile.ts';
import { createBody } from '../../shared/run-body.ts';
import { plainRun, runArgv, RunOptions } from '../../shared/run-container.ts';
import { anyRun } from '../unit/shared/any-run.ts';
import { startListening, type ListeningDaemon } from './docker-client.ts';

const reason = ((): string | null => {
  try {
    execFileSync('docker', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'there is no docker client (Debian: docker.io)';
  }
})();

/** Without what says nothing: the client spells out every field there is. */
const said = (value: unknown): unknown => {
  if (value === null || value === '' || value === 0 || value === false) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value)
    .map(([key, inner]) => [
      key,
      key === 'ExposedPorts' || key === 'PortBindings' || key === 'Volumes' || key === 'Tmpfs' || key === 'Labels'
        ? inner
        : said(inner),
    ])
    .filter(([, inner]) => inner !== undefined && JSON.stringify(inner) !== '{}');
  return entries.length === 0 ? undefined : Object.fromEntries(entries as [string, unknown][]);
};
// What the client adds about itself: the size of its terminal, and the network once more.
const ofClient = (body: unknown): unknown => {
  const { NetworkingConfig: _, HostConfig, ...rest } = body as Record<string, unknown>;
  const { ConsoleSize: __, ...host } = HostConfig as Record<string, unknown>;
  return ordered(said({ ...rest, HostConfig: host }));
};
// The client keeps variables and binds in maps of Go's, which have no order; before 23.0 it left capabilities as typed.
const ordered = (body: unknown): unknown => {
  const { HostConfig, Env, ...rest } = body as { Env?: string[]; HostConfig: Record<string, string[] | undefined> };
  const bare = (names?: string[]): string[] => [...new Set(names?.map((name) => name.replace(/^CAP_/, '')))].toSorted();
  const { Binds, CapAdd, CapDrop, Ulimits, ...host } = HostConfig;
  return {
    ...rest,
    Env: Env?.toSorted(),
    HostConfig: {
      ...host,
      Ulimits: Ulimits?.map((limit) => JSON.stringify(limit, ['Name', 'Soft', 'Hard'])).toSorted(),
      Binds: Binds?.toSorted(),
      CapAdd: bare(CapAdd),
      CapDrop: bare(CapDrop),
    },
  };
};

describe.skipIf(reason !== null)(`docker run${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let daemon: ListeningDaemon;
  beforeAll(async () => {
    daemon = await startListening();
  });
  afterAll(() => daemon?.close());

  const holds = async (options: RunOptions): Promise<void> => {
    expect(v.is(RunOptions, options)).toBe(true);
    const { name, body } = await daemon.asked(runArgv(options));
    expect(name).toBe(options.name);
    expect(ordered(said(createBody(options)))).toEqual(ofClient(body));
  };

  it('of a mere image is what the client asks for', () => holds(plainRun('redis:alpine')));

  it('of a seccomp profile is what is in its file', async () => {
    const seccomp = fileURLToPath(new URL('seccomp/profile.json', import.meta.url));
    const { body } = await daemon.asked(runArgv({ ...plainRun('redis'), seccomp }));
    const { HostConfig } = createBody({ ...plainRun('redis'), seccomp }, await readProfile(seccomp));
    expect(HostConfig.SecurityOpt).toEqual((body as { HostConfig: { SecurityOpt: string[] } }).HostConfig.SecurityOpt);
  });

  it('of any form is what the client asks for', { timeout: 120_000 }, async () => {
    await fc.assert(fc.asyncProperty(anyRun, holds), { numRuns: 60 });
  });
});
