/** The other end of a pipe or of a unix socket, in words; as ss -xp and lsof -E name it. */
import type { EndHolder, OpenFile } from './process-account.ts';
import { accessOf } from './process-account-words.ts';

export interface EndWords {
  /** `written by`, `read by`, `to`, `shared with`; followed by holders. Whole where there are none. */
  readonly words: string;
  readonly holders: readonly EndHolder[];
  /** How many more there are. */
  readonly more: number;
}

/** `null` where there is nothing to tell: a file without another end. */
export const endsOf = (file: Pick<OpenFile, 'kind' | 'socket' | 'state' | 'ends'>): EndWords | null => {
  const { kind, socket, state, ends } = file;
  if (ends === null) {
    const connected = socket?.protocol === 'unix' && socket.state === 'ESTABLISHED';
    // The kernel tells of one network namespace at a time, and of no other than the reader's own.
    return connected ? alone('its other end cannot be asked for: another network namespace, or no sock_diag') : null;
  }
  const { holders, more } = ends;
  if (kind === 'socket') {
    return holders.length === 0
      ? alone('its other end is open in no process that can be seen')
      : { words: 'to', holders, more };
  }
  const mine = state.ok ? accessOf(state.value.flags) : 'rw';
  const can = (letter: 'r' | 'w') => (holder: EndHolder) =>
    holder.flags === null || accessOf(holder.flags).includes(letter);
  if (mine === 'r') return ofPipe(holders.filter(can('w')), more, 'written by', 'writes to it');
  if (mine === 'w') return ofPipe(holders.filter(can('r')), more, 'read by', 'reads from it');
  return ofPipe(holders, more, 'shared with', 'has it open besides');
};

const alone = (words: string): EndWords => ({ words, holders: [], more: 0 });

const ofPipe = (holders: readonly EndHolder[], more: number, by: string, nobody: string): EndWords =>
  holders.length === 0 && more === 0 ? alone(`nobody who can be seen ${nobody}`) : { words: by, holders, more };

/** `read by cat 42, tee 43 and 2 more`. `name`: of a pid, hostile text. */
export const endSentence = ({ words, holders, more }: EndWords, own: number, name: (pid: number) => string): string => {
  const names = [...new Set(holders.map(({ pid }) => (pid === own ? 'itself' : `${name(pid)} ${pid}`)))];
  if (more > 0) names.push(`${more} more`);
  return names.length === 0 ? words : `${words} ${names.join(', ')}`;
};
