/** What can be selected, by the identity the kernel or the engine cannot reuse. */
import type { NamespaceId, ProcessKey } from '../../shared/model.ts';

export interface ProcessRef {
  readonly kind: 'process';
  readonly key: ProcessKey;
}
export interface ContainerRef {
  readonly kind: 'container';
  readonly id: string;
}
export interface NamespaceRef {
  readonly kind: 'namespace';
  readonly id: NamespaceId;
}
export type Subject = ProcessRef | ContainerRef | NamespaceRef;

export const processSubject = (key: ProcessKey): ProcessRef => ({ kind: 'process', key });
export const containerSubject = (id: string): ContainerRef => ({ kind: 'container', id });
export const namespaceSubject = (id: NamespaceId): NamespaceRef => ({ kind: 'namespace', id });

export const sameSubject = (a: Subject | null, b: Subject | null): boolean =>
  a === b || (a !== null && b !== null && subjectId(a) === subjectId(b));

/** One text a subject, for keys and for comparing. */
export const subjectId = (subject: Subject): string =>
  subject.kind === 'process' ? `process ${subject.key}` : `${subject.kind} ${subject.id}`;
