/** What a look at the machine says of entering namespaces, as the advice on nsenter(1) asks for it. */
import { mayEnter, type Reader } from './may-enter.ts';
import type { NamespaceFact, NamespaceId, World } from './model.ts';
import { fileOfNamespace, namespaceOfFile } from './namespace-file.ts';
import type { NsenterCase } from './nsenter-advice-rule.ts';

export type Reach = Pick<NsenterCase, 'may' | 'above' | 'fileId' | 'fileOf'>;

/** Nothing is known before the first look. */
export const NO_REACH: Reach = {
  may: () => null,
  above: () => 'unknown',
  fileId: () => null,
  fileOf: () => null,
};

export const reachOf = (world: World, reader: Reader): Reach => {
  const facts = new Map<NamespaceId, NamespaceFact>(world.namespaces.map((fact) => [fact.id, fact]));
  return {
    may: (id) => mayEnter(reader, id, facts),
    above: (user) => facts.get(user)?.parent ?? 'unknown',
    fileId: (path) => namespaceOfFile(world, path),
    fileOf: (id) => fileOfNamespace(world, id),
  };
};
