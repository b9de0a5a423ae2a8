/** What is said where the mount of /proc keeps processes from the reader. */
import type { ProcHides, World } from './model.ts';

const WORDS: Readonly<Record<ProcHides['hidepid'], string>> = {
  noaccess: 'of processes of other users nothing but their number can be seen',
  invisible: 'processes of other users are not in the list',
  ptraceable: 'processes that this user may not trace are not in the list',
};

/**
 * `/proc is mounted with hidepid=invisible: processes of other users are not in the list. …`; `null` where nothing is hidden.
 */
export const hiddenWords = ({ host, unread }: Pick<World, 'host' | 'unread'>): string | null => {
  if (host.procHides === undefined) return null;
  const { hidepid } = host.procHides;
  const first = `/proc is mounted with hidepid=${hidepid}: ${WORDS[hidepid]}.`;
  const { tasks } = unread;
  if (tasks == null) return `${first} How many there are cannot be had from here.`;
  return `${first} The kernel counts about ${tasks} tasks (threads of processes, and its own) besides those that are.`;
};
