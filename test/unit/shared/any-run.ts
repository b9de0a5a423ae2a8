/** Any form of a run that the schema takes. */
import fc from 'fast-check';
import { CAPABILITIES } from '../../../shared/capabilities.ts';
import { plainRun, type RunOptions } from '../../../shared/run-container.ts';
import { PROPAGATIONS, ULIMITS, type VolumeMode } from '../../../shared/run-parts.ts';

const word = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' });
const anyText = fc.string({ maxLength: 12, unit: 'grapheme' }).filter((text) => !text.includes('\0'));
const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{1,8}$/);
const path = fc.stringMatching(/^(?:\/[a-z0-9 $]{1,4}){1,2}$/);
const shared = name.map((container) => ({ container }));
const nullable = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const capabilities = fc.uniqueArray(fc.constantFrom('ALL', ...CAPABILITIES.map(({ name }) => name)), { maxLength: 4 });
/** In any order, each kind once. */
const modes = (propagations: readonly VolumeMode[]): fc.Arbitrary<VolumeMode[]> =>
  fc
    .tuple(nullable(fc.constant('ro')), nullable(fc.constantFrom('z', 'Z')), fc.constantFrom(null, ...propagations))
    .map((all) => all.filter((mode): mode is VolumeMode => mode !== null))
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
const portNumber = fc.integer({ min: 1, max: 65_535 });

export const anyRun: fc.Arbitrary<RunOptions> = fc
  .record({
    name: nullable(name),
    command: fc.array(fc.oneof(anyText, fc.constant('-d')), { maxLength: 3 }),
    env: fc.uniqueArray(fc.record({ name: word.filter((text) => !/[=\s]/.test(text)), value: anyText }), {
      maxLength: 3,
      selector: ({ name }) => name,
    }),
    ports: fc.uniqueArray(
      fc.record({
        address: nullable(fc.constantFrom('127.0.0.1', '0.0.0.0', '::1')),
        hostPort: nullable(portNumber),
        port: portNumber,
        protocol: fc.constantFrom('tcp', 'udp', 'sctp'),
      }),
      { maxLength: 3, selector: ({ port, protocol }) => `${port}/${protocol}` },
    ),
    volumes: fc.uniqueArray(
      fc.oneof(
        fc.record({ source: fc.constant(null), target: path, mode: fc.constant([]) }),
        fc.record({ source: name, target: path, mode: modes([]) }),
        fc.record({ source: path, target: path, mode: modes(PROPAGATIONS) }),
      ),
      { maxLength: 3, selector: ({ target }) => target },
    ),
    entrypoint: nullable(fc.constantFrom('/bin/sh', 'redis-server')),
    labels: fc.uniqueArray(fc.record({ name, value: anyText }), { maxLength: 2, selector: ({ name }) => name }),
    hostname: nullable(fc.constantFrom('box', 'a.b-c')),
    tmpfs: fc.uniqueArray(
      fc.record({ target: fc.stringMatching(/^\/t[a-z]{1,4}$/), options: fc.constantFrom('', 'size=64m,mode=1777') }),
      { maxLength: 2, selector: ({ target }) => target },
    ),
    devices: fc.uniqueArray(
      fc.record({
        source: fc.constantFrom('/dev/null', '/dev/fuse'),
        target: fc.constantFrom('/dev/null', '/dev/other'),
        access: fc.constantFrom('rwm', 'r', 'rw', 'm'),
      }),
      { maxLength: 2, selector: ({ target }) => target },
    ),
    shmBytes: nullable(fc.integer({ min: 1, max: 2 ** 40 })),
    interactive: fc.boolean(),
    tty: fc.boolean(),
    init: fc.boolean(),
    ulimits: fc.uniqueArray(
      fc
        .record({ name: fc.constantFrom(...ULIMITS), soft: fc.nat(1000), more: fc.nat(1000) })
        .map(({ name, soft, more }) => ({ name, soft, hard: soft + more })),
      { maxLength: 3, selector: ({ name }) => name },
    ),
    user: nullable(fc.constantFrom('redis', '1000', '1000:1000')),
    workdir: nullable(path),
    memoryBytes: nullable(fc.integer({ min: 1, max: 2 ** 45 })),
    milliCpus: nullable(fc.integer({ min: 1, max: 128_000 })),
    pids: nullable(fc.integer({ min: 1, max: 4_194_304 })),
    capAdd: capabilities,
    capDrop: capabilities,
    seccomp: nullable(fc.constant('unconfined')),
    noNewPrivileges: fc.boolean(),
    privileged: fc.boolean(),
    readOnly: fc.boolean(),
    restart: fc.constantFrom('no', 'on-failure', 'on-failure:3', 'always', 'unless-stopped'),
    net: fc.oneof(
      fc.constantFrom('own' as const, 'host' as const, 'none' as const),
      shared,
      fc.constant({ network: 'shop_back' }),
    ),
    pid: fc.oneof(fc.constantFrom('own' as const, 'host' as const), shared),
    ipc: fc.oneof(fc.constantFrom('own' as const, 'shareable' as const, 'host' as const, 'none' as const), shared),
    uts: fc.constantFrom('own', 'host'),
    userns: fc.constantFrom('own', 'host'),
    cgroupns: fc.constantFrom('own', 'private', 'host'),
  })
  .map((some) => ({ ...plainRun('redis:alpine'), ...some }) as RunOptions);
