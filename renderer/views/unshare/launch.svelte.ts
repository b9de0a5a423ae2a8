/** What the launcher's form holds. It outlives the view, so that nobody fills it in twice. */
import { unshareAdvice, type Advice } from '../../../shared/unshare-advice.ts';
import type { FlagValue } from '../../../shared/launch-command.ts';
import type { NamespaceType } from '../../../shared/model.ts';
import {
  namespacesMade,
  NO_UNSHARE,
  UNSHARE_FLAGS,
  unshareArgv,
  UNSHARE_PRESETS,
  type UnshareFlag,
  type UnsharePreset,
} from '../../../shared/unshare-argv.ts';
import { UnshareOptions, type UnshareSupport } from '../../../shared/unshare.ts';
import { terminals } from '../../store/terminals.svelte.ts';
import { commandTokens } from './command-tokens.ts';
import { blockedWords, withoutFlags, type Unusable } from './blocked.ts';
import type { PathLook } from '../../../shared/launch-paths.ts';
import { unsharePaths } from '../../../shared/unshare-advice-paths.ts';
import type { ChoiceForm, FlagForm, Launcher } from './launcher.ts';
import { OwnPresets, type OwnPreset } from './own-presets.svelte.ts';
import { sameChoice } from './same-choice.ts';
import { joinWords, splitWords } from './shell-words.ts';
import { commandLine, errorText } from '../../../shared/text.ts';

const [FIRST] = UNSHARE_PRESETS as readonly [UnsharePreset, ...UnsharePreset[]];

export class Launch implements Launcher, ChoiceForm, FlagForm<UnshareFlag> {
  readonly unset = NO_UNSHARE;
  /** Without the program, which is typed as text. */
  chosen = $state.raw<UnshareOptions>(FIRST.options);
  program = $state(joinWords(FIRST.options.program));
  preset = $state.raw<UnsharePreset | OwnPreset<UnshareOptions>>(FIRST);
  kept = new OwnPresets('porthole.presets.unshare', UnshareOptions, (options) => commandLine(unshareArgv(options)));
  /** What the files are that the form names, by path. */
  looks = $state.raw<ReadonlyMap<string, PathLook>>(new Map());
  /** `null` while it is not known. */
  support = $state.raw<UnshareSupport | null>(null);
  /** Why the last start did not happen. */
  problem = $state<string | null>(null);
  starting = $state(false);

  readonly words = $derived(splitWords(this.program));
  unusable = $state.raw<Unusable>({});
  readonly blocked = $derived(blockedWords(this.words, UNSHARE_FLAGS, this.unusable));
  readonly options = $derived<UnshareOptions>({ ...this.chosen, program: this.words.ok ? [...this.words.words] : [] });
  readonly paths = $derived(unsharePaths(this.options));
  readonly changed = $derived(
    !sameChoice(this.chosen, this.preset.options) ||
      Object.keys(this.unusable).length > 0 ||
      ('own' in this.preset && this.program !== joinWords(this.preset.options.program)),
  );
  readonly made = $derived(namespacesMade(this.options));
  readonly advice = $derived<readonly Advice[]>(
    unshareAdvice(this.options, this.support, (path) => this.looks.get(path) ?? null),
  );
  readonly argv = $derived(unshareArgv(this.options));
  readonly tokens = $derived(commandTokens(this.options, this.advice));

  /** What could be saved as a preset; `null` while something in the form cannot be read. */
  readonly choice = $derived(this.words.ok && Object.keys(this.unusable).length === 0 ? this.options : null);

  /** The program stays: what is tried with one preset is tried with the next. One's own comes with its own. */
  take(preset: UnsharePreset | OwnPreset<UnshareOptions>): void {
    this.preset = preset;
    if ('own' in preset) this.program = joinWords(preset.options.program);
    this.chosen = preset.options;
    this.unusable = {};
  }

  /** Keeps the form as it stands under this name, and takes it. */
  saveAs(name: string): void {
    const { choice } = this;
    if (choice !== null) this.take(this.kept.save(name, choice));
  }

  renamed(from: string, to: string): void {
    const renamed = this.kept.rename(from, to);
    if (renamed !== null && this.preset.id === `own:${from}`) this.preset = renamed;
  }

  set(some: Partial<UnshareOptions>): void {
    this.chosen = { ...this.chosen, ...some };
    this.unusable = withoutFlags(this.unusable, Object.keys(some));
  }

  setFlag(flag: UnshareFlag, value: FlagValue): void {
    this.set({ [flag]: value });
  }

  setUnusable(flag: UnshareFlag, text: string): void {
    this.set({ [flag]: null });
    this.unusable = { ...this.unusable, [flag]: text };
  }

  setFiles(files: UnshareOptions['files']): void {
    this.set({ files });
  }

  tick(type: NamespaceType, on: boolean): void {
    const others = this.chosen.namespaces.filter((other) => other !== type);
    this.set({ namespaces: on ? [...others, type] : others });
  }

  fix(advice: Advice): void {
    if (advice.fix) this.set(advice.fix);
  }

  async start(): Promise<void> {
    if (this.starting || this.blocked !== null) return;
    this.starting = true;
    this.problem = null;
    try {
      await terminals.start(this.options);
    } catch (error) {
      this.problem = errorText(error);
    } finally {
      this.starting = false;
    }
  }
}

export const launch = new Launch();
