/** A process's namespaces as the inspector lists them. */
import {
  NAMESPACE_TYPES,
  type NamespaceId,
  type NamespaceType,
  type Process,
  type ProcessDetail,
  type Reading,
  type World,
} from '../../../shared/model.ts';
import { namespaceRole, sharedWith, type NamespaceRole, type NamespaceUser } from '../../../shared/namespace-role.ts';

export interface NamespaceRow {
  readonly type: NamespaceType;
  readonly id: NamespaceId | null;
  readonly role: NamespaceRole;
  readonly others: readonly NamespaceUser[];
  /** Why it could not be read, where that is known. */
  readonly failure: Extract<Reading<unknown>, { ok: false }> | null;
}

/** One row a type, in the fixed order. Types this kernel does not have are left out. */
export const namespaceRows = (world: World, process: Process, detail: ProcessDetail | null): readonly NamespaceRow[] =>
  NAMESPACE_TYPES.map((type): NamespaceRow => {
    const reading = detail?.namespaces[type];
    return {
      type,
      id: process.namespaces[type],
      role: namespaceRole(world, process, type),
      others: sharedWith(world, process, type),
      failure: reading === undefined || reading.ok ? null : reading,
    };
  }).filter(
    ({ id, failure, type }) => id !== null || failure?.why !== 'absent' || world.host.namespaces[type] !== null,
  );

const WORDS = { own: 'own', shared: 'shared', host: 'host', unread: 'not readable' } as const;

/** `5 own, 1 shared, 2 host`; roles that do not occur are left out. */
export const roleSummary = (rows: readonly Pick<NamespaceRow, 'role'>[]): string =>
  (['own', 'shared', 'host', 'unread'] as const)
    .map((role) => [rows.filter((row) => row.role === role).length, WORDS[role]] as const)
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`)
    .join(', ');

/** Where the next children will be born, where that is another namespace than the process's own. */
export const childrensNamespaces = ({ namespaces }: Pick<Process, 'namespaces'>): readonly NamespaceId[] =>
  (['pid', 'time'] as const).flatMap((type) => {
    const id = namespaces[`${type}_for_children`];
    return id !== null && id !== namespaces[type] ? [id] : [];
  });
