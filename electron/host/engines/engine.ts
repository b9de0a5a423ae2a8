/** What Porthole asks of a container engine. One adapter for each kind of engine; everything else is on this side. */
import type { Readable } from 'node:stream';
import type { ContainerAction } from '../../../shared/container-act.ts';
import type { LogQuery } from '../../../shared/logs.ts';
import type { LocalImage } from '../../../shared/pull.ts';
import type { RunOptions } from '../../../shared/run-container.ts';
import type { ImageCalls } from './images.ts';
import type { EngineAccount } from './stats.ts';
import type { RegistryAuth } from './credentials.ts';
import type { ExecCalls } from './exec.ts';
import type { ContainerPod, ContainerPort, ContainerState } from '../../../shared/model.ts';

export interface EngineVersion {
  readonly kind: 'docker' | 'podman';
  readonly version: string;
  /** `null` if the engine does not say. */
  readonly rootless: boolean | null;
}

/** A container as the engine's list tells it. */
export interface Listed {
  readonly id: string;
  readonly name: string | null;
  readonly image: string | null;
  readonly command: string | null;
  readonly state: ContainerState;
  readonly status: string | null;
  readonly createdAt: number | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly ContainerPort[];
  readonly project: string | null;
  readonly pod: ContainerPod | null;
}

/** What only a look at one container tells. */
export interface Looked {
  readonly state: ContainerState;
  /** `null` too where the engine counts on another machine. */
  readonly pid: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly exitCode: number | null;
  readonly health: 'starting' | 'healthy' | 'unhealthy' | null;
  readonly networkMode: string | null;
  readonly pidMode: string | null;
  readonly ipcMode: string | null;
  readonly restartPolicy: string | null;
  readonly autoRemove: boolean | null;
}

export interface Follower {
  /** From here on no event is missed. */
  opened(): void;
  /** Something happened to this container. */
  touched(id: string): void;
  /** Something happened to an image. */
  images(): void;
  /** Something was said that could not be understood. */
  garbled(): void;
}

/** Every promise rejects with the failing call's error, or when `signal` is aborted; how long to wait is the caller's. */
export interface Engine {
  /** Connects if need be. Rejects if what answers is no engine. */
  ping(signal: AbortSignal): Promise<void>;
  /** Slow: Podman asks the package manager, about a second, more on a busy machine. */
  version(signal: AbortSignal): Promise<EngineVersion>;
  /** All containers, running or not; or those of `ids` that exist. */
  list(ids: readonly string[] | null, signal: AbortSignal): Promise<readonly Listed[]>;
  /** Rejects with a PortholeError `not-found` if it was removed. */
  look(id: string, signal: AbortSignal): Promise<Looked>;
  /** The engine's own account, unchanged. Rejects with a PortholeError in the engine's words. */
  inspect(id: string, signal: AbortSignal): Promise<unknown>;
  /** What it uses now, unchanged: the engine's own counters, and what it was asked to limit them to. */
  stats(id: string, signal: AbortSignal): Promise<EngineAccount>;
  /** Its processes as the engine's own ps lists them, unchanged. Rejects with a PortholeError in the engine's words. */
  top(id: string, signal: AbortSignal): Promise<unknown>;
  /** Every path that differs from the image's, unchanged. Slow: the engine walks the whole file system. */
  diff(id: string, signal: AbortSignal): Promise<unknown>;
  /** Sets limits of a container; `body` as the engine's API takes it. Rejects with a PortholeError in the engine's words. */
  update(id: string, body: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<readonly string[]>;
  /** Changes one container. Rejects with a PortholeError in the engine's words. */
  act(id: string, action: ContainerAction, signal: AbortSignal): Promise<void>;
  /** What can be asked about its images. */
  imageCalls(): ImageCalls;
  /** What can be asked about programs started in its containers. */
  execCalls(): ExecCalls;
  /** Follows a container's log, each line with its time. Rejects in the engine's words. */
  logs(id: string, query: LogQuery, signal: AbortSignal): Promise<Readable>;
  /** The images that have a name. */
  images(signal: AbortSignal): Promise<readonly LocalImage[]>;
  /** Fetches an image; `take` gets each JSON line of its progress. Rejects in the engine's words, or with what `take` throws. */
  pull(image: string, auth: RegistryAuth | null, take: (line: string) => void, signal: AbortSignal): Promise<void>;
  /** Makes a container and does not start it. Rejects in the engine's words: `not-found` if the image is not here. */
  create(
    options: RunOptions,
    signal: AbortSignal,
  ): Promise<{ readonly id: string; readonly warnings: readonly string[] }>;
  /** Follows the engine's events until they end. */
  follow(follower: Follower, signal: AbortSignal): Promise<void>;
  /** Lets go of every connection. */
  close(): void;
}
