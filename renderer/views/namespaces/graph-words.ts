/** A part of the graph in one sentence, for whoever hears it. */
import type { Graph } from '../../../shared/graph.ts';
import { listed } from '../../../shared/sentence.ts';
import { visible } from '../../../shared/text.ts';
import type { Part } from './graph-scene.ts';

const KINDS = {
  container: 'container',
  shell: 'shell',
  service: 'host service',
  unread: 'not readable',
  held: 'no process',
};
/** More names than this are counted. */
const NAMED_AT_MOST = 4;

/** `net:[4026532180], shared by db and web`. */
export const partWords = (graph: Graph, { kind, namespace, type, card }: Part): string => {
  if (kind === 'host') return `${visible(graph.host.name)}, ${graph.host.detail}`;
  if (kind === 'card' && card !== null) {
    const many = card.rows.length > 1 ? `${card.rows.length} together` : KINDS[card.kind];
    return `${visible(card.name)}, ${visible(card.detail)}, ${many}${card.opens ? '; opens' : ''}`;
  }
  if (namespace === null) return `${type}: not readable`;
  if (kind === 'host-namespace') return `${namespace}, the host’s`;
  if (kind === 'pin') {
    const role = card?.pins.find(({ id }) => id === namespace)?.role;
    const of = visible(card?.name ?? '');
    return role === 'host' ? `${namespace}, the host’s, in which ${of} is` : `${namespace}, ${role ?? 'own'}, of ${of}`;
  }
  const users = graph.chips.find(({ id }) => id === namespace)?.cards ?? [];
  const names = users.map((key) => visible(graph.cards.find((each) => each.key === key)?.name ?? ''));
  const named = names.length <= NAMED_AT_MOST ? names : [...names.slice(0, 3), `${names.length - 3} more`];
  return `${namespace}, ${names.length > 1 ? `shared by ${listed(named)}` : `own, of ${listed(named)}`}`;
};
