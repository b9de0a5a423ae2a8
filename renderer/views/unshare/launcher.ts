/** What the parts of a launcher need to know of the command they help to form, whichever it is. */
import type { Chosen, FlagValue } from '../../../shared/launch-command.ts';
import type { NamespaceType } from '../../../shared/model.ts';
import type { Unusable } from './blocked.ts';
import type { OwnPreset, OwnPresets } from './own-presets.svelte.ts';
import type { Words } from './shell-words.ts';

export interface AnyAdvice {
  readonly level: 'error' | 'warning' | 'hint';
  /** The option to show it at. */
  readonly about: string;
  readonly title: string;
  readonly text: string;
  readonly fix: object | null;
  readonly fixLabel: string | null;
}

export interface Token {
  readonly quoted: string;
  readonly namespace: NamespaceType | null;
  readonly flag: string | null;
  /** Not part of the command: what the first warning suggests to add. */
  readonly suggested: boolean;
}

export interface Advised {
  readonly advice: readonly AnyAdvice[];
  fix(advice: AnyAdvice): void;
}

/** What the rows of the form need. */
export interface ChoiceForm extends Advised {
  readonly options: Chosen;
  tick(type: NamespaceType, on: boolean): void;
  setFiles(files: Chosen['files']): void;
}

export interface FlagForm<Flag extends string> extends Advised {
  readonly options: Readonly<Record<Flag, FlagValue>>;
  /** What an empty form holds. */
  readonly unset: Readonly<Record<Flag, FlagValue>>;
  /** `null` while it is not known. */
  readonly support: { readonly options: readonly string[]; readonly version: string | null } | null;
  setFlag(flag: Flag, value: FlagValue): void;
  readonly unusable: Unusable;
  setUnusable(flag: Flag, text: string): void;
}

/** A form that can be saved under a name. */
export interface KeptForm<Options extends object> {
  readonly kept: OwnPresets<Options>;
  readonly preset: { readonly id: string; readonly name: string };
  readonly changed: boolean;
  /** What could be saved; `null` while something in the form cannot be read. */
  readonly choice: Options | null;
  take(preset: OwnPreset<Options>): void;
  saveAs(name: string): void;
  renamed(from: string, to: string): void;
}

export interface Launcher extends Advised {
  readonly words: Words;
  readonly argv: readonly string[];
  readonly tokens: readonly Token[];
  /** Why it cannot be started as it stands, in a sentence. */
  readonly blocked: string | null;
  /** Why the last start did not happen. */
  readonly problem: string | null;
  readonly starting: boolean;
  start(): Promise<void>;
}
