/**
 * What Porthole writes for the options of newer util-linux, run with newer ones: those of the Debian releases after this
 * machine's. Nothing here outlives its command.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readlinkSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nsenterSupport } from '../../electron/host/shells/nsenter-support.ts';
import { unshareSupport } from '../../electron/host/shells/unshare-support.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import { NSENTER_FLAGS, NSENTER_NAMESPACES, nsenterArgv } from '../../shared/nsenter-argv.ts';
import { NO_NSENTER } from '../../shared/nsenter-presets.ts';
import type { NsenterOptions } from '../../shared/nsenter.ts';
import { unshareAdvice } from '../../shared/unshare-advice.ts';
import { UNSHARE_FLAGS, UNSHARE_NAMESPACES, unshareArgv } from '../../shared/unshare-argv.ts';
import { NO_UNSHARE, UNSHARE_PRESETS } from '../../shared/unshare-presets.ts';
import type { UnshareOptions } from '../../shared/unshare.ts';
import { isBefore } from '../../shared/util-linux.ts';
import { newerUtilLinux, type NewerUtilLinux } from '../lab/newer-util-linux.ts';

const had = async (suite: string): Promise<NewerUtilLinux | string> => {
  if (process.getuid?.() !== 0) return 'it needs root';
  if (process.platform !== 'linux') return 'it is for Linux';
  return newerUtilLinux(suite).catch((error: unknown) => String((error as Error).message).split('\n')[0] ?? '');
};
/** A binfmt_misc for each user namespace: since Linux 6.7. */
const [major = 0, minor = 0] = release().split('.').map(Number);
const hasBinfmt = major > 6 || (major === 6 && minor >= 7);
/** In a user namespace of its own, with a /proc of its own. */
const SANDBOX: Partial<UnshareOptions> = { namespaces: ['mnt', 'pid', 'user'], fork: true, mapRootUser: true };
const INTERPRETER = String.raw`:porthole:M::\x7fELFX::/bin/cat:`;

