/** What the form for nsenter holds. It outlives the view, so that nobody fills it in twice. */
import { capabilityBits } from '../../../shared/capabilities.ts';
import { readerOf } from '../../../shared/may-enter.ts';
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from '../../../shared/model.ts';
import { nsenterAdvice, type NsenterAdvice, type NsenterCase } from '../../../shared/nsenter-advice.ts';
import { idToEnter, refusalOf, userNeeded, type Refusal } from '../../../shared/nsenter-advice-enter.ts';
import type { CgroupHierarchy } from '../../../shared/cgroup-model.ts';
import { joiningArgv, joiningOf } from '../../../shared/join-cgroups.ts';
import type { FlagValue } from '../../../shared/launch-command.ts';
import {
  NSENTER_FLAGS,
  namespacesEntered,
  nsenterArgv,
  nsenterParts,
  type NsenterFlag,
} from '../../../shared/nsenter-argv.ts';
import type { PathLook } from '../../../shared/launch-paths.ts';
import { nsenterPaths } from '../../../shared/nsenter-advice-paths.ts';
import { NO_REACH, reachOf } from '../../../shared/nsenter-reach.ts';
import { commandLine, errorText, shellQuoted } from '../../../shared/text.ts';
import { NO_NSENTER, NSENTER_PRESETS, type NsenterPreset } from '../../../shared/nsenter-presets.ts';
import { NsenterOptions, type NsenterSupport } from '../../../shared/nsenter.ts';
import type { Params } from '../../store/selection.svelte.ts';
import { terminals } from '../../store/terminals.svelte.ts';
import { world } from '../../store/world.svelte.ts';
import { findSubject, parseRef, type Ref } from '../compare/subjects.ts';
import { blockedWords, withoutFlags, type Unusable } from '../unshare/blocked.ts';
import type { ChoiceForm, FlagForm, Launcher } from '../unshare/launcher.ts';
import { OwnPresets, type OwnPreset } from '../unshare/own-presets.svelte.ts';
import { sameChoice } from '../unshare/same-choice.ts';
import { joinWords, splitWords } from '../unshare/shell-words.ts';

/** All but the target, which is chosen by its name. */
type EnterFlag = Exclude<NsenterFlag, 'target'>;

/** Bit number; capabilities(7). */
const CAP_SETGID = 6;

const [FIRST] = NSENTER_PRESETS as readonly [NsenterPreset, ...NsenterPreset[]];

export class Enter implements Launcher, ChoiceForm, FlagForm<EnterFlag> {
  readonly unset = NO_NSENTER;
  /** Without the target and the program. */
  chosen = $state.raw<NsenterOptions>(FIRST.options);
  program = $state(joinWords(FIRST.options.program));
  preset = $state.raw<NsenterPreset | OwnPreset<NsenterOptions>>(FIRST);
  kept = new OwnPresets('porthole.presets.nsenter', NsenterOptions, (options) => commandLine(nsenterArgv(options)));
  ref = $state.raw<Ref | null>(null);
  /** What the files are that the form names, by path. */
  looks = $state.raw<ReadonlyMap<string, PathLook>>(new Map());
  /** `null` while it is not known. */
  support = $state.raw<NsenterSupport | null>(null);
  problem = $state<string | null>(null);
  starting = $state(false);

