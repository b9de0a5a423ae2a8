/** The main thread's handle on the sampler's worker. It passes bytes on and does no work on them. */
import { Worker } from 'node:worker_threads';
import type { CgroupDetail, CgroupTree } from '../../../shared/cgroup-model.ts';
import type { ContainerUse, MemoryNow } from '../../../shared/container-use.ts';
import type { Mount } from '../../../shared/mounts.ts';
import { PortholeError } from '../../../shared/frames.ts';
import type { NamespaceInside } from '../../../shared/inside.ts';
import type { EngineState, HostInfo, ProcessDetail, ProcessKey, Reading } from '../../../shared/model.ts';
import type { Account, AccountPart, MachineThreads } from '../../../shared/process-account.ts';
import type { ProcFile, ProcListing } from '../../../shared/proc-model.ts';
import type { RunningContainer } from '../collect/container-use.ts';
import type { EngineContainer } from '../collect/containers.ts';
import type { FromWorker, Question, Questions, ToWorker, WorkerData } from './messages.ts';

/** The live world for one viewer: a whole World if `base` is null, else a WorldDelta against frame `base`; UTF-8 JSON. */
export interface WorldFrameBytes {
  readonly seq: number;
  readonly base: number | null;
  readonly json: Uint8Array;
}

interface Asking {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** A worker that ends at once when started must not be started as fast as it can end. */
const RESTART_MILLIS = 1000;

export class Sampler {
  readonly #script: URL;
  readonly #intervalMillis: number;
  readonly #viewers = new Map<string, (frame: WorldFrameBytes) => void>();
  readonly #asking = new Map<number, Asking>();
  readonly #failureListeners = new Set<(message: string) => void>();
  #engines: Extract<ToWorker, { k: 'engines' }> | null = null;
  #worker: Worker | null = null;
  #restart: NodeJS.Timeout | null = null;
  #startedAt = 0;
  #nextId = 1;
  #closed = false;

  /** `script`: the bundled worker.ts. The worker starts at first use. */
  constructor(script: URL, intervalMillis = 1000) {
    this.#script = script;
    this.#intervalMillis = intervalMillis;
  }

