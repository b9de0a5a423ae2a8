/** Each sentence of the advice on unshare(1), tried with the real one. Nothing here outlives its command. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pathLooks } from '../../electron/host/shells/path-looks.ts';
import { unshareSupport } from '../../electron/host/shells/unshare-support.ts';
import { unshareAdvice, type Advice } from '../../shared/unshare-advice.ts';
import { unsharePaths } from '../../shared/unshare-advice-paths.ts';
import { UNSHARE_FLAGS, UNSHARE_NAMESPACES, unshareArgv } from '../../shared/unshare-argv.ts';
import { NO_UNSHARE, UNSHARE_PRESETS } from '../../shared/unshare-presets.ts';
import type { UnshareOptions } from '../../shared/unshare.ts';

const support = await unshareSupport();
const asRoot = support.sysAdmin && process.getuid?.() === 0;
const why = asRoot ? '' : ' (cannot run: needs root with CAP_SYS_ADMIN)';

/** A file of ours that a namespace could be mounted on. */
const folder = mkdtempSync(join(tmpdir(), 'porthole-kept-'));
const KEPT = join(folder, 'ns');
writeFileSync(KEPT, '');
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly status: number | null;
  readonly text: string;
}
const run = (options: Partial<UnshareOptions>, script: string, as: readonly string[] = []): Ran => {
  const argv = [...as, ...unshareArgv({ ...NO_UNSHARE, ...options, program: ['sh', '-c', script] })];
  const [file = '', ...args] = argv;
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', timeout: 10_000, cwd: '/' });
  return { status, text: `${stdout}${stderr}`.trim() };
};
const NOBODY = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--inh-caps', '-all'];
const levels = (options: Partial<UnshareOptions>, like = support): Advice['level'][] =>
  unshareAdvice({ ...NO_UNSHARE, ...options }, like).map(({ level }) => level);

