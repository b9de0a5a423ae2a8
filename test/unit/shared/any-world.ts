/** Worlds of any content, for property tests: valid ones (rows by their order, no identity twice), and nothing else certain. */
import fc from 'fast-check';
import { byId, byPid, byTypeThenInode } from '../../../shared/delta.ts';
import {
  NAMESPACE_LINKS,
  NAMESPACE_TYPES,
  processKey,
  type Container,
  type EngineState,
  type NamespaceFact,
  type NamespaceId,
  type Process,
  type World,
} from '../../../shared/model.ts';

/** Hostile: anything UTF-16 can hold, lone surrogates and `__proto__` too. */
const text = fc.oneof(
  fc.constantFrom('', 'bash', '__proto__', 'a\ud800', '\udcff', '\n) R 1 ('),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const count = fc.nat({ max: 5 });
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 3 });
const id = fc.constantFrom<NamespaceId[]>('net:[1]', 'net:[2]', 'mnt:[3]', 'user:[4]', 'pid:[5]', 'time:[6]');
const relation = fc.oneof(id, fc.constantFrom('none' as const, 'not-allowed' as const, 'unknown' as const));
const record = <K extends string, V>(keys: readonly K[], value: fc.Arbitrary<V>) =>
  fc
    .tuple(...keys.map(() => value))
    .map((values) => Object.fromEntries(keys.map((key, i) => [key, values[i]])) as Record<K, V>);

const processOf: fc.Arbitrary<Process> = fc
  .record({
    pid: fc.integer({ min: 1, max: 12 }),
    ppid: count,
    starttime: fc.nat({ max: 2 }),
    comm: text,
    cmdline: orNull(fc.array(text, { maxLength: 3 })),
    cmdlineCut: fc.boolean(),
    state: fc.constantFrom('R', 'S', 'Z'),
    uid: orNull(count),
    euid: orNull(count),
    user: orNull(text),
    nspid: fc.array(count, { maxLength: 3 }),
    threads: count,
    kernelThread: fc.boolean(),
    pgrp: count,
    session: count,
    tty: orNull(text),
    cpuTicks: count,
    residentBytes: orNull(count),
    virtualBytes: orNull(count),
    namespaces: record(NAMESPACE_LINKS, orNull(id)),
    cgroups: fc.array(fc.record({ hierarchy: count, controllers: fc.array(text, { maxLength: 2 }), path: text }), {
      maxLength: 2,
    }),
    frozen: fc.constantFrom('thawed' as const, 'frozen' as const, null),
    container: orNull(text),
    unread: fc.array(fc.record({ file: text, why: fc.constantFrom('denied', 'absent'), errno: orNull(text) }), {
      maxLength: 2,
    }),
  })
  .map((process) => ({ key: processKey(process.pid, process.starttime), ...process }));

const namespaceOf: fc.Arbitrary<NamespaceFact> = fc
  .record({
    id,
    type: fc.constantFrom(...NAMESPACE_TYPES),
    inode: count,
    owner: relation,
    parent: relation,
    ownerUid: orNull(count),
    binds: fc.array(fc.record({ path: text, pid: count }), { maxLength: 2 }),
    fds: fc.array(fc.record({ pid: count, fd: count }), { maxLength: 2 }),
  })
  .map((fact) => ({
    ...fact,
    type: fact.id.split(':')[0] as NamespaceFact['type'],
    inode: Number(/\d+/.exec(fact.id)?.[0]),
  }));

const containerOf = fc.record({
  id: fc.constantFrom('a', 'b', 'c', '__proto__'),
  name: orNull(text),
  labels: fc.dictionary(text, text, { maxKeys: 3 }),
  pid: orNull(count),
}) as fc.Arbitrary<unknown> as fc.Arbitrary<Container>;

const engineOf = fc.record({
  id: fc.constantFrom('unix:///a', 'unix:///b'),
  condition: fc.constantFrom('up', 'hung'),
  message: orNull(text),
}) as fc.Arbitrary<unknown> as fc.Arbitrary<EngineState>;

const hostOf = fc.record({
  hostname: text,
  namespaces: record(NAMESPACE_TYPES, orNull(id)),
}) as fc.Arbitrary<unknown> as fc.Arbitrary<World['host']>;

export const worldOf: fc.Arbitrary<World> = fc.record({
  takenAt: fc.nat(),
  uptimeSeconds: fc.nat(),
  scanMillis: fc.nat(),
  scanCpuMillis: fc.nat(),
  host: hostOf,
  processes: fc.uniqueArray(processOf, { selector: ({ pid }) => pid, maxLength: 8 }).map((rows) => rows.sort(byPid)),
  namespaces: fc
    .uniqueArray(namespaceOf, { selector: (row) => row.id, maxLength: 5 })
    .map((rows) => rows.sort(byTypeThenInode)),
  containers: fc.uniqueArray(containerOf, { selector: (row) => row.id, maxLength: 4 }).map((rows) => rows.sort(byId)),
  engines: fc.uniqueArray(engineOf, { selector: (row) => row.id, maxLength: 2 }).map((rows) => rows.sort(byId)),
  unread: fc.record({
    processes: count,
    hidden: count,
    files: fc.array(fc.record({ file: text, why: fc.constantFrom('denied' as const), count }), { maxLength: 2 }),
  }),
});
