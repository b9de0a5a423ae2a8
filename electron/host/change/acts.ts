/**
 * What an engine is asked to do with containers and images, each with its line in the list of changes: what was before,
 * what the engine says afterwards, and the way back where there is one.
 */
import { actArgv, clientArgv, containerRef, reverseOf, type ContainerAction } from '../../../shared/container-act.ts';
import { PortholeError } from '../../../shared/frames.ts';
import type { ImageRemoved } from '../../../shared/images.ts';
import type { RanContainer } from '../../../shared/pull.ts';
import { runArgvForList, type RunOptions } from '../../../shared/run-container.ts';
import { ulimitText } from '../../../shared/run-parts.ts';
import { commandLine, errorText } from '../../../shared/text.ts';
import type { Engines } from '../engines/engines.ts';
import { parseListed, parseLooked } from '../engines/docker-container.ts';
import { field } from '../engines/field.ts';
import type { ChangeList, NewRecord } from './change-list.ts';
import type { ChangeRecord } from '../../../shared/change.ts';

/** A longer command line is not kept: the list goes to every page after each change. */
const COMMAND_CHARACTERS = 8192;
const ID_CHARACTERS = 12;

type Known = Pick<Engines, 'current' | 'inspect' | 'act' | 'image'>;
interface Which {
  readonly engine: string;
  readonly id: string;
}

export class Acts {
  readonly #engines: Known;
  readonly #made: ChangeList;

  constructor(engines: Known, made: ChangeList) {
    this.#engines = engines;
    this.#made = made;
  }

  /** Rejects with a PortholeError in the engine's words, once that stands in the list. */
  async act(which: Which, action: ContainerAction): Promise<void> {
    const { thrown } = await this.#act(which, action, null);
    if (thrown !== null) throw thrown;
  }

