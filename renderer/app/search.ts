/** What the command palette finds: the machine's processes, containers and namespaces by name and by number. */
import type { Container, NamespaceFact, Process, World } from '../../shared/model.ts';
import { containerSubject, namespaceSubject, processSubject, type Subject } from '../store/subject.ts';
import { containerName, shortId, stateWords } from '../views/containers/order.ts';

export interface Hit {
  readonly kind: 'process' | 'container' | 'namespace';
  readonly subject: Subject;
  /** Hostile text. */
  readonly title: string;
  /** Hostile text. */
  readonly detail: string;
  readonly score: number;
}

/** 4 the very thing, 3 begins so, 2 holds it, 1 holds it elsewhere, 0 not at all. */
const scoreOf = (query: string, names: readonly string[], rest: readonly string[]): number => {
  const lower = names.map((name) => name.toLowerCase());
  if (lower.includes(query)) return 4;
  if (lower.some((name) => name.startsWith(query))) return 3;
  if (lower.some((name) => name.includes(query))) return 2;
  return rest.some((text) => text.toLowerCase().includes(query)) ? 1 : 0;
};

const processHit = (query: string, process: Process): Hit => ({
  kind: 'process',
  subject: processSubject(process.key),
  title: process.comm,
  detail: `${process.pid}  ${process.cmdline?.join(' ') ?? ''}`.slice(0, 200),
  score: scoreOf(query, [process.comm, String(process.pid)], process.cmdline ?? []),
});

const containerHit = (query: string, container: Container): Hit => ({
  kind: 'container',
  subject: containerSubject(container.id),
  title: containerName(container),
  detail: [container.image ?? shortId(container.id), stateWords(container)].join('  '),
  score: scoreOf(query, [containerName(container), container.id], [container.image ?? '', container.project ?? '']),
});

const namespaceHit = (query: string, fact: NamespaceFact): Hit => ({
  kind: 'namespace',
  subject: namespaceSubject(fact.id),
  title: fact.id,
  detail: fact.binds[0]?.path ?? '',
  score: scoreOf(
    query,
    [fact.id, String(fact.inode)],
    fact.binds.map(({ path }) => path),
  ),
});

const ORDER = { container: 0, process: 1, namespace: 2 } as const;

/** The best first; at most `limit`. An empty query finds the containers. */
export const search = (world: World, text: string, limit: number): readonly Hit[] => {
  const query = text.trim().toLowerCase();
  const hits = world.containers.map((container) => containerHit(query, container));
  if (query !== '') {
    hits.push(...world.processes.map((process) => processHit(query, process)));
    hits.push(...world.namespaces.map((fact) => namespaceHit(query, fact)));
  }
  return hits
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || ORDER[a.kind] - ORDER[b.kind])
    .slice(0, limit);
};
