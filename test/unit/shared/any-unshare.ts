/** Any form that the launcher can hold, any machine that it can stand on. */
import fc from 'fast-check';
import { NAMESPACE_TYPES } from '../../../shared/model.ts';
import { UNSHARE_FLAGS, UNSHARE_NAMESPACES } from '../../../shared/unshare-argv.ts';
import { PROPAGATIONS, SETGROUPS, type UnshareOptions, type UnshareSupport } from '../../../shared/unshare.ts';

const orNull = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(some, { nil: null });
const path = fc.constantFrom('/', '/tmp', '/srv/a b');

export const anyUnshareOptions: fc.Arbitrary<UnshareOptions> = fc.record({
  namespaces: fc.uniqueArray(fc.constantFrom(...NAMESPACE_TYPES)),
  files: fc.dictionary(fc.constantFrom(...NAMESPACE_TYPES), path),
  fork: fc.boolean(),
  killChild: fc.oneof(fc.boolean(), fc.constant('SIGTERM')),
  forwardSignals: fc.boolean(),
  mountProc: fc.oneof(fc.boolean(), path),
  mountBinfmt: fc.oneof(fc.boolean(), path),
  loadInterp: orNull(fc.constant(':x:E::x::/bin/x:')),
  clearEnv: fc.boolean(),
  whitelistEnv: orNull(fc.constantFrom('PATH', 'PATH,TERM')),
  owner: orNull(fc.constantFrom('0:0', 'root')),
  mapUser: orNull(fc.constantFrom('0', '1000', 'nobody')),
  mapGroup: orNull(fc.constantFrom('0', '1000', 'nogroup')),
  mapAuto: fc.boolean(),
  mapSubids: fc.boolean(),
  mapUsers: orNull(fc.constantFrom('auto', '100000,0,65536', 'x')),
  mapGroups: orNull(fc.constantFrom('auto', '100000,0,65536', 'x')),
  setgroups: orNull(fc.constantFrom(...SETGROUPS)),
  keepCaps: fc.boolean(),
  setuid: orNull(fc.nat()),
  setgid: orNull(fc.nat()),
  mapRootUser: fc.boolean(),
  mapCurrentUser: fc.boolean(),
  propagation: orNull(fc.constantFrom(...PROPAGATIONS)),
  monotonic: orNull(fc.integer({ min: -1e9, max: 1e9 })),
  boottime: orNull(fc.integer({ min: -1e9, max: 1e9 })),
  root: orNull(path),
  wd: orNull(path),
  program: fc.array(fc.oneof(fc.constantFrom('bash', '', '--', '-x', 'a b'), fc.string()), { maxLength: 3 }),
});

/** util-linux 2.38 on a kernel of today, as root. */
export const FULL_SUPPORT: UnshareSupport = {
  path: '/usr/bin/unshare',
  version: 'util-linux 2.38.1',
  options: [...UNSHARE_NAMESPACES, ...UNSHARE_FLAGS].map(({ option }) => option),
  types: [...NAMESPACE_TYPES],
  userNamespaces: { allowed: true, because: null },
  subordinateIds: { allowed: true, because: null },
  noneAllowed: [],
  uid: 0,
  setIds: { uid: true, gid: true },
  kernel: '6.18.0',
  sysAdmin: true,
  shell: '/bin/bash',
};

export const anySupport: fc.Arbitrary<UnshareSupport> = fc.record({
  path: orNull(fc.constant('/usr/bin/unshare')),
  version: orNull(fc.constant('util-linux 2.34')),
  options: fc.subarray([...FULL_SUPPORT.options]),
  types: fc.subarray([...NAMESPACE_TYPES]),
  userNamespaces: fc.constantFrom({ allowed: true, because: null }, { allowed: false, because: 'a sysctl' }),
  subordinateIds: fc.constantFrom({ allowed: true, because: null }, { allowed: false, because: 'no line' }),
  noneAllowed: fc.subarray([...NAMESPACE_TYPES]),
  uid: fc.constantFrom(0, 1000),
  setIds: fc.record({ uid: fc.boolean(), gid: fc.boolean() }),
  kernel: fc.constantFrom('', '5.10.0-23-amd64', '6.18.0'),
  sysAdmin: fc.boolean(),
  shell: fc.constant('/bin/sh'),
});