  /** Who is entered, as the last look at the machine shows it; `null` if nobody is chosen, or it has no process. */
  readonly subject = $derived(world.current && this.ref ? findSubject(world.current, this.ref) : null);
  readonly targetKey = $derived(this.subject?.process.key ?? null);
  readonly target = $derived(this.subject?.process.namespaces ?? null);
  /** The namespaces that nsenter is started from: the host process's. */
  readonly own = $derived(world.byPid.get(world.current?.host.pid ?? -1)?.namespaces ?? null);
  readonly gone = $derived(world.current !== null && this.ref !== null && this.subject === null);
  readonly words = $derived(splitWords(this.program));
  unusable = $state.raw<Unusable>({});
  readonly options = $derived<NsenterOptions>({
    ...this.chosen,
    target: this.subject?.process.key ?? (this.ref?.kind === 'process' ? this.ref.key : null),
    program: this.words.ok ? [...this.words.words] : [],
  });
  readonly paths = $derived(nsenterPaths(this.options));
  readonly changed = $derived(
    !sameChoice(this.chosen, this.preset.options) ||
      Object.keys(this.unusable).length > 0 ||
      ('own' in this.preset && this.program !== joinWords(this.preset.options.program)),
  );
  readonly entered = $derived(namespacesEntered(this.options, this.target, this.own));
  /** Where cgroups are mounted; `null` while it is not known. */
  hierarchies = $state.raw<readonly CgroupHierarchy[] | null>(null);
  /** The words before nsenter's own: joining the target's cgroups, if it is asked for. */
  readonly #joining = $derived(
    this.hierarchies !== null && this.subject !== null
      ? joiningOf(this.subject.process.cgroups, this.hierarchies)
      : null,
  );
  readonly #before = $derived(this.options.joinCgroups && this.#joining ? joiningArgv(this.#joining.files, []) : []);
  readonly blocked = $derived(
    blockedWords(this.words, NSENTER_FLAGS, this.unusable) ??
      // What is shown as the command would not be what is run.
      (this.options.joinCgroups && this.hierarchies === null && !this.gone
        ? 'Where the target’s cgroups are is not known yet.'
        : null),
  );
  readonly argv = $derived([...this.#before, ...nsenterArgv(this.options)]);
  readonly tokens = $derived(
    [
      ...this.#before.map((word) => ({ quoted: shellQuoted(word), namespace: null, flag: null })),
      ...nsenterParts(this.options),
    ].map((part) => ({ ...part, suggested: false })),
  );
  readonly #reach = $derived(world.current ? reachOf(world.current, readerOf(world.current)) : NO_REACH);
  /** What the file setgroups of this target says, `''` where that is not known; user_namespaces(7). */
  setgroups = $state.raw<{ readonly of: string; readonly text: string } | null>(null);
  readonly #case = $derived<NsenterCase>({
    support: this.support,
    target: this.target,
    own: this.own,
    gone: this.gone,
    joining: this.#joining,
    innerPid: this.subject?.process.nspid.at(-1) ?? null,
    groupsClosed:
      this.setgroups !== null &&
      this.setgroups.of === this.options.target &&
      this.setgroups.text.trim() === 'deny' &&
      !capabilityBits(world.current?.host.capEff ?? '').includes(CAP_SETGID),
    ...this.#reach,
    look: (path) => this.looks.get(path) ?? null,
    fileId: (path) => this.#reach.fileId(path) ?? this.#idByInode(path),
  });
  readonly advice = $derived<readonly NsenterAdvice[]>(nsenterAdvice(this.options, this.#case));

  /** Of a file that no look at the machine has found. */
  #idByInode(path: string): NamespaceId | null {
    const look = this.looks.get(path);
    if (look?.is !== 'namespace') return null;
    return world.current?.namespaces.find(({ inode }) => inode === look.inode)?.id ?? null;
  }

  /** Why this type cannot be entered, whether it is ticked or not. */
  refusal(type: NamespaceType): Refusal | null {
    const id = idToEnter(this.options, type, this.#case);
    return id === null ? null : refusalOf(type, this.#case.may(id));
  }

  /** The user namespace that has to be entered for this type, and is not. */
  userNeeded(type: NamespaceType): NamespaceId | null {
    return userNeeded(this.options, type, this.#case);
  }

  /**
   * What the view was opened with: whom, with which preset, or into which one
   * namespace, by the file that stands for it or a socket that was made in it.
   */
  openedWith({ target, preset, only, file, socket }: Params): void {
    const ref = parseRef(target);
    if (ref) this.ref = ref;
    const wanted = NSENTER_PRESETS.find(({ id }) => id === preset);
    if (wanted) this.take(wanted);
    const type = NAMESPACE_TYPES.find((known) => known === only);
    if (type === undefined) return;
    if (file !== undefined) this.ref = null;
    this.unusable = {};
    if (socket !== undefined && /^\d{1,9}$/.test(socket)) {
      this.chosen = { ...NO_NSENTER, netSocket: Number(socket) };
      return;
    }
    this.chosen = { ...NO_NSENTER, namespaces: [type], files: file === undefined ? {} : { [type]: file } };
  }

  /** What could be saved as a preset; `null` while something in the form cannot be read. Whom it enters is no part of it. */
  readonly choice = $derived<NsenterOptions | null>(
    this.words.ok && Object.keys(this.unusable).length === 0 ? { ...this.options, target: null } : null,
  );

  /** A program that was typed stays; one that came with a preset goes with it. One's own comes with its own. */
  take(preset: NsenterPreset | OwnPreset<NsenterOptions>): void {
    const typed = this.program !== joinWords(this.preset.options.program);
    if ('own' in preset || !typed) this.program = joinWords(preset.options.program);
    this.preset = preset;
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

  set(some: Partial<NsenterOptions>): void {
    this.chosen = { ...this.chosen, ...some };
    this.unusable = withoutFlags(this.unusable, Object.keys(some));
  }

  setFlag(flag: EnterFlag, value: FlagValue): void {
    this.set({ [flag]: value });
  }

  setUnusable(flag: EnterFlag, text: string): void {
    this.set({ [flag]: null });
    this.unusable = { ...this.unusable, [flag]: text };
  }

  setFiles(files: NsenterOptions['files']): void {
    this.set({ files });
  }

  tick(type: NamespaceType, on: boolean): void {
    const others = this.chosen.namespaces.filter((other) => other !== type);
    this.set({ namespaces: on ? [...others, type] : others });
  }

  fix(advice: NsenterAdvice): void {
    if (!advice.fix) return;
    const { program, ...rest } = advice.fix;
    if (program !== undefined) this.program = joinWords(program);
    this.set(rest);
  }

  async start(): Promise<void> {
    if (this.starting || this.blocked !== null) return;
    this.starting = true;
    this.problem = null;
    try {
      const { kind, label, process } = this.subject ?? {};
      const name = kind === 'process' ? `${label} ${process?.pid}` : (label ?? null);
      await terminals.nsenter(this.options, name === null ? null : name.slice(0, 80));
    } catch (error) {
      this.problem = errorText(error);
    } finally {
      this.starting = false;
    }
  }
}

export const enter = new Enter();
