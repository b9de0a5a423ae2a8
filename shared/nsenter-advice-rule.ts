/** One piece of advice about a command of nsenter(1), and what a rule is given to find it. */
import type { Joining } from './join-cgroups.ts';
import type { LookAt } from './launch-paths.ts';
import type { MayEnter } from './may-enter.ts';
import type { NamespaceId, NamespaceType, Relation } from './model.ts';
import { nsenterOption, type Namespaces, type NsenterFlag } from './nsenter-argv.ts';
import type { NsenterOptions, NsenterSupport } from './nsenter.ts';
import type { Advice } from './unshare-advice-rule.ts';

export interface NsenterAdvice extends Omit<Advice, 'about' | 'fix'> {
  readonly about: NamespaceType | NsenterFlag | 'joinCgroups' | 'program';
  readonly fix: Partial<NsenterOptions> | null;
}

/** What is known besides the form; `null` while it is not. */
export interface NsenterCase {
  readonly support: NsenterSupport | null;
  /** The namespaces of the target, and of the host process that would start nsenter. */
  readonly target: Namespaces | null;
  readonly own: Namespaces | null;
  /** The target's number as it knows itself; proc_pid_status(5), NSpid. */
  readonly innerPid: number | null;
  /** How the target's cgroups would be joined. */
  readonly joining: Joining | null;
  /** True once the chosen target has ended. */
  readonly gone: boolean;
  /** True if nobody may change groups in the target's user namespace, nor the host process before it enters. */
  readonly groupsClosed: boolean;
  /** May the host process enter this namespace? */
  readonly may: (id: NamespaceId) => MayEnter | null;
  /** The user namespace above a user namespace. */
  readonly above: (user: NamespaceId) => Relation;
  /** The namespace that a file stands for, where that is known. */
  readonly fileId: (path: string) => NamespaceId | null;
  /** What a file is that the form names. */
  readonly look: LookAt;
  /** A file that stands for a namespace. */
  readonly fileOf: (id: NamespaceId) => string | null;
}

export type NsenterRule = (options: NsenterOptions, at: NsenterCase) => readonly NsenterAdvice[] | NsenterAdvice | null;

export const unfixable = { fix: null, fixLabel: null } as const;

export const withoutType = (options: NsenterOptions, type: NamespaceType): Pick<NsenterAdvice, 'fix' | 'fixLabel'> =>
  options.namespaces.includes(type)
    ? {
        fix: { namespaces: options.namespaces.filter((other) => other !== type) },
        fixLabel: `Leave out ${nsenterOption(type)}`,
      }
    : unfixable;
