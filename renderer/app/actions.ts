/** What the command palette can do besides going somewhere. */
import { commandLine, visible, wordFilter } from '../../shared/text.ts';
import { connection } from '../store/connection.svelte.ts';
import { selection } from '../store/selection.svelte.ts';
import { settings, THEMES } from '../store/settings.svelte.ts';
import { terminals } from '../store/terminals.svelte.ts';
import { world } from '../store/world.svelte.ts';
import { VIEW_ENTRIES } from './views.ts';

export interface Action {
  readonly title: string;
  readonly keys?: string;
  readonly run: () => void;
}

/** Those whose title holds each of the words typed. */
export const actionsFor = (query: string, openSettings: () => void): readonly Action[] => {
  const matches = wordFilter(query);
  const everywhere: readonly Action[] = [
    ...all(),
    {
      title: world.paused ? 'Go on looking at the machine' : 'Pause: keep what is on the screen',
      run: () => world.setPaused(!world.paused),
    },
    { title: 'Settings and keys', run: openSettings },
    ...THEMES.filter((theme) => theme !== settings.theme).map((theme) => ({
      title: `Colours: ${theme === 'system' ? 'as the system' : theme}`,
      run: () => settings.setTheme(theme),
    })),
  ];
  return everywhere.filter(({ title }) => matches(title));
};

/** Of the process that is selected, or of the first one of a container that is. */
const filesAction = (): readonly Action[] => {
  const subject = selection.inspected;
  const pid = subject?.kind === 'container' ? world.containers.get(subject.id)?.pid : null;
  const process =
    subject?.kind === 'process' ? world.byKey.get(subject.key) : pid == null ? undefined : world.byPid.get(pid);
  if (process === undefined) return [];
  const title = `Files in /proc of ${visible(process.comm)} ${process.pid}`;
  return [{ title, run: () => selection.go('proc', { key: process.key, path: '' }) }];
};

const all = (): readonly Action[] => [
  ...VIEW_ENTRIES.map(({ view, title }, index) => ({
    title: view === 'unshare' ? 'New shell in new namespaces' : `Go to ${title}`,
    keys: `Ctrl ${index + 1}`,
    run: () => selection.go(view),
  })),
  ...(connection.hello
    ? [
        {
          title: `New shell on this machine: ${visible(commandLine([connection.hello.shell]))}`,
          run: () => void terminals.shell(),
        },
      ]
    : []),
  { title: 'Run a container', run: () => selection.go('run') },
  { title: 'Show all changes made through this host', run: () => selection.go('changes') },
  ...filesAction(),
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
