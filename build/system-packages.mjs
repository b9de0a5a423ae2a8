/**
 * What the tests need of the system, on Debian and Ubuntu: real engines and a real browser, and the programs that
 * Porthole's answers are compared with.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

const PACKAGES = [
  'docker.io',
  'chromium',
  'redis-server',
  'busybox-static',
  'iptables',
  'iproute2',
  'psmisc',
  'libcap2-bin',
  'util-linux',
  'procps',
  'gcc',
  'libc6-dev',
  'podman',
  'uidmap',
  'runc',
  'containernetworking-plugins',
  'qemu-system-x86',
];

/** Services that the packages bring. What the tests need of them they start themselves, in a namespace of its own. */
const UNITS = [
  'docker.service',
  'docker.socket',
  'containerd.service',
  'redis-server.service',
  'podman.service',
  'podman.socket',
  'podman-restart.service',
  'podman-auto-update.timer',
];

/** While this file says 101, Debian starts no service that a package brings; man 8 invoke-rc.d. */
const POLICY = '/usr/sbin/policy-rc.d';

const APT_MILLIS = 8 * 60_000;
const APT = [
  '-q',
  '-y',
  '-o',
  'Acquire::http::Timeout=20',
  '-o',
  'Acquire::Retries=1',
  '-o',
  'DPkg::Lock::Timeout=120',
];

/**
 * @param {string} status lines of package and status, as `dpkg-query -W -f '${Package} ${db:Status-Status}\n'` prints them
 * @returns {string[]} those of the packages that are not installed
 */
export const missingPackages = (status) => {
  const lines = new Set(status.split('\n'));
  return PACKAGES.filter((name) => !lines.has(`${name} installed`));
};

/** @param {readonly string[]} args */
const apt = (args) => {
  const { status, error } = spawnSync('apt-get', [...APT, ...args], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: APT_MILLIS,
  });
  if (error) return `apt-get ${args[0]}: ${error.message}`;
  return status === 0 ? null : `apt-get ${args[0]} ended with code ${status}`;
};

/** @param {readonly string[]} names */
const available = (names) =>
  names.filter((name) => {
    const { stdout } = spawnSync('apt-cache', ['policy', name], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    });
    return /^ {2}Candidate: (?!\(none\))/m.test(stdout ?? '');
  });

/** @returns {string[]} those of the services that start with the machine; none where there is no systemd */
const enabledUnits = () =>
  UNITS.filter((unit) => spawnSync('systemctl', ['is-enabled', unit], { stdio: 'ignore' }).status === 0);

/**
 * Installs without starting any service, now or with the machine: it must not run other things because tests ran on it.
 * @param {readonly string[]} names
 * @returns {string | null} why it failed
 */
const install = (names) => {
  const before = enabledUnits();
  const ours = !existsSync(POLICY);
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return apt(['install', '--no-install-recommends', ...names]);
  } finally {
    if (ours) rmSync(POLICY, { force: true });
    const added = enabledUnits().filter((unit) => !before.includes(unit));
    if (added.length > 0) spawnSync('systemctl', ['disable', '--quiet', ...added], { stdio: ['ignore', 2, 2] });
  }
};

/**
 * Installs what is missing where that is possible and allowed.
 * @returns {string | null} what is missing still, and why; the suites that need it say so themselves
 */
export const ensureSystemPackages = () => {
  const query = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\\n', ...PACKAGES], {
    encoding: 'utf8',
  });
  if (query.error) return 'no system packages were installed, because this is neither Debian nor Ubuntu';
  const missing = missingPackages(query.stdout);
  if (missing.length === 0) return null;
  const list = missing.join(' ');
  if (process.env['PORTHOLE_NO_APT'] === '1') return `not installed, because PORTHOLE_NO_APT=1: ${list}`;
  if (process.getuid?.() !== 0) return `not installed, because only root may: ${list}`;
  console.error(`Installing system packages: ${list}`);
  const stale = apt(['update']);
  const names = available(missing);
  if (names.length === 0) return `not installed, because ${stale ?? 'no source offers them'}: ${list}`;
  const failed = install(names);
  if (failed !== null) return `not installed, because ${failed}: ${list}`;
  const absent = missing.filter((name) => !names.includes(name));
  return absent.length === 0 ? null : `not installed, because no source offers them: ${absent.join(' ')}`;
};
