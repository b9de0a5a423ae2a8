/** Whether the kernel lets this user enter what a command of nsenter(1) names, and by which user namespace it would. */
import type { MayEnter } from './may-enter.ts';
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from './model.ts';
import { namespacesEntered, nsenterOption } from './nsenter-argv.ts';
import {
  unfixable,
  withoutType,
  type NsenterAdvice,
  type NsenterCase,
  type NsenterRule,
} from './nsenter-advice-rule.ts';
import type { NsenterOptions } from './nsenter.ts';

/** More levels than the kernel allows user namespaces to nest (32). */
const LEVELS = 40;

/** The namespace of this type that would be entered, or would be if it were ticked: its file's, or else the target's. */
export const idToEnter = (options: NsenterOptions, type: NamespaceType, at: NsenterCase): NamespaceId | null => {
  // With --all, a file counts only where its type is named too.
  const file = options.all && !options.namespaces.includes(type) ? undefined : options.files[type];
  return file === undefined ? (at.target?.[type] ?? null) : at.fileId(file);
};

export interface Refusal {
  /** What the kernel answers: the words of its errno. */
  readonly answer: string;
  readonly because: string;
}

/** Why the kernel would refuse; `null` where it would not, or nobody knows. */
export const refusalOf = (type: NamespaceType, may: MayEnter | null): Refusal | null => {
  if (may?.can !== 'no') return null;
  const answer = 'Invalid argument';
  if (may.why === 'own-user-namespace') {
    return { answer, because: 'nobody can enter the user namespace they are in' };
  }
  if (may.why === 'not-below') {
    return { answer, because: 'only PID namespaces below one’s own can be entered' };
  }
  const wanted = may.missing.map(({ capability }) => capability).join(' and ');
  const over = may.missing[0]?.over;
  const where = over ? ` over ${over}` : ' over a user namespace that is out of sight';
  return { answer: 'Operation not permitted', because: `entering this ${type} namespace needs ${wanted}${where}` };
};

/**
 * The user namespaces that are entered: nsenter(1) tries all other types before them and again after them. `null` where one
 * is not known.
 */
const usersEntered = (options: NsenterOptions, at: NsenterCase): readonly NamespaceId[] | null => {
  const users: (NamespaceId | null)[] = [];
  if (namespacesEntered(options, at.target, at.own).has('user')) users.push(idToEnter(options, 'user', at));
  if (options.userParent) {
    const above = at.target?.user ? at.above(at.target.user) : 'unknown';
    users.push(above.includes(':[') ? (above as NamespaceId) : null);
  }
  return users.includes(null) ? null : (users as NamespaceId[]);
};

/** Whether who is root in one of `users` has power over `user`: it is that one, or below it. */
const isWithin = (user: NamespaceId, users: readonly NamespaceId[], at: NsenterCase): boolean => {
  let level: NamespaceId = user;
  for (let count = 0; count < LEVELS; count++) {
    if (users.includes(level)) return true;
    const above = at.above(level);
    if (!above.includes(':[')) return false;
    level = above as NamespaceId;
  }
  return false;
};

/** The user namespace that has to be entered for this one, and is not; `null` where none has to be, or nobody knows. */
export const userNeeded = (options: NsenterOptions, type: NamespaceType, at: NsenterCase): NamespaceId | null => {
  const id = type === 'user' ? null : idToEnter(options, type, at);
  const may = id === null ? null : at.may(id);
  if (may?.can !== 'yes' || may.via === null) return null;
  const users = usersEntered(options, at);
  return users === null || isWithin(may.via, users, at) ? null : may.via;
};

/** What would have `user` entered. */
const entering = (
  options: NsenterOptions,
  user: NamespaceId,
  at: NsenterCase,
): Pick<NsenterAdvice, 'fix' | 'fixLabel'> => {
  const namespaces = [...new Set([...options.namespaces, 'user' as const])];
  const { user: _, ...files } = options.files;
  const target = at.target?.user ?? null;
  if (target === user) return { fix: { namespaces, files }, fixLabel: 'Add --user' };
  if (target !== null && at.above(target) === user && at.support?.options.includes('user-parent') === true) {
    return { fix: { userParent: true }, fixLabel: 'Add --user-parent' };
  }
  const file = at.fileOf(user);
  return file === null
    ? unfixable
    : { fix: { namespaces, files: { ...files, user: file } }, fixLabel: `Add --user=${file}` };
};

