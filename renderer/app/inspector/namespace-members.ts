/** The members of a namespace, by the container they belong to. */
import type { Process } from '../../../shared/model.ts';

export interface Member {
  readonly process: Process;
  /** Full ID on the first of its container, else `null`. */
  readonly begins: string | null;
}

/** Those in containers first, container by container as they first come; then the rest. Each by pid. */
export const membersByContainer = (members: readonly Process[]): readonly Member[] => {
  const groups = new Map<string | null, Process[]>();
  for (const process of members) groups.set(process.container, [...(groups.get(process.container) ?? []), process]);
  const outside = groups.get(null) ?? [];
  groups.delete(null);
  return [
    ...[...groups].flatMap(([container, processes]) =>
      processes.map((process, index) => ({ process, begins: index === 0 ? container : null })),
    ),
    ...outside.map((process) => ({ process, begins: null })),
  ];
};
