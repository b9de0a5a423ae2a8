/** Who would enter a namespace: the session itself, a process, or a user who has just logged in. */
import type { Reader } from './may-enter.ts';
import type { EnterWho } from './may-enter-words.ts';
import type { Process, World } from './model.ts';

export type Who =
  | { readonly kind: 'process'; readonly process: Process }
  | { readonly kind: 'user'; readonly uid: number; readonly name: string | null };

/** As `session` in the words, but of another. */
export const whoWords = (who: Who): EnterWho => {
  if (who.kind === 'user') {
    const name = `User ${who.name ?? who.uid}`;
    return { name, user: name, own: 'the user’s own' };
  }
  const { comm, pid } = who.process;
  return { name: `${comm} ${pid}`, user: `The user of ${comm} ${pid}`, own: 'its own' };
};

/**
 * A PID, a user’s name, or `uid:N`; `null` if nobody is called so. `users` by number are those of the machine. Names are
 * those of users who run something, where that is all that is known.
 */
export const whoBy = (
  text: string,
  { processes }: Pick<World, 'processes'>,
  users: ReadonlyMap<number, string> = usersOf(processes),
): Who | null => {
  const word = text.trim();
  if (/^\d+$/.test(word)) {
    const process = processes.find(({ pid }) => pid === Number(word));
    return process === undefined ? null : { kind: 'process', process };
  }
  const number = /^uid:(\d{1,10})$/.exec(word)?.[1];
  if (number !== undefined) return { kind: 'user', uid: Number(number), name: users.get(Number(number)) ?? null };
  for (const [uid, name] of users) if (name === word) return { kind: 'user', uid, name };
  return null;
};

/** Users who run something, by their numbers. */
export const usersOf = (processes: readonly Process[]): ReadonlyMap<number, string> => {
  const users = new Map<number, string>();
  for (const { euid, user } of processes)
    if (euid !== null && user !== null && user !== String(euid)) users.set(euid, user);
  return users;
};

const NONE = '0000000000000000';
/** More than any kernel has: of those it has not nobody asks. */
const ALL = 'ffffffffffffffff';

/** `capEff`: of a process, what its own file says. */
export const readerFor = (who: Who, { host, processes }: Pick<World, 'host' | 'processes'>, capEff: string): Reader => {
  const session = processes.find(({ pid }) => pid === host.pid)?.namespaces;
  const askedFrom = session?.user ?? null;
  if (who.kind === 'process') {
    const { euid, namespaces } = who.process;
    // Without a number nobody is a creator.
    return { uid: euid ?? -1, capEff, user: namespaces.user, pid: namespaces.pid, askedFrom };
  }
  // A user who logs in is where this session is: root with every capability, any other with none.
  const caps = who.uid === 0 ? ALL : NONE;
  return { uid: who.uid, capEff: caps, user: askedFrom, pid: session?.pid ?? null, askedFrom };
};