const isNamed = (options: NsenterOptions, at: NsenterCase): boolean => options.target !== null && !at.gone;
/** Those that would be entered of whom something is known. */
const judged = (options: NsenterOptions, at: NsenterCase): readonly NamespaceType[] =>
  [...namespacesEntered(options, at.target, at.own)].filter(
    (type) => (options.namespaces.includes(type) && options.files[type] !== undefined) || isNamed(options, at),
  );

export const ENTER_RULES: readonly NsenterRule[] = [
  (options, at) => {
    const types = judged(options, at);
    const refused = types.flatMap((type) => {
      const id = idToEnter(options, type, at);
      const refusal = id === null ? null : refusalOf(type, at.may(id));
      return refusal === null ? [] : [{ type, ...refusal }];
    });
    const rest = types.filter((type) => !refused.some((other) => other.type === type));
    return refused.map(({ type, answer, because }): NsenterAdvice => ({
      level: 'error',
      about: type,
      title: `${nsenterOption(type)} is refused`,
      text: `The kernel will answer “${answer}”: ${because}.`,
      // With --all there is no leaving out.
      ...(options.all && rest.length > 0
        ? {
            fix: { all: false, namespaces: NAMESPACE_TYPES.filter((known) => rest.includes(known)) },
            fixLabel: `Name the other ${rest.length}`,
          }
        : withoutType(options, type)),
    }));
  },

  (options, at) => {
    const needed = new Map<NamespaceId, NamespaceType[]>();
    for (const type of judged(options, at)) {
      const user = userNeeded(options, type, at);
      if (user !== null) needed.set(user, [...(needed.get(user) ?? []), type]);
    }
    return [...needed].map(([user, types]): NsenterAdvice => ({
      level: 'error',
      about: 'user',
      title: `${user} has to be entered first`,
      text:
        `Only in it do you have the right to enter what it owns. Without it the kernel will answer “Operation not ` +
        `permitted” to ${types.map(nsenterOption).join(' ')}.`,
      ...entering(options, user, at),
    }));
  },

  (options, at) =>
    options.namespaces.flatMap((type): NsenterAdvice[] => {
      const file = options.files[type];
      const id = file === undefined ? null : at.fileId(file);
      if (id === null || id.startsWith(`${type}:`)) return [];
      const text = `The kernel will answer “Invalid argument”: this file stands for ${id}.`;
      return [{ level: 'error', about: type, title: `no ${type} namespace`, text, ...withoutType(options, type) }];
    }),

  (options, at) =>
    at.groupsClosed && !options.preserveCredentials && isNamed(options, at) && judged(options, at).includes('user')
      ? {
          level: 'error',
          about: 'user',
          title: '--user without --preserve-credentials',
          text: 'nsenter will say “setgroups failed: Operation not permitted”: in this user namespace nobody may change their groups.',
          fix: { preserveCredentials: true },
          fixLabel: 'Add --preserve-credentials',
        }
      : null,

  // The kernel gives a parent only below the user namespace that one is in; and into that one nobody can enter.
  (options, { target, own, above }) => {
    if (!options.userParent || !target?.user) return null;
    const parent = above(target.user);
    if (parent === 'unknown' || (parent.includes(':[') && parent !== own?.user)) return null;
    return {
      level: 'error',
      about: 'userParent',
      title: '--user-parent is refused',
      text:
        parent === own?.user
          ? 'The kernel will answer “Invalid argument”: it is the user namespace that Porthole is in.'
          : 'The kernel will answer “Operation not permitted”: there is none above it, or none that Porthole may see.',
      fix: { userParent: false },
      fixLabel: 'Leave out --user-parent',
    };
  },
];
