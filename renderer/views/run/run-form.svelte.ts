/** What the Run form holds, and the run it started. It outlives the view, so that nobody fills it in twice. */
import * as v from 'valibot';
import { clientArgv } from '../../../shared/container-act.ts';
import type { EngineState } from '../../../shared/model.ts';
import type { LocalImage, PullTold } from '../../../shared/pull.ts';
import { onlyPodmanShares, plainRun, runArgv, RunOptions } from '../../../shared/run-container.ts';
import { ulimitText } from '../../../shared/run-parts.ts';
import { connection } from '../../store/connection.svelte.ts';
import { world } from '../../store/world.svelte.ts';
import { selection } from '../../store/selection.svelte.ts';
import { containerSubject } from '../../store/subject.ts';
import { withAdvice } from './run-advice.ts';
import { splitWords } from '../unshare/shell-words.ts';
import {
  typedCapabilities,
  typedEnv,
  typedLabel,
  typedMemory,
  typedMilliCpus,
  typedPids,
  typedPort,
  typedDevice,
  typedTmpfs,
  typedUlimit,
  typedVolume,
} from './typed.ts';
import { listed } from '../../../shared/sentence.ts';
import { errorText } from '../../../shared/text.ts';

/** Everything that is typed as text. */
const EMPTY = {
  image: '',
  name: '',
  command: '',
  user: '',
  workdir: '',
  entrypoint: '',
  hostname: '',
  network: '',
  shm: '',
  memory: '',
  cpus: '',
  pids: '',
  capAdd: '',
  capDrop: '',
  seccomp: '',
  retries: '',
};
export type TextField = keyof typeof EMPTY;
export const LISTS = {
  env: typedEnv,
  labels: typedLabel,
  ports: typedPort,
  volumes: typedVolume,
  tmpfs: typedTmpfs,
  devices: typedDevice,
  ulimits: typedUlimit,
} as const;
export type ListField = keyof typeof LISTS;
type Chosen = Omit<RunOptions, TextField | ListField | 'memoryBytes' | 'milliCpus' | 'pids' | 'shmBytes'>;
const noLists = (): Record<ListField, string[]> => ({
  ...{ env: [], labels: [], ports: [], volumes: [], tmpfs: [], devices: [], ulimits: [] },
});

const LIMITS_WORDS =
  'The engine’s own resource limits may not be set, so it was made with those that stand under Ulimits now.';

export class RunForm {
  /** The engine's id; `null` until one is up. */
  engine = $state<string | null>(null);
  texts = $state({ ...EMPTY });
  lists = $state(noLists());
  chosen = $state.raw<Chosen>(plainRun(''));
  /** `null` while they are not known. */
  images = $state.raw<readonly LocalImage[] | null>(null);
  job = $state<string | null>(null);
  pull = $state.raw<PullTold | null>(null);
  /** Why there is no container, or none that runs; hostile text. */
  problem = $state<string | null>(null);
  /** What could not be started and is there all the same; its name is taken. */
  left = $state<string | null>(null);
  cancelled = $state(false);
  warnings = $state.raw<readonly string[]>([]);

  readonly words = $derived(splitWords(this.texts.command));
  /** The names of fields whose text is not of their form. */
  readonly bad = $derived.by<ReadonlySet<TextField | ListField>>(() => {
    const { memory, cpus, pids, capAdd, capDrop, image, workdir, shm, hostname, network, seccomp, retries } = this.texts; // prettier-ignore
    const wrong: [TextField | ListField, boolean][] = [
      ['image', /\s|^-/.test(image.trim())],
      ['command', !this.words.ok],
      ['workdir', workdir !== '' && !workdir.startsWith('/')],
      ['shm', shm.trim() !== '' && typedMemory(shm) === null],
      ['hostname', hostname.trim() !== '' && !v.is(RunOptions.entries.hostname, hostname.trim())],
      ['network', network.trim() !== '' && !v.is(RunOptions.entries.net, { network: network.trim() })],
      ['memory', memory.trim() !== '' && typedMemory(memory) === null],
      ['cpus', cpus.trim() !== '' && typedMilliCpus(cpus) === null],
      ['pids', pids.trim() !== '' && typedPids(pids) === null],
      ['seccomp', seccomp.trim() !== '' && !v.is(RunOptions.entries.seccomp, seccomp.trim())],
      ['retries', retries.trim() !== '' && !v.is(RunOptions.entries.restart, `on-failure:${retries.trim()}`)],
      ['capAdd', typedCapabilities(capAdd) === null],
      ['capDrop', typedCapabilities(capDrop) === null],
      ...(Object.keys(LISTS) as ListField[]).map((list): [ListField, boolean] => [
        list,
        this.lists[list].some((text) => text.trim() !== '' && LISTS[list](text) === null),
      ]),
    ];
    return new Set(wrong.filter(([, is]) => is).map(([field]) => field));
  });