for (const suite of ['trixie', 'sid']) {
  const newer = await had(suite);
  const why = typeof newer === 'string' ? ` (cannot run: ${newer})` : '';

  describe.skipIf(typeof newer === 'string')(`util-linux of ${suite}${why}`, async () => {
    if (typeof newer === 'string') return;
    const env = { ...process.env, PATH: newer.path, LC_ALL: 'C' };
    const unshare = await unshareSupport(new LinuxKernel(), env);
    const nsenter = await nsenterSupport(env);
    const folder = mkdtempSync(join(tmpdir(), 'porthole-newer-kept-'));
    const children: ChildProcess[] = [];
    afterAll(async () => {
      for (const child of children) {
        const closed = once(child, 'close');
        child.stdin?.end();
        await closed;
      }
      rmSync(folder, { recursive: true });
      await newer.remove();
    });

    const run = ([program = '', ...args]: readonly string[]): { status: number | null; text: string } => {
      const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 20_000, cwd: '/', env });
      return { status, text: `${stdout}${stderr}`.trim().replace(/[ \t]+/g, ' ').replace(/^ /gm, '') }; // prettier-ignore
    };
    const made = (options: Partial<UnshareOptions>, script: string) =>
      run(unshareArgv({ ...NO_UNSHARE, ...options, program: ['sh', '-c', script] }));
    const errors = (options: Partial<UnshareOptions>) =>
      unshareAdvice({ ...NO_UNSHARE, ...options }, unshare).filter(({ level }) => level === 'error');

    it('is newer, and tells what it can do', () => {
      expect(isBefore(unshare.version, 2, 39)).toBe(false);
      expect(unshare.version).toMatch(/^util-linux \d/);
      expect(nsenter.version).toBe(unshare.version);
      expect(nsenter.follows).toBe(true);
    });

    it('has no option that is not offered', () => {
      const offered = [...UNSHARE_NAMESPACES, ...UNSHARE_FLAGS].map(({ option }) => option);
      expect(unshare.options.filter((option) => !offered.includes(option))).toEqual(['help', 'version']);
      const entered = ['target', ...[...NSENTER_NAMESPACES, ...NSENTER_FLAGS].map(({ option }) => option)];
      // Joining cgroups is offered in Porthole's own way, which works with v1, too.
      const others = ['join-cgroup', 'help', 'version'];
      expect(nsenter.options.filter((option) => !entered.includes(option))).toEqual(others);
    });

    it.each(UNSHARE_PRESETS)('starts the preset $name', ({ options }) => {
      expect(errors(options)).toEqual([]);
      expect(made(options, 'echo started')).toEqual({ status: 0, text: 'started' });
    });

    it.each<[string, Partial<UnshareOptions>, string, string | RegExp]>([
      ['a map of one', { mapUsers: '0:0:1' }, 'cat /proc/self/uid_map', '0 0 1'],
      ['several maps', { mapUsers: '0:0:1 1:100000:10', mapGroups: '0:0:1 7:100007:2' }, 'cat /proc/self/uid_map /proc/self/gid_map', '0 0 1\n1 100000 10\n0 0 1\n7 100007 2'], // prettier-ignore
      ['a map as it was written before', { mapUsers: '5,0,1' }, 'cat /proc/self/uid_map', '0 5 1'],
      ['all that there are', { mapUsers: 'all', mapGroups: 'all' }, 'cat /proc/self/uid_map', '0 0 4294967295'],
      ['no map at all', { mapUsers: 'x' }, 'true', /invalid mapping|could not parse/],
      ['half a map', { mapUsers: '0:0:1 1:100000' }, 'true', /invalid mapping|could not parse/],
      ['another user', { setuid: 5, setgid: 6 }, 'id -u; id -g', '5\n6'],
      [
        'capabilities that are kept',
        { mapUser: '7', keepCaps: true },
        'grep CapAmb /proc/self/status',
        /^CapAmb: 0*[1-9a-f]/,
      ],
      ['a user by name', { mapUser: 'daemon' }, 'id -u', '1'],
      ['a signal by name', { killChild: 'SIGTERM' }, 'echo on', 'on'],
      ['a child that is told of the end', { forwardSignals: true }, 'trap "echo told; exit 0" TERM; while :; do kill -TERM $PPID; sleep 0.1; done', 'told'], // prettier-ignore
      ['an owner who is mapped', { owner: '1000:1000', mapUsers: '0:1000:1', mapGroups: '0:1000:1' }, 'id -u; id -g', '0\n0'], // prettier-ignore
      ['an owner who is not', { owner: '1000:1000', mapRootUser: true }, 'id -u', '65534'],
      ['an owner who becomes root', { owner: '1000:1000', mapRootUser: true, setuid: 0 }, 'id -u', '0'],
      ['an owner by name', { owner: 'daemon:daemon' }, 'true', /failed to parse owner/],
      ['a place for binfmt_misc', { ...SANDBOX, mountBinfmt: '/mnt' }, 'ls /mnt', 'register\nstatus'],
      [
        'binfmt_misc in its place',
        { ...SANDBOX, mountBinfmt: true },
        'ls /proc/sys/fs/binfmt_misc',
        'register\nstatus',
      ],
      [
        'binfmt_misc without a PID namespace',
        { mapRootUser: true, mountBinfmt: true },
        'true',
        /Operation not permitted/,
      ],
      ['an interpreter', { ...SANDBOX, loadInterp: INTERPRETER }, 'grep interp /proc/sys/fs/binfmt_misc/porthole', 'interpreter /bin/cat'], // prettier-ignore
      [
        'an interpreter of nobody’s',
        { ...SANDBOX, mapRootUser: false, loadInterp: INTERPRETER },
        'true',
        /Permission denied/,
      ],
      ['a clock', { namespaces: ['time'], monotonic: 5, boottime: 7 }, 'cat /proc/self/timens_offsets', 'monotonic 5 0\nboottime 7 0'], // prettier-ignore
      ['no environment', { clearEnv: true }, 'echo ${HOME-none}', 'none'],
      ['one variable', { whitelistEnv: 'PATH' }, 'echo ${PATH:+some} ${HOME-none}', 'some none'],
    ])('makes of %s what is said of it', (_, options, script, said) => {
      const { status, text } = made(options, script);
      const flag = UNSHARE_FLAGS.find(
        ({ flag, option }) =>
          options[flag] !== undefined && options[flag] !== false && !unshare.options.includes(option),
      );
      const foretold = errors(options);
      if (flag !== undefined) {
        expect(foretold).toContainEqual(expect.objectContaining({ title: `--${flag.option} is not known` }));
        expect([status, text]).toEqual([1, expect.stringContaining(`unrecognized option '--${flag.option}`)]);
      } else if ((options.mountBinfmt || options.loadInterp) && !hasBinfmt) {
        expect(status).toBe(1);
      } else {
        expect(text).toEqual(typeof said === 'string' ? said : expect.stringMatching(said));
        expect(foretold.length === 0).toBe(status === 0);
      }
    });

    it.each<Partial<UnshareOptions>>([
      { mapAuto: true },
      { mapSubids: true },
      { mapUsers: 'auto' },
      { mapUsers: 'subids' },
    ])('foretells whether there is a range for %j', (options) => {
      const known = Object.keys(options).every((flag) =>
        unshare.options.includes(UNSHARE_FLAGS.find((one) => one.flag === flag)?.option ?? ''),
      );
      if (known) expect(errors(options).length === 0).toBe(made(options, 'true').status === 0);
      else expect(errors(options)).not.toEqual([]);
    });

    it('keeps a new namespace by a file', () => {
      const file = join(folder, 'uts');
      writeFileSync(file, '');
      try {
        const { text } = made({ namespaces: ['uts'], files: { uts: file } }, 'readlink /proc/self/ns/uts');
        expect(text).toBe(`uts:[${statSync(file).ino}]`);
        const back = run(nsenterArgv({ ...NO_NSENTER, namespaces: ['uts'], files: { uts: file }, program: ['readlink', '/proc/self/ns/uts'] })); // prettier-ignore
        expect(back).toEqual({ status: 0, text });
      } finally {
        run(['umount', file]);
      }
    });

    it('keeps one in a user namespace where it is said to', () => {
      const file = join(folder, 'sandboxed');
      writeFileSync(file, '');
      const options: Partial<UnshareOptions> = { namespaces: ['uts', 'user'], mapRootUser: true, files: { uts: file } };
      try {
        expect(errors(options).length === 0).toBe(made(options, 'true').status === 0);
      } finally {
        run(['umount', file]);
      }
    });

    describe('nsenter', () => {
      const targets = { other: 0, socket: 0, nested: 0, rooted: 0 };
      let socket = 0;
      /** With the tools of this machine; says a number when it is there, and stays until its input ends. */
      const begin = async (
        argv: readonly string[],
        more: NodeJS.ProcessEnv = {},
      ): Promise<[pid: number, said: number]> => {
        const [program = '', ...args] = argv;
        const child = spawn(program, args, {
          stdio: ['pipe', 'pipe', 'inherit'],
          env: { ...process.env, ...more },
          cwd: '/usr',
        });
        children.push(child);
        const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
        return [child.pid!, Number(line)];
      };
      beforeAll(async () => {
        const stay = ['sh', '-c', 'echo 1; exec cat'];
        const daemon = ['setpriv', '--reuid=12', '--regid=7', '--clear-groups'];
        [targets.other] = await begin(['unshare', '--net', '--uts', ...daemon, ...stay], { GREETING: 'good day' });
        [targets.rooted] = await begin(['unshare', '--user', '--map-root-user', '--net', ...stay]);
        const twice = ['unshare', '--user', '--map-root-user'];
        [targets.nested] = await begin([...twice, ...twice, '--net', ...stay]);
        const bound = `const s = require('dgram').createSocket('udp4');
          s.bind(0, '0.0.0.0', () => console.log(s._handle.fd)); process.stdin.on('end', () => s.close()).resume();`;
        [targets.socket, socket] = await begin(['unshare', '--net', process.execPath, '-e', bound], {
          NODE_NO_WARNINGS: '1',
        });
      });

      const enter = (target: keyof typeof targets, options: Partial<NsenterOptions>, script: string) =>
        run(nsenterArgv({ ...NO_NSENTER, target: `${targets[target]}@1`, ...options, program: ['sh', '-c', script] }));
      const linkOf = (target: keyof typeof targets, type: string) =>
        readlinkSync(`/proc/${targets[target]}/ns/${type}`);

      it('follows the target’s user and group, which it does by no bare option, whatever its help says', () => {
        expect(enter('other', { namespaces: ['net'], setuid: 'follow', setgid: 'follow' }, 'id -u; id -g')).toEqual({
          status: 0,
          text: '12\n7',
        });
        const bare = run(['nsenter', '--target', String(targets.other), '--net', '--setuid', 'id']);
        expect(bare).toEqual({ status: 1, text: expect.stringContaining('failed to parse uid') });
      });

      it('takes its environment and its directory, and one inside', () => {
        expect(enter('other', { namespaces: ['uts'], env: true, wd: true }, 'echo $GREETING; pwd').text).toBe(
          `good day\n${realpathSync('/usr')}`,
        );
        expect(enter('other', { namespaces: ['uts'], wdns: '/tmp' }, 'pwd').text).toBe('/tmp');
      });

      it('enters all, and nothing twice', () => {
        const { text } = enter('rooted', { all: true }, 'readlink /proc/self/ns/net /proc/self/ns/user');
        expect(text).toBe(`${linkOf('rooted', 'net')}\n${linkOf('rooted', 'user')}`);
      });

      it('keeps the capabilities of a user namespace', () => {
        const look = 'grep CapEff /proc/self/status';
        const kept = {
          namespaces: ['user'],
          preserveCredentials: true,
          keepCaps: true,
        } satisfies Partial<NsenterOptions>;
        expect(enter('rooted', kept, look).text).toMatch(/^CapEff: 0*[1-9a-f]/);
      });

      it('enters by a socket where it knows how', () => {
        const { status, text } = enter('socket', { netSocket: socket }, 'readlink /proc/self/ns/net');
        expect([status, text]).toEqual([0, linkOf('socket', 'net')]);
      });

      it('enters the user namespace above, and none where the kernel gives none', () => {
        const { text } = enter('nested', { userParent: true, namespaces: ['net'] }, 'readlink /proc/self/ns/user');
        expect(text).toMatch(/^user:/);
        expect([linkOf('nested', 'user'), readlinkSync('/proc/self/ns/user')]).not.toContain(text);
        expect(enter('rooted', { userParent: true }, 'true').text).toMatch(/Invalid argument$/);
        expect(enter('other', { userParent: true }, 'true').text).toMatch(/Operation not permitted$/);
      });

      it('takes the number of a namespace in place of its file from 2.42 on', () => {
        const { status, text } = run(nsenterArgv({ ...NO_NSENTER, namespaces: ['net'], files: { net: ':x' }, program: ['true'] })); // prettier-ignore
        expect(status).toBe(1);
        expect(text).toMatch(isBefore(nsenter.version, 2, 42) ? /cannot open :x/ : /failed to parse nsid/);
      });
    });
  });
}
