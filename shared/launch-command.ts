/** A command of util-linux as data: the rows of a launcher's form on one side, the words it becomes on the other. */
import { NAMESPACE_TYPES, type NamespaceType } from './model.ts';
import { shellQuoted } from './text.ts';

export interface NamespaceOption {
  readonly type: NamespaceType;
  /** The long option, without dashes. */
  readonly option: string;
  readonly text: string;
}

/**
 * What has to be filled in. An `id or follow` is a number, or that of another process. A `tick` needs nothing; `ticked text` may be ticked, and say more: a directory, a signal; a
 * list is what may be chosen.
 */
export type Takes = 'tick' | 'ticked text' | 'text' | 'id' | 'id or follow' | 'seconds' | readonly string[];

export interface FlagOption<Flag extends string> {
  readonly flag: Flag;
  /** The long option, without dashes. */
  readonly option: string;
  readonly takes: Takes;
  readonly text: string;
  /** What an empty field stands for, or the form of what is typed, of the installed version; `unchanged` if it is left out. */
  readonly empty?: string | ((version: string | null) => string);
  /** The heading it stands under; the first one, `Options`, if it is left out. */
  readonly group?: string;
}

/** One word of the command. */
export interface CommandPart<Flag extends string> {
  readonly text: string;
  /** As a shell needs it typed. */
  readonly quoted: string;
  /** The namespace that this word makes new, or enters. */
  readonly namespace: NamespaceType | null;
  /** The option it is; `null` for namespaces, the program and the command's own name. */
  readonly flag: Flag | null;
}

export type FlagValue = boolean | number | string | null;

/** What every launcher's form holds besides its flags. */
export interface Chosen {
  readonly namespaces: readonly NamespaceType[];
  /** A file that stands for a namespace; kept, but not used, while its type is not chosen. */
  readonly files: Readonly<Partial<Record<NamespaceType, string | undefined>>>;
  readonly program: readonly string[];
}

export interface CommandTable<Flag extends string> {
  readonly name: string;
  readonly namespaces: readonly NamespaceOption[];
  readonly flags: readonly FlagOption<Flag>[];
  /** util-linux takes its options in any order; this is the one they are written in. */
  readonly order: readonly (NamespaceType | Flag)[];
}

const isType = (about: string): about is NamespaceType => (NAMESPACE_TYPES as readonly string[]).includes(about);

/** The long option of a namespace or flag, with its dashes: `--mount-proc`. */
export const optionOf = <Flag extends string>(table: CommandTable<Flag>, about: NamespaceType | Flag): string => {
  const found = isType(about)
    ? table.namespaces.find(({ type }) => type === about)
    : table.flags.find(({ flag }) => flag === about);
  return `--${found?.option ?? about}`;
};

/** The command word by word. `own`: words of an option that is not written as the others are. */
export const commandParts = <Flag extends string>(
  table: CommandTable<Flag>,
  options: Chosen & Readonly<Record<Flag, FlagValue>>,
  own: (flag: Flag) => readonly string[] | null = () => null,
): readonly CommandPart<Flag>[] => {
  const plain = (text: string): CommandPart<Flag> => ({ text, quoted: shellQuoted(text), namespace: null, flag: null });
  const parts = [plain(table.name)];
  for (const about of table.order) {
    if (isType(about)) {
      if (!options.namespaces.includes(about)) continue;
      parts.push({ ...plain(withValue(optionOf(table, about), options.files[about] ?? true)), namespace: about });
      continue;
    }
    const value: FlagValue = options[about];
    const words = own(about) ?? (value === false || value === null ? [] : [withValue(optionOf(table, about), value)]);
    for (const text of words) parts.push({ ...plain(text), flag: about });
  }
  // Otherwise the command would take the program's name for an option of its own.
  if (options.program[0]?.startsWith('-')) parts.push(plain('--'));
  return [...parts, ...options.program.map(plain)];
};

const withValue = (option: string, value: true | number | string): string =>
  value === true ? option : `${option}=${value}`;
