/** What the filter finds: each word must be somewhere in the row. */
import { NAMESPACE_TYPES, type World } from '../../../shared/model.ts';
import type { NamespaceRow } from '../../../shared/namespace-rows.ts';
import type { ListRow } from './columns.ts';
import { wordFilter } from '../../../shared/text.ts';

const matcher = (filter: string): ((texts: readonly (string | number | null)[]) => boolean) => {
  const matches = wordFilter(filter);
  return (texts) => matches(texts.join('\n'));
};

/** Type, inode, leader, user, containers and what holds it. */
export const listMatching = (rows: readonly ListRow[], filter: string): readonly ListRow[] => {
  if (filter.trim() === '') return rows;
  const matches = matcher(filter);
  return rows.filter(({ view, containers, held }) =>
    matches([
      view.id,
      view.leader,
      view.leaderComm,
      view.user,
      held,
      ...containers.flatMap(({ id, name }) => [id, name]),
    ]),
  );
};

/** Name, second line, project, container, and the inodes that are not the host’s. */
export const rowsMatching = (
  rows: readonly NamespaceRow[],
  filter: string,
  { host }: Pick<World, 'host'>,
): readonly NamespaceRow[] => {
  if (filter.trim() === '') return rows;
  const matches = matcher(filter);
  return rows.filter(({ name, detail, project, container, namespaces }) => {
    const ids = NAMESPACE_TYPES.map((type) => namespaces[type]).filter(
      (id, index) => id !== host.namespaces[NAMESPACE_TYPES[index]!],
    );
    return matches([name, detail, project, container, ...ids]);
  });
};
