/**
 * What became different between two looks at the machine. The law: `apply(a, diff(a, b))` equals `b`, also after a journey
 * as JSON, and rows that did not change are the same objects.
 */
import type { Ages, Container, EngineState, NamespaceFact, Process, ProcessKey, World } from './model.ts';
import { NAMESPACE_TYPES } from './model.ts';
import { same } from './same.ts';

/** Rows that went, and rows that are new or different, whole. */
export interface RowsDelta<Row extends { readonly id: string }> {
  readonly gone: readonly Row['id'][];
  readonly set: readonly Row[];
}

/** Processes change often and a little: only the fields that differ travel. */
export interface ProcessesDelta {
  readonly gone: readonly ProcessKey[];
  readonly born: readonly Process[];
  readonly changed: readonly (readonly [ProcessKey, Partial<Process>])[];
}

/** Parts that are left out did not change. */
export interface WorldDelta {
  readonly takenAt: number;
  readonly uptimeSeconds: number;
  readonly scanMillis: number;
  readonly scanCpuMillis: number;
  readonly ages?: Ages;
  readonly host?: World['host'];
  readonly unread?: World['unread'];
  readonly processes?: ProcessesDelta;
  readonly namespaces?: RowsDelta<NamespaceFact>;
  readonly containers?: RowsDelta<Container>;
  readonly engines?: RowsDelta<EngineState>;
}

export const diff = (a: World, b: World): WorldDelta => {
  const delta: { -readonly [Part in keyof WorldDelta]: WorldDelta[Part] } = {
    takenAt: b.takenAt,
    uptimeSeconds: b.uptimeSeconds,
    scanMillis: b.scanMillis,
    scanCpuMillis: b.scanCpuMillis,
  };
  if (b.ages !== undefined) delta.ages = b.ages;
  if (!same(a.host, b.host)) delta.host = b.host;
  if (!same(a.unread, b.unread)) delta.unread = b.unread;
  const processes = diffProcesses(a.processes, b.processes);
  if (processes !== null) delta.processes = processes;
  const namespaces = diffRows(a.namespaces, b.namespaces);
  if (namespaces !== null) delta.namespaces = namespaces;
  const containers = diffRows(a.containers, b.containers);
  if (containers !== null) delta.containers = containers;
  const engines = diffRows(a.engines, b.engines);
  if (engines !== null) delta.engines = engines;
  return delta;
};

export const apply = (a: World, delta: WorldDelta): World => ({
  takenAt: delta.takenAt,
  uptimeSeconds: delta.uptimeSeconds,
  scanMillis: delta.scanMillis,
  scanCpuMillis: delta.scanCpuMillis,
  ...(delta.ages === undefined ? null : { ages: delta.ages }),
  host: delta.host ?? a.host,
  processes: applyProcesses(a.processes, delta.processes),
  namespaces: applyRows(a.namespaces, delta.namespaces, byTypeThenInode),
  containers: applyRows(a.containers, delta.containers, byId),
  engines: applyRows(a.engines, delta.engines, byId),
  unread: delta.unread ?? a.unread,
});

/** The orders of the model, in which both ends keep their rows. */
export const byPid = (a: Process, b: Process): number => a.pid - b.pid;
export const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
export const byTypeThenInode = (a: NamespaceFact, b: NamespaceFact): number =>
  NAMESPACE_TYPES.indexOf(a.type) - NAMESPACE_TYPES.indexOf(b.type) || a.inode - b.inode;

const diffRows = <Row extends { readonly id: string }>(a: readonly Row[], b: readonly Row[]): RowsDelta<Row> | null => {
  if (a === b) return null;
  const before = new Map<Row['id'], Row>(a.map((row) => [row.id, row]));
  const set: Row[] = [];
  for (const row of b) {
    const old = before.get(row.id);
    before.delete(row.id);
    if (old === undefined || !same(old, row)) set.push(row);
  }
  return set.length === 0 && before.size === 0 ? null : { gone: [...before.keys()], set };
};

const applyRows = <Row extends { readonly id: string }>(
  a: readonly Row[],
  delta: RowsDelta<Row> | undefined,
  order: (a: Row, b: Row) => number,
): readonly Row[] => {
  if (delta === undefined) return a;
  const rows = new Map(a.map((row) => [row.id, row]));
  for (const id of delta.gone) rows.delete(id);
  for (const row of delta.set) rows.set(row.id, row);
  return [...rows.values()].sort(order);
};

const diffProcesses = (a: readonly Process[], b: readonly Process[]): ProcessesDelta | null => {
  if (a === b) return null;
  const before = new Map(a.map((process) => [process.key, process]));
  const born: Process[] = [];
  const changed: [ProcessKey, Partial<Process>][] = [];
  for (const process of b) {
    const old = before.get(process.key);
    before.delete(process.key);
    if (old === undefined) born.push(process);
    else if (old !== process) {
      const patch = changes(old, process);
      if (patch !== null) changed.push([process.key, patch]);
    }
  }
  if (born.length === 0 && changed.length === 0 && before.size === 0) return null;
  return { gone: [...before.keys()], born, changed };
};

/** The fields of `b` that `a` has otherwise. Every process has every field, so none can be missing. */
const changes = (a: Process, b: Process): Partial<Process> | null => {
  const patch: Partial<Record<keyof Process, unknown>> = {};
  let any = false;
  for (const field of Object.keys(b) as (keyof Process)[]) {
    if (same(a[field], b[field])) continue;
    patch[field] = b[field];
    any = true;
  }
  return any ? (patch as Partial<Process>) : null;
};

const applyProcesses = (a: readonly Process[], delta: ProcessesDelta | undefined): readonly Process[] => {
  if (delta === undefined) return a;
  const gone = new Set(delta.gone);
  const changed = new Map(delta.changed);
  const kept: Process[] = [];
  for (const process of a) {
    if (gone.has(process.key)) continue;
    const patch = changed.get(process.key);
    kept.push(patch === undefined ? process : { ...process, ...patch });
  }
  return delta.born.length === 0 ? kept : [...kept, ...delta.born].sort(byPid);
};
