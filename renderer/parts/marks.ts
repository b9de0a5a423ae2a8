import type { NamespaceType } from '../../shared/model.ts';

/** What a namespace is to the one who looks at it. `unread`: the link could not be read. */
export type Role = 'own' | 'shared' | 'host' | 'unread';

/** Three letters a type, so that colour never stands alone; also the middle of the `--ns-…` tokens. */
export const MARK: Readonly<Record<NamespaceType, string>> = {
  mnt: 'mnt',
  uts: 'uts',
  ipc: 'ipc',
  net: 'net',
  pid: 'pid',
  user: 'usr',
  cgroup: 'cgr',
  time: 'tim',
};

/** Inline custom properties that give an element its type's colours. */
export const typeColours = (type: NamespaceType): string => {
  const name = MARK[type];
  return `--type:var(--ns-${name});--type-text:var(--ns-${name}-text);--type-on:var(--ns-${name}-on)`;
};

/** The number in `net:[4026531840]`, as text; the whole text if it is none. */
export const inodeOf = (id: string): string => /\[(\d+)\]$/.exec(id)?.[1] ?? id;