  /** `work` makes and starts the container. Settles as it does. */
  async run(engine: string, options: RunOptions, work: () => Promise<RanContainer>): Promise<RanContainer> {
    const line = this.#line(engine, 'run', options.name ?? options.image, options.image, runArgvForList(options));
    return this.#listed(line, work, async ({ id, warnings, notStarted, ulimits }) => ({
      of: options.name ?? id.slice(0, ID_CHARACTERS),
      container: id,
      readBack: await this.#says({ engine, id }),
      error: notStarted === null ? null : this.#refusal(engine, new PortholeError('failed', notStarted)),
      warnings:
        ulimits.length === 0
          ? warnings
          : [
              ...warnings,
              `It did not start as asked for, and was made anew with ${ulimits.map(ulimitText).join(', ')}.`,
            ],
    }));
  }

  /** Settles as `work` does. */
  async pull(engine: string, image: string, work: () => Promise<void>): Promise<void> {
    return this.#listed(this.#line(engine, 'pull', image, '', ['pull', image]), work, () => ({ readBack: 'here' }));
  }

  /** Rejects with a PortholeError in the engine's words. */
  async removeImage(engine: string, image: string, force: boolean): Promise<ImageRemoved> {
    const line = this.#line(engine, 'remove image', image, force ? 'force' : '', ['rmi', ...(force ? ['--force'] : []), image]); // prettier-ignore
    const work = () => this.#engines.image(engine, 'remove', (images, signal) => images.remove(image, force, signal));
    return this.#listed(line, work, ({ untagged, deleted }) => ({
      readBack: `${untagged.length} untagged, ${deleted.length} deleted`,
    }));
  }

  async #act(which: Which, action: ContainerAction, undoes: string | null): Promise<Acted> {
    const { engine: engineId, id } = which;
    const { engines, containers } = this.#engines.current();
    const engine = engines.find((one) => one.id === engineId);
    const before = containers.find((one) => one.id === id);
    const ref = containerRef(before ?? { name: null, id });
    const renames = action.do === 'rename';
    const thrown = await this.#engines.act(engineId, id, action).then(
      () => null,
      (error: unknown) => error,
    );
    // One that did not answer is not asked again: whoever waits is told now.
    const silent = thrown instanceof PortholeError && thrown.code === 'timeout';
    const readBack = silent ? null : await this.#says(which, renames);
    const back = thrown === null && undoes === null && before !== undefined ? reverseOf(action, before.name) : null;
    const record = this.#made.add(
      {
        ...this.#line(engineId, action.do, before?.name ?? id.slice(0, ID_CHARACTERS), wantedOf(action), []),
        container: id,
        from: renames ? (before?.name ?? null) : (before?.state ?? null),
        readBack,
        error: thrown === null ? null : this.#refusal(engineId, thrown),
        byHand: kept([...actArgv(engine ?? NO_ENGINE, ref, action)]),
        undoes,
      },
      back === null ? null : async (made) => (await this.#reverse(which, back, made)).record,
      (earlier) => thrown === null && earlier.container === id && ends(action.do, earlier),
    );
    return { record, thrown };
  }

  async #reverse(which: Which, back: ContainerAction, made: ChangeRecord): Promise<Acted> {
    const now = await this.#says(which, back.do === 'rename');
    if (now !== made.readBack) {
      const [says, left] = [now ?? 'not to be asked', made.readBack ?? 'unknown'];
      throw new PortholeError('failed', `Not undone: it is ${says} now, not ${left} as this left it.`);
    }
    return this.#act(which, back, made.id);
  }

  /** Its state, or its name, as the engine tells it now; `null` if it does not. */
  async #says({ engine, id }: Which, name = false): Promise<string | null> {
    try {
      const told = await this.#engines.inspect(engine, id);
      if (name) return parseListed({ Id: id, Names: [field(told, 'Name')] })?.name ?? null;
      const { state, exitCode } = parseLooked(told, false);
      return exitCode === null ? state : `${state} ${exitCode}`;
    } catch (error) {
      return error instanceof PortholeError && error.code === 'not-found' ? 'removed' : null;
    }
  }

  async #listed<T>(
    line: NewRecord,
    work: () => Promise<T>,
    done: (result: T) => Partial<NewRecord> | Promise<Partial<NewRecord>>,
  ): Promise<T> {
    const { via } = line;
    try {
      const result = await work();
      this.#made.add({ ...line, ...(await done(result)) }, null);
      return result;
    } catch (error) {
      this.#made.add({ ...line, error: { errno: null, call: saidBy(via, error) } }, null);
      throw error;
    }
  }

  #refusal(engineId: string, thrown: unknown): NewRecord['error'] {
    return { errno: null, call: saidBy(this.#name(engineId), thrown) };
  }

  #name(engineId: string): string {
    const kind = this.#engines.current().engines.find((one) => one.id === engineId)?.kind;
    return kind === 'podman' ? 'Podman' : 'Docker';
  }

  #line(engineId: string, name: string, of: string, wanted: string, argv: readonly string[]): NewRecord {
    const engine = this.#engines.current().engines.find((one) => one.id === engineId);
    return {
      what: 'act',
      name,
      of,
      container: null,
      path: null,
      from: null,
      wanted,
      readBack: null,
      file: null,
      error: null,
      warnings: [],
      byHand: kept([...clientArgv(engine ?? NO_ENGINE), ...argv]),
      via: this.#name(engineId),
      undoes: null,
    };
  }
}

interface Acted {
  readonly record: ChangeRecord;
  /** `null` if the engine did it. */
  readonly thrown: unknown;
}

/** Frozen or not, as an earlier act left it, it is no more once it is in another state; removed, it is nothing any more. */
const ends = (verb: ContainerAction['do'], { what, name }: ChangeRecord): boolean =>
  verb === 'remove' || (verb !== 'rename' && verb !== 'kill' && what === 'act' && name !== 'rename');

const NO_ENGINE = { kind: 'docker', address: '', source: '' } as const;

const kept = (argv: readonly string[]): string | null => {
  const line = commandLine(argv);
  return line.length > COMMAND_CHARACTERS ? null : line;
};

const saidBy = (via: string | null, thrown: unknown): string =>
  thrown instanceof PortholeError && thrown.code === 'timeout'
    ? `${thrown.message}. It may still happen.`
    : `${via} said: ${errorText(thrown)}`;

/** What it was asked for with, beside the verb. */
const wantedOf = (action: ContainerAction): string => {
  switch (action.do) {
    case 'kill':
      return /^\d+$/.test(action.signal) ? action.signal : `SIG${action.signal.replace(/^SIG/, '')}`;
    case 'rename':
      return action.name;
    case 'remove':
      return [...(action.force ? ['force'] : []), ...(action.volumes ? ['volumes'] : [])].join(', ');
    case 'stop':
    case 'restart':
      return action.seconds === null ? '' : `${action.seconds} s`;
    default:
      return '';
  }
};
