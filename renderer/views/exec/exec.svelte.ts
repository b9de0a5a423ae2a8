/** What the form for exec holds. It outlives the view, so that nobody fills it in twice. */
import { containerRef } from '../../../shared/container-act.ts';
import { execArgv, type ExecOptions, type ExecProbe } from '../../../shared/exec.ts';
import { errorText, shellQuoted } from '../../../shared/text.ts';
import { connection } from '../../store/connection.svelte.ts';
import { selection, type Params } from '../../store/selection.svelte.ts';
import { terminals } from '../../store/terminals.svelte.ts';
import { world } from '../../store/world.svelte.ts';
import { findSubject, parseRef, refText, type Ref } from '../compare/subjects.ts';
import { containerName } from '../containers/order.ts';
import { typedEnv } from '../run/typed.ts';
import { blockedWords } from '../unshare/blocked.ts';
import type { AnyAdvice, Launcher } from '../unshare/launcher.ts';
import { splitWords } from '../unshare/shell-words.ts';
import { execAdvice } from './exec-advice.ts';
import { EXEC_PRESETS, type ExecPreset } from './exec-presets.ts';

export class ExecForm implements Launcher {
  ref = $state.raw<Ref | null>(null);
  preset = $state.raw<ExecPreset>(EXEC_PRESETS[0]);
  /** As typed; `''`: the container's shell. */
  program = $state('');
  user = $state('');
  workdir = $state('');
  env = $state.raw<string[]>([]);
  tty = $state(true);
  privileged = $state(false);
  problem = $state<string | null>(null);
  starting = $state(false);
  #probed = $state.raw<{ readonly of: string; readonly probe: ExecProbe } | null>(null);

  /** Of a process, the container it is in. */
  readonly id = $derived.by(() => {
    if (this.ref?.kind === 'container') return this.ref.id;
    return world.current && this.ref ? (findSubject(world.current, this.ref)?.container?.id ?? null) : null;
  });
  readonly container = $derived(this.id === null ? null : world.containers.get(this.id));
  readonly engine = $derived(this.container?.engine == null ? undefined : world.engines.get(this.container.engine));
  readonly #run = $derived(`${this.id} ${this.container?.startedAt}`);
  readonly probe = $derived(this.#probed?.of === this.#run ? this.#probed.probe : null);
  readonly shell = $derived(this.probe?.shell ?? 'sh');
  readonly words = $derived.by(() => {
    const words = splitWords(this.program);
    return words.ok && words.words.length === 0 ? { ...words, words: [this.shell] } : words;
  });
  readonly badEnv = $derived(this.env.some((line) => line.trim() !== '' && typedEnv(line) === null));
  readonly badWorkdir = $derived(this.workdir !== '' && !this.workdir.startsWith('/'));
  readonly blocked = $derived.by(() => {
    if (this.badWorkdir) return '--workdir takes a path that begins with /.';
    if (this.badEnv) return '--env takes NAME=value.';
    return blockedWords(this.words, [], {});
  });
  readonly options = $derived<ExecOptions>({
    command: this.words.ok ? [...this.words.words] : [this.shell],
    user: this.user.trim() === '' ? null : this.user.trim(),
    workdir: this.workdir === '' || this.badWorkdir ? null : this.workdir,
    env: this.env.map(typedEnv).filter((entry) => entry !== null),
    tty: this.tty,
    privileged: this.privileged,
  });
  readonly changed = $derived(
    this.program !== this.preset.program ||
      this.user !== this.preset.user ||
      this.tty !== this.preset.tty ||
      this.privileged ||
      this.workdir !== '' ||
      this.env.length > 0,
  );
  readonly argv = $derived(
    execArgv(
      this.engine ?? { kind: 'docker', address: '', source: '' },
      this.container ? containerRef(this.container) : (this.id ?? 'CONTAINER'),
      this.options,
    ),
  );
  readonly tokens = $derived(
    this.argv.map((word, at) => {
      const flag = word.startsWith('-') && at < this.argv.length - this.options.command.length ? word : null;
      return { quoted: shellQuoted(word), namespace: null, flag, suggested: false };
    }),
  );
  readonly advice = $derived<readonly AnyAdvice[]>(
    execAdvice({
      container: world.current === null ? null : this.container,
      engineUp: this.engine?.condition === 'up',
      probe: this.probe,
      typed: this.program.trim() !== '',
      tty: this.tty,
      privileged: this.privileged,
    }),
  );
  /** Worth asking which shell it has. */
  readonly askable = $derived(
    this.container?.state === 'running' && this.engine?.condition === 'up' && this.probe === null ? this.#run : null,
  );

  /** What the view was opened with: whom, and with which preset. */
  openedWith({ target, preset }: Params): void {
    const ref = parseRef(target);
    if (ref) this.ref = ref;
    const wanted = EXEC_PRESETS.find(({ id }) => id === preset);
    if (wanted) this.take(wanted);
  }

  take(preset: ExecPreset): void {
    this.preset = preset;
    this.program = preset.program;
    this.user = preset.user;
    this.tty = preset.tty;
    this.workdir = '';
    this.env = [];
    this.privileged = false;
  }

  /** The one thing that mends anything here: entering by nsenter, with this machine's tools. */
  fix(): void {
    if (this.ref) selection.go('unshare', { how: 'nsenter', target: refText(this.ref), preset: 'debug' });
  }

  /** Finds out which shell the container has. */
  async ask(): Promise<void> {
    const { client } = connection;
    const [of, id, engine] = [this.#run, this.id, this.engine?.id];
    if (client === null || id === null || engine === undefined) return;
    const probe = await client
      .call('exec.probe', { engine, id })
      .catch((error: unknown): ExecProbe => ({ shell: null, message: error instanceof Error ? error.message : '' }));
    if (this.#run === of) this.#probed = { of, probe };
  }

  async start(): Promise<void> {
    if (this.starting || this.blocked !== null) return;
    const { id, engine, container } = this;
    if (id === null || !container) this.problem = 'Choose a container first.';
    else if (engine === undefined) this.problem = 'No engine knows this container; nsenter enters it without one.';
    else {
      this.starting = true;
      this.problem = null;
      try {
        const options = $state.snapshot(this.options) as ExecOptions;
        await terminals.exec({ engine: engine.id, id, options, name: containerName(container).slice(0, 80) });
      } catch (error) {
        this.problem = errorText(error);
      } finally {
        this.starting = false;
      }
    }
  }
}

export const execForm = new ExecForm();