it('this machine tells what its unshare can do', () => {
  expect(support).toMatchObject({
    path: expect.stringMatching(/\/unshare$/),
    version: expect.stringMatching(/^util-linux 2/),
  });
  expect(support.options).toEqual(expect.arrayContaining(['mount', 'pid', 'fork', 'mount-proc', 'map-root-user']));
  expect(support.types).toEqual(expect.arrayContaining(['mnt', 'pid', 'user']));
  expect(support.shell).toMatch(/^\//);
});

it('offers all that the installed unshare has', () => {
  const offered = [...UNSHARE_NAMESPACES, ...UNSHARE_FLAGS].map(({ option }) => option);
  expect(support.options.filter((option) => !offered.includes(option))).toEqual(['help', 'version']);
});

describe.skipIf(!asRoot)(`what is said to be refused is refused${why}`, () => {
  it.each<[Partial<UnshareOptions>, RegExp]>([
    [{ boottime: 60 }, /require unsharing of a time namespace/],
    [{ mapRootUser: true, mountProc: true }, /mount \/proc failed: Operation not permitted/],
    [{ mapRootUser: true, namespaces: ['pid'], mountProc: true }, /mount \/proc failed: Operation not permitted/],
    [{ setgroups: 'deny' }, /setgroups: Operation not permitted/],
    [{ mapRootUser: true, setgroups: 'allow' }, /mutually exclusive/],
    [{ mapRootUser: true, setuid: 1000 }, /setuid failed: Invalid argument/],
    [{ namespaces: ['user'], setuid: 0 }, /setuid failed: Invalid argument/],
    [{ mapRootUser: true, setgid: 0 }, /setgroups failed: Operation not permitted/],
    [{ mapUsers: 'x' }, /could not parse|invalid mapping/],
    [{ mapRootUser: true, namespaces: ['uts'], files: { uts: KEPT } }, /Operation not permitted/],
    [{ namespaces: ['pid'], files: { pid: KEPT } }, /ns\/pid_for_children on .* failed/],
  ])('%j', (options, text) => {
    expect(levels(options)[0]).toBe('error');
    const ran = run(options, 'true');
    expect(ran.text).toMatch(text);
    expect(ran.status).toBe(1);
  });

  it.each<[Partial<UnshareOptions>]>([[{ namespaces: ['net'] }], [{ root: '/' }]])(
    '%j to an ordinary user',
    (options) => {
      expect(levels(options, { ...support, sysAdmin: false })[0]).toBe('error');
      const ran = run(options, 'true', NOBODY);
      expect(ran.status).toBe(1);
      expect(ran.text).toMatch(/Operation not permitted$/);
      const mended = { ...options, namespaces: [...(options.namespaces ?? []), 'user' as const], mapRootUser: true };
      expect(run(mended, 'true', NOBODY)).toEqual({ status: 0, text: '' });
    },
  );
});

describe.skipIf(!asRoot)(`files that are not there${why}`, () => {
  it.each<Partial<UnshareOptions>>([
    { root: '/not there' },
    { wd: '/not there' },
    { root: '/usr', wd: '/etc/not there' },
    { root: KEPT },
    { namespaces: ['uts'], files: { uts: join(folder, 'none') } },
    { namespaces: ['uts'], files: { uts: folder } },
  ])('%j is refused, as foretold', async (options) => {
    const looks = new Map((await pathLooks(unsharePaths({ ...NO_UNSHARE, ...options }))).map((one) => [one.path, one]));
    const [error] = unshareAdvice({ ...NO_UNSHARE, ...options }, support, (path) => looks.get(path) ?? null);
    const errno = /(No such file or directory|Not a directory)”/.exec(error?.text ?? '')?.[1] ?? 'nothing was foretold';
    expect(run(options, 'true')).toEqual({ status: 1, text: expect.stringContaining(errno) });
  });
});

describe.skipIf(!asRoot)(`a new namespace in a new user namespace${why}`, () => {
  it('is kept by a file where a child mounts it, as it does with a mount namespace', () => {
    const options: Partial<UnshareOptions> = { mapRootUser: true, namespaces: ['mnt', 'uts'], files: { uts: KEPT } };
    expect(levels(options)).not.toContain('error');
    try {
      expect(run(options, 'readlink /proc/self/ns/uts').text).toBe(`uts:[${statSync(KEPT).ino}]`);
    } finally {
      spawnSync('umount', [KEPT]);
    }
  });
});

describe.skipIf(!asRoot)(`what is said of another user or group without privilege${why}`, () => {
  const nobody = { ...support, sysAdmin: false, uid: 65534, setIds: { uid: false, gid: false } };
  it.each<[Partial<UnshareOptions>, RegExp]>([
    [{ setuid: 5 }, /setuid(\(\))? failed: Operation not permitted$/],
    [{ setgid: 65534 }, /setgroups failed: Operation not permitted$/],
  ])('%j is refused', (options, text) => {
    expect(levels(options, nobody)).toEqual(['error']);
    expect(run(options, 'true', NOBODY)).toEqual({ status: 1, text: expect.stringMatching(text) });
  });

  it('--setuid to what one is already is not', () => {
    expect(levels({ setuid: 65534 }, nobody)).toEqual([]);
    expect(run({ setuid: 65534 }, 'id -u', NOBODY)).toEqual({ status: 0, text: '65534' });
  });
});

describe.skipIf(!asRoot)(`what is said to surprise does${why}`, () => {
  it('--pid without --fork: the second command fails', () => {
    expect(run({ namespaces: ['pid'] }, '/bin/true; /bin/true; echo on').text).toMatch(/Cannot (allocate memory|fork)/);
  });

  it('--pid without --mount-proc: /proc still shows the others', () => {
    const old = run({ namespaces: ['pid'], fork: true }, 'set -- /proc/[0-9]*; echo $#');
    const own = run({ namespaces: ['pid'], fork: true, mountProc: true }, 'set -- /proc/[0-9]*; echo $#');
    expect(Number(old.text)).toBeGreaterThan(5);
    expect(Number(own.text)).toBeLessThan(5);
  });

  it('--mount-proc without --pid: the same processes', () => {
    expect(Number(run({ mountProc: true }, 'set -- /proc/[0-9]*; echo $#').text)).toBeGreaterThan(5);
  });

  it('--user without a map: nobody, without capabilities', () => {
    const { text } = run({ namespaces: ['user'] }, 'id -u; grep CapEff /proc/self/status');
    expect(text).toBe('65534\nCapEff:\t0000000000000000');
  });

  it('both maps: the last counts, and that is the current user', () => {
    expect(run({ mapRootUser: true, mapCurrentUser: true }, 'id -u', NOBODY).text).toBe('65534');
    expect(run({ mapRootUser: true }, 'id -u', NOBODY).text).toBe('0');
  });

  it('--kill-child forks', () => {
    const parent = run({ killChild: true }, 'cat /proc/$PPID/comm; true').text;
    expect(parent).toBe('unshare');
    expect(run({}, 'cat /proc/$PPID/comm; true').text).not.toBe('unshare');
  });
});

describe.skipIf(!asRoot)(`every preset starts${why}`, () => {
  it.each(UNSHARE_PRESETS)('$name', ({ options }) => {
    expect(run(options, 'echo started')).toEqual({ status: 0, text: 'started' });
  });

  it('and Another boot time moves the clock by its day', () => {
    const options = UNSHARE_PRESETS.find(({ id }) => id === 'another-boot-time')?.options;
    const uptime = (ran: Ran): number => Number(ran.text.split(/[ .]/)[0]);
    const moved = uptime(run(options ?? {}, 'cat /proc/uptime')) - uptime(run({}, 'cat /proc/uptime'));
    expect(Math.abs(moved - 86_400)).toBeLessThanOrEqual(2);
  });
});
