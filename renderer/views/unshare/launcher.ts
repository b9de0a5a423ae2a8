/** What the parts of a launcher need to know of the command they help to form, whichever it is. */
import type { NamespaceType } from '../../../shared/model.ts';
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

export interface Launcher extends Advised {
  readonly words: Words;
  readonly argv: readonly string[];
  readonly tokens: readonly Token[];
  /** Why the last start did not happen. */
  readonly problem: string | null;
  readonly starting: boolean;
  start(): Promise<void>;
}