  /** What would be asked for; fields that are not of their form are left out. */
  readonly options = $derived.by<RunOptions>(() => {
    const { texts, lists } = this;
    const or = (text: string): string | null => (text.trim() === '' ? null : text.trim());
    const read = <T>(texts: readonly string[], typed: (text: string) => T | null): T[] =>
      texts.map(typed).filter((value) => value !== null);
    return {
      ...plainRun(texts.image.trim()),
      ...this.chosen,
      image: texts.image.trim(),
      name: or(texts.name),
      command: this.words.ok ? [...this.words.words] : [],
      user: or(texts.user),
      workdir: or(texts.workdir),
      entrypoint: or(texts.entrypoint),
      hostname: or(texts.hostname),
      // Whose namespace it is comes first: a network can be named only for its own.
      net:
        this.chosen.net === 'own' && or(texts.network) !== null ? { network: texts.network.trim() } : this.chosen.net,
      seccomp: or(texts.seccomp),
      restart: this.chosen.restart === 'on-failure' && or(texts.retries) !== null ? `on-failure:${texts.retries.trim()}` : this.chosen.restart, // prettier-ignore
      shmBytes: typedMemory(texts.shm),
      memoryBytes: typedMemory(texts.memory),
      milliCpus: typedMilliCpus(texts.cpus),
      pids: typedPids(texts.pids),
      capAdd: [...(typedCapabilities(texts.capAdd) ?? [])],
      capDrop: [...(typedCapabilities(texts.capDrop) ?? [])],
      env: read(lists.env, typedEnv),
      ports: read(lists.ports, typedPort),
      volumes: read(lists.volumes, typedVolume),
      labels: read(lists.labels, typedLabel),
      tmpfs: read(lists.tmpfs, typedTmpfs),
      devices: read(lists.devices, typedDevice),
      ulimits: read(lists.ulimits, typedUlimit),
    };
  });
  /** What the contract has against it: a name given twice, a text too long; `null` if nothing. */
  readonly objection = $derived.by<string | null>(() => {
    if (this.options.image === '') return null;
    const parsed = v.safeParse(RunOptions, this.options);
    const unshared = this.client === 'docker' ? onlyPodmanShares(this.options) : [];
    if (unshared.length > 0) return `${listed(unshared)}: Docker does not share it with a container; Podman does`;
    if (parsed.success) return null;
    return `${v.getDotPath(parsed.issues[0])?.replace(/\..*/, '') ?? 'The form'}: ${parsed.issues[0].message}`;
  });
  readonly ready = $derived(this.options.image !== '' && this.bad.size === 0 && this.objection === null);

  set(some: Partial<Chosen>): void {
    this.chosen = { ...this.chosen, ...some };
  }

  clear(): void {
    this.texts = { ...EMPTY };
    this.lists = noLists();
    this.chosen = plainRun('');
    this.problem = null;
    this.left = null;
    this.warnings = [];
    this.pull = null;
  }

  argv(engine: EngineState | undefined): readonly string[] {
    const options = this.options.image === '' ? { ...this.options, image: 'IMAGE' } : this.options;
    return [...(engine ? clientArgv(engine) : ['docker']), ...runArgv(options)];
  }

  async listImages(): Promise<void> {
    const { client } = connection;
    const { engine } = this;
    if (client === null || engine === null) return;
    const images = await client.call('image.list', { engine }).catch(() => null);
    if (this.engine === engine) this.images = images;
  }

  async start(): Promise<void> {
    const { client } = connection;
    if (client === null || this.engine === null || this.job !== null || !this.ready) return;
    const job = crypto.randomUUID();
    this.job = job;
    this.pull = null;
    this.problem = null;
    this.left = null;
    this.warnings = [];
    this.cancelled = false;
    const stop = client.on('pull', (told) => {
      if (told.job === job) this.pull = told;
    });
    try {
      const { id, warnings, notStarted, left, ulimits } = await client.call('container.run', {
        engine: this.engine,
        job,
        options: $state.snapshot(this.options) as RunOptions,
      });
      this.warnings = ulimits.length === 0 ? warnings : [...warnings, LIMITS_WORDS];
      if (ulimits.length > 0) this.lists.ulimits = ulimits.map(ulimitText);
      if (notStarted === null) {
        this.pull = null;
        this.texts.name = '';
        if (selection.view === 'run') selection.go('containers', {}, containerSubject(id));
      } else {
        this.left = left ? id : null;
        const words = left ? 'Created, and not started.' : 'Not started, and removed at once: it was made with --rm.';
        this.problem = `${words} ${withAdvice(notStarted, this.options, this.client)}`;
      }
    } catch (error) {
      const message = errorText(error);
      this.problem = this.cancelled
        ? 'Cancelled. No container was made.'
        : `Not run. ${withAdvice(message, this.options, this.client)}`;
    } finally {
      stop();
      this.job = null;
      void this.listImages();
    }
  }

  get client(): 'docker' | 'podman' {
    return (this.engine === null ? undefined : world.engines.get(this.engine))?.kind ?? 'docker';
  }

  async cancel(): Promise<void> {
    if (this.job === null || connection.client === null) return;
    this.cancelled = true;
    // Where the connection goes, the run ends with it.
    await connection.client.call('container.cancelRun', { job: this.job }).catch(() => undefined);
  }
}

export const runForm = new RunForm();
