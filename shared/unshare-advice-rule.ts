/** One piece of advice about a command of unshare(1), and what a rule is given to find it. */
import type { LookAt } from './launch-paths.ts';
import type { NamespaceType } from './model.ts';
import type { UnshareFlag } from './unshare-argv.ts';
import type { UnshareOptions, UnshareSupport } from './unshare.ts';

export interface Advice {
  /** `error`: unshare will refuse. `warning`: it will run and surprise. `hint`: good to know. */
  readonly level: 'error' | 'warning' | 'hint';
  /** The option to show it at. */
  readonly about: NamespaceType | UnshareFlag | 'program';
  /** A few words: `--pid without --fork`. */
  readonly title: string;
  readonly text: string;
  /** What would mend it, and the words on its button. */
  readonly fix: Partial<UnshareOptions> | null;
  readonly fixLabel: string | null;
}

export interface Case {
  readonly options: UnshareOptions;
  readonly support: UnshareSupport | null;
  readonly made: ReadonlySet<NamespaceType>;
  /** What a file is that the form names. */
  readonly look: LookAt;
  /** What the sentences call the program. */
  readonly name: string;
}
export type Rule = (at: Case) => Advice | readonly Advice[] | null;

export const unfixable = { fix: null, fixLabel: null } as const;

export const withType = (
  options: UnshareOptions,
  ...types: readonly NamespaceType[]
): Pick<UnshareOptions, 'namespaces'> => ({
  namespaces: [...new Set([...options.namespaces, ...types])],
});
