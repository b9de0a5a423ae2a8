/** What the command palette can do besides going somewhere. */
import { selection } from '../store/selection.svelte.ts';
import { terminals } from '../store/terminals.svelte.ts';
import { VIEW_ENTRIES } from './views.ts';

export interface Action {
  readonly title: string;
  readonly keys?: string;
  readonly run: () => void;
}

/** Those whose title holds each of the words typed. */
export const actionsFor = (query: string): readonly Action[] => {
  const words = query.toLowerCase().trim().split(/\s+/);
  return all().filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)));
};

const all = (): readonly Action[] => [
  ...VIEW_ENTRIES.map(({ view, title }, index) => ({
    title: view === 'unshare' ? 'New shell in new namespaces' : `Go to ${title}`,
    keys: `Ctrl ${index + 1}`,
    run: () => selection.go(view),
  })),
  { title: 'Run a container', run: () => selection.go('run') },
  {
    title: terminals.open ? 'Hide the shells' : 'Show the shells',
    keys: 'Ctrl `',
    run: () => terminals.setOpen(!terminals.open),
  },
  ...(selection.canGoBack ? [{ title: 'Go back', keys: 'Alt ←', run: () => selection.back() }] : []),
  ...(selection.canGoForward ? [{ title: 'Go forward', keys: 'Alt →', run: () => selection.forward() }] : []),
  ...(selection.inspected
    ? [
        {
          title: selection.pinned ? 'Unpin the inspector' : 'Pin the inspector',
          keys: 'Space',
          run: () => selection.togglePin(),
        },
      ]
    : []),
];
