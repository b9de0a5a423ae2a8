/** What unshare(1) can do on this machine, asked of unshare itself and of the kernel's settings. */
import { execFile } from 'node:child_process';
import { userInfo, type UserInfo } from 'node:os';
import { capabilityBits } from '../../../shared/capabilities.ts';
import { NAMESPACE_TYPES, type NamespaceType } from '../../../shared/model.ts';
import type { Allowance, UnshareSupport } from '../../../shared/unshare.ts';
import { parsed } from '../parse/format-error.ts';
import { parseStatus } from '../parse/status.ts';
import { LinuxKernel, type Kernel } from '../read/kernel.ts';
import { onPath } from './environment.ts';

/** unshare --help takes a millisecond; a PATH on a hung network drive may take for ever. */
const TIMEOUT_MILLIS = 3000;

/** capabilities(7). */
const CAP_SETGID = 6;
const CAP_SETUID = 7;
const CAP_SYS_ADMIN = 21;

/** The output of a program, `''` if it fails or does not answer. Untranslated, for it is parsed. */
export const output = (path: string, ...args: string[]): Promise<string> =>
  new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MILLIS, killSignal: 'SIGKILL', env: { ...process.env, LC_ALL: 'C' } } as const;
    execFile(path, args, options, (error, stdout) => resolve(error === null ? stdout : ''));
  });

/** Long options that a help text lists, without dashes, in its order. nsenter's 2.38 says `-W. --wdns`. */
export const parseLongOptions = (help: string): readonly string[] => [
  ...new Set([...help.matchAll(/^ +(?:-\w[,.] +)?--([a-z][a-z-]*)/gm)].map(([, option]) => option ?? '')),
];

/** `unshare from util-linux 2.38.1` → `util-linux 2.38.1`. busybox and others say it their own way, or not at all. */
export const parseVersion = (text: string): string | null => /\bfrom (\S+ \S+)/.exec(text.trim())?.[1] ?? null;

/** Says which setting forbids user namespaces to this user, from the three places that can. */
export const userNamespacesAllowed = (kernel: Kernel, sysAdmin: boolean): UnshareSupport['userNamespaces'] => {
  const setting = (path: string): string | null => {
    const text = kernel.text(`/proc/sys/${path}`);
    return text.ok ? text.value.trim() : null;
  };
  const forbidden = (because: string) => ({ allowed: false, because });
  if (setting('user/max_user_namespaces') === '0') {
    return forbidden('user.max_user_namespaces is 0: no user namespace may be made on this machine.');
  }
  // Debian's patch; absent elsewhere.
  if (!sysAdmin && setting('kernel/unprivileged_userns_clone') === '0') {
    return forbidden('kernel.unprivileged_userns_clone is 0: only root may make a user namespace here.');
  }
  // Since Ubuntu 23.10 such a namespace can be made, but holds no capabilities, which fails as soon as it is used.
  if (!sysAdmin && setting('kernel/apparmor_restrict_unprivileged_userns') === '1') {
    return forbidden(
      'kernel.apparmor_restrict_unprivileged_userns is 1: AppArmor leaves a user namespace made by an ordinary user ' +
        'without capabilities.',
    );
  }
  return { allowed: true, because: null };
};

/**
 * Says whether a range of IDs can be mapped: newuidmap(1) writes the map, and only what subuid(5) gives this user. Root
 * is no exception to it.
 */
export const subordinateIdsAllowed = (
  kernel: Kernel,
  user: { readonly name: string | null; readonly uid: number },
  mapper: string | null,
): Allowance => {
  if (mapper === null) {
    return { allowed: false, because: 'newuidmap is not installed; it is part of the package uidmap.' };
  }
  const text = kernel.text('/etc/subuid');
  if (!text.ok && text.why !== 'absent') return { allowed: true, because: null }; // nobody knows; unshare will say
  const owners = text.ok ? text.value.split('\n').map((line) => line.split(':')[0]) : [];
  if (owners.includes(String(user.uid)) || (user.name !== null && owners.includes(user.name))) {
    return { allowed: true, because: null };
  }
  const who = user.name ?? `uid ${user.uid}`;
  return { allowed: false, because: `/etc/subuid has no line for ${who}, so there is no range to map; man 5 subuid.` };
};

/** Bit numbers of what the host process holds; none where that cannot be read. */
const heldCapabilities = (kernel: Kernel): readonly number[] => {
  const status = parsed(kernel.record('/proc/self/status'), parseStatus);
  return status.ok ? capabilityBits(status.value.capabilities.effective) : [];
};

const noneAllowed = (kernel: Kernel): readonly NamespaceType[] =>
  NAMESPACE_TYPES.filter((type) => {
    const most = kernel.text(`/proc/sys/user/max_${type}_namespaces`);
    return most.ok && most.value.trim() === '0';
  });

const namespaceTypes = (kernel: Kernel): readonly NamespaceType[] => {
  const links = kernel.list('/proc/self/ns');
  return links.ok ? NAMESPACE_TYPES.filter((type) => links.value.includes(type)) : [];
};

/** `null` for a uid without an entry in passwd. */
const passwdEntry = (): UserInfo<string> | null => {
  try {
    return userInfo();
  } catch {
    return null;
  }
};

/** As unshare(1) and login(1) choose it. */
export const shellOf = (env: NodeJS.ProcessEnv): string => env['SHELL'] || passwdEntry()?.shell || '/bin/sh';

/** Read anew at each call: settings change, packages come and go. Never rejects. */
export const unshareSupport = async (
  kernel: Kernel = new LinuxKernel(),
  env: NodeJS.ProcessEnv = process.env,
): Promise<UnshareSupport> => {
  const path = onPath('unshare', env);
  const [help, version] =
    path === null ? ['', ''] : await Promise.all([output(path, '--help'), output(path, '--version')]);
  const held = heldCapabilities(kernel);
  const sysAdmin = held.includes(CAP_SYS_ADMIN);
  const release = kernel.text('/proc/sys/kernel/osrelease');
  const uid = process.geteuid?.() ?? -1;
  return {
    path,
    version: parseVersion(version),
    options: parseLongOptions(help),
    types: namespaceTypes(kernel),
    userNamespaces: userNamespacesAllowed(kernel, sysAdmin),
    subordinateIds: subordinateIdsAllowed(
      kernel,
      { name: passwdEntry()?.username ?? null, uid },
      onPath('newuidmap', env),
    ),
    noneAllowed: noneAllowed(kernel),
    uid,
    setIds: { uid: held.includes(CAP_SETUID), gid: held.includes(CAP_SETGID) },
    kernel: release.ok ? release.value.trim() : '',
    sysAdmin,
    shell: shellOf(env),
  };
};
