/** Lays the graph out, group by group, in a worker; what was laid out once is remembered by its shape. */
import ELK from 'elkjs/lib/elk-api.js';
import type { Viewport } from './graph-sight.ts';
import type { Graph } from '../../../shared/graph.ts';
import type { Group } from './graph-groups.ts';
import { alone, laidOut, belowHost, type ElkAnswer, type LaidOut } from './graph-scene.ts';
import { EMPTY, shelve, type Shelves } from './graph-shelves.ts';
import { errorText } from '../../../shared/text.ts';

/** Shapes to remember: more than any screen shows, less than a day of coming and going would pile up. */
const REMEMBERED = 2000;

export interface Arranged {
  readonly graph: Graph;
  readonly groups: readonly Group[];
  /** By the group's key. */
  readonly layouts: ReadonlyMap<string, LaidOut>;
  readonly shelves: Shelves;
}

export class GraphLayout {
  /** What was arranged last; replaced whole. `null` before the first. */
  arranged = $state.raw<Arranged | null>(null);
  /** What is in sight; `null` before anything was. */
  viewport = $state.raw<Viewport | null>(null);
  /** Why it could not be laid out. */
  problem = $state<string | null>(null);

  readonly #known = new Map<string, LaidOut>();
  #worker: Worker | null = null;
  #elk: { layout(graph: unknown): Promise<unknown> } | null = null;
  #turn = 0;

  /** Resolves when {@link arranged} holds them, or when a later call came first. */
  async arrange(graph: Graph, groups: readonly Group[]): Promise<void> {
    const turn = ++this.#turn;
    try {
      for (const group of groups) if (!this.#known.has(group.shape)) await this.#layOut(group);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.problem = errorText(error);
      this.stop();
      return;
    }
    // Meanwhile the machine went on; the call that came of that will set it.
    if (turn !== this.#turn) return;
    const layouts = new Map(groups.map((group) => [group.key, this.#known.get(group.shape)!]));
    const shelved = groups.filter((group) => !belowHost(group));
    const shelves = shelve(
      shelved.map(({ key }) => ({ key, width: layouts.get(key)!.width, height: layouts.get(key)!.height })),
      this.arranged?.shelves ?? EMPTY,
    );
    this.arranged = { graph, groups, layouts, shelves };
    this.problem = null;
  }

  async #layOut(group: Group): Promise<void> {
    const layout = group.elk === null ? alone(group) : laidOut((await this.#ask(group.elk)) as ElkAnswer);
    this.#known.set(group.shape, layout);
    for (const shape of this.#known.keys()) {
      if (this.#known.size <= REMEMBERED) break;
      this.#known.delete(shape);
    }
  }

  #ask(graph: unknown): Promise<unknown> {
    const broken = new Promise<never>((_, reject) => {
      this.#worker ??= new Worker(new URL('./graph-worker.ts', import.meta.url), { type: 'module' });
      this.#worker.addEventListener('error', (event) => reject(new Error(event.message || 'its worker did not start')));
    });
    const worker = this.#worker!;
    this.#elk ??= new ELK({ workerFactory: () => worker, algorithms: ['layered'] });
    // ELK writes its answer into what it is given; ours stays as it is.
    return Promise.race([this.#elk.layout(structuredClone(graph)), broken]);
  }

  /** The library tells of the same place again and again. */
  look(to: Viewport | undefined): void {
    const { viewport: at } = this;
    if (to && (at?.x !== to.x || at.y !== to.y || at.zoom !== to.zoom)) this.viewport = to;
  }

  /** Ends the worker; the next {@link arrange} starts another. What is known stays. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#elk = null;
  }
}

/** It outlives the view, so that everything is found where it was. */
export const graphLayout = new GraphLayout();