  /** Sampling starts with the first viewer. The first frame is whole; attaching again starts over. */
  attach(viewer: string, onFrame: (frame: WorldFrameBytes) => void): void {
    this.#viewers.set(viewer, onFrame);
    if (!this.#start()) this.#tell({ k: 'attach', viewer });
  }

  /** The viewer has applied that frame; it gets the newest next and misses those between. */
  ready(viewer: string, seq: number): void {
    if (this.#viewers.has(viewer)) this.#tell({ k: 'ready', viewer, seq });
  }

  /** Sampling stops with the last viewer. */
  detach(viewer: string): void {
    if (this.#viewers.delete(viewer)) this.#tell({ k: 'detach', viewer });
  }

  /** Looks again at once, if anybody looks at all. */
  setEngines(engines: readonly EngineState[], containers: readonly EngineContainer[]): void {
    this.#engines = { k: 'engines', engines, containers };
    this.#tell(this.#engines);
  }

  /** Read now. Rejects with a {@link PortholeError} `not-found` if the process ended. */
  detail(key: ProcessKey): Promise<ProcessDetail> {
    return this.#ask('detail', key);
  }

  /** Read now; `path` as the contract takes it. Rejects with a {@link PortholeError} `not-found` if the process ended. */
  procList(key: ProcessKey, path: string): Promise<ProcListing> {
    return this.#ask('procList', { key, path });
  }

  /** As {@link procList}, for one file from this byte on. */
  procRead(key: ProcessKey, path: string, offset = 0): Promise<ProcFile> {
    return this.#ask('procRead', { key, path, offset });
  }

  /** Read now. Rejects with a {@link PortholeError} `not-found` if there is no such namespace. */
  namespaceInside(of: Questions['namespaceInside']['args']): Promise<NamespaceInside> {
    return this.#ask('namespaceInside', of);
  }

  /** Who holds namespaces is read at the next look instead of in turns, and if anybody looks, that comes soon. */
  namespacesAnew(): Promise<null> {
    return this.#ask('namespacesAnew', null);
  }

  /** Read now. */
  cgroupTree(): Promise<CgroupTree> {
    return this.#ask('cgroupTree', null);
  }

  /** Read now. Rejects with a {@link PortholeError} `not-found` if there is no such cgroup. */
  cgroupDetail(path: string): Promise<CgroupDetail> {
    return this.#ask('cgroupDetail', path);
  }

  /** Read now; a text says why its cgroup cannot be read. */
  containerUse(container: RunningContainer): Promise<ContainerUse | string> {
    return this.#ask('containerUse', container);
  }

  memoryNow(containers: readonly RunningContainer[]): Promise<readonly MemoryNow[]> {
    return this.#ask('memoryNow', containers);
  }

  /** Read now. Rejects with a {@link PortholeError} `not-found` if the process ended. */
  account(of: Questions['account']['args']): Promise<Account[AccountPart]> {
    return this.#ask('account', of);
  }

  threads(): Promise<MachineThreads> {
    return this.#ask('threads', null);
  }

  /** As {@link account}. */
  mounts(key: ProcessKey): Promise<Reading<readonly Mount[]>> {
    return this.#ask('mounts', key);
  }

  hostInfo(): Promise<HostInfo> {
    return this.#ask('hostInfo', null);
  }

  /** Read now; `null` if the process ended or none of its namespaces is readable. */
  namespacesOf(pid: number): Promise<Questions['namespacesOf']['answer']> {
    return this.#ask('namespacesOf', pid);
  }

  /** A look that failed, or a worker that ended by itself. Sampling goes on in both cases. */
  onFailure(listener: (message: string) => void): void {
    this.#failureListeners.add(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    this.#viewers.clear();
    this.#rejectAll('the sampler is closed');
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #ask<Q extends Question>(question: Q, args: Questions[Q]['args']): Promise<Questions[Q]['answer']> {
    if (this.#closed) return Promise.reject(new PortholeError('failed', 'the sampler is closed'));
    if (this.#restart !== null)
      return Promise.reject(new PortholeError('failed', 'the sampler is being started again'));
    this.#start();
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#asking.set(id, { resolve, reject });
      this.#tell({ k: 'ask', id, question, args });
    });
  }

  #tell(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  /** True if it was not running: then it knows all viewers and engines already. */
  #start(): boolean {
    if (this.#worker !== null || this.#restart !== null || this.#closed) return this.#restart !== null;
    this.#startedAt = performance.now();
    const data: WorkerData = { intervalMillis: this.#intervalMillis };
    const worker = new Worker(this.#script, { workerData: data, name: 'sampler' });
    this.#worker = worker;
    let reason = 'it stopped';
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error: Error) => (reason = error.message));
    worker.on('exit', () => this.#ended(worker, reason));
    if (this.#engines !== null) this.#tell(this.#engines);
    for (const viewer of this.#viewers.keys()) this.#tell({ k: 'attach', viewer });
    return true;
  }

  #receive(message: FromWorker): void {
    switch (message.k) {
      case 'frame': {
        const { seq, base, json } = message;
        this.#viewers.get(message.viewer)?.({ seq, base, json });
        break;
      }
      case 'answer':
        this.#settle(message.id)?.resolve(message.value as never);
        break;
      case 'error':
        this.#settle(message.id)?.reject(new PortholeError(message.code, message.message));
        break;
      case 'failure':
        this.#fail(`This look at the machine failed: ${message.message}`);
        break;
    }
  }

  #ended(worker: Worker, reason: string): void {
    if (this.#closed || this.#worker !== worker) return;
    this.#worker = null;
    this.#rejectAll(`the sampler ended: ${reason}`);
    this.#fail(`The sampler ended and is started again: ${reason}`);
    if (this.#viewers.size === 0) return;
    const waitMillis = Math.max(0, this.#startedAt + RESTART_MILLIS - performance.now());
    this.#restart = setTimeout(() => {
      this.#restart = null;
      if (this.#viewers.size > 0) this.#start();
    }, waitMillis);
  }

  #fail(message: string): void {
    for (const listener of this.#failureListeners) listener(message);
  }

  #rejectAll(message: string): void {
    for (const { reject } of this.#asking.values()) reject(new PortholeError('failed', message));
    this.#asking.clear();
  }

  #settle(id: number): Asking | undefined {
    const asking = this.#asking.get(id);
    this.#asking.delete(id);
    return asking;
  }
}
