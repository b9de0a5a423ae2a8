/** Between the sampler in the host's main thread and its worker. */
import type { CgroupDetail, CgroupTree } from '../../../shared/cgroup-model.ts';
import type { ContainerUse, MemoryNow } from '../../../shared/container-use.ts';
import type { Mount } from '../../../shared/mounts.ts';
import type { ErrorCode } from '../../../shared/frames.ts';
import type { NamespaceInside } from '../../../shared/inside.ts';
import type {
  EngineState,
  HostInfo,
  NamespaceId,
  NamespaceType,
  ProcessDetail,
  ProcessKey,
  Reading,
} from '../../../shared/model.ts';
import type { Account, AccountPart, MachineThreads } from '../../../shared/process-account.ts';
import type { ProcFile, ProcListing } from '../../../shared/proc-model.ts';
import type { RunningContainer } from '../collect/container-use.ts';
import type { EngineContainer } from '../collect/containers.ts';

/** A path below a process's directory. */
export interface ProcPlace {
  readonly key: ProcessKey;
  readonly path: string;
}

/** What can be asked of the worker, and what it answers. */
export interface Questions {
  detail: { readonly args: ProcessKey; readonly answer: ProcessDetail };
  procList: { readonly args: ProcPlace; readonly answer: ProcListing };
  procRead: { readonly args: ProcPlace & { readonly offset: number }; readonly answer: ProcFile };
  /** `of`: as this member sees it. */
  namespaceInside: {
    readonly args: { readonly id: NamespaceId; readonly of: ProcessKey | null };
    readonly answer: NamespaceInside;
  };
  /** Who holds namespaces is read at the next look, which comes soon. */
  namespacesAnew: { readonly args: null; readonly answer: null };
  cgroupTree: { readonly args: null; readonly answer: CgroupTree };
  cgroupDetail: { readonly args: string; readonly answer: CgroupDetail };
  containerUse: { readonly args: RunningContainer; readonly answer: ContainerUse | string };
  memoryNow: { readonly args: readonly RunningContainer[]; readonly answer: readonly MemoryNow[] };
  account: {
    readonly args: { readonly key: ProcessKey; readonly part: AccountPart };
    readonly answer: Account[AccountPart];
  };
  threads: { readonly args: null; readonly answer: MachineThreads };
  mounts: { readonly args: ProcessKey; readonly answer: Reading<readonly Mount[]> };
  hostInfo: { readonly args: null; readonly answer: HostInfo };
  namespacesOf: {
    readonly args: number;
    readonly answer: Readonly<Record<NamespaceType, NamespaceId | null>> | null;
  };
}
export type Question = keyof Questions;

export type ToWorker =
  | { readonly k: 'attach'; readonly viewer: string }
  | { readonly k: 'ready'; readonly viewer: string; readonly seq: number }
  | { readonly k: 'detach'; readonly viewer: string }
  | {
      readonly k: 'engines';
      readonly engines: readonly EngineState[];
      readonly containers: readonly EngineContainer[];
    }
  | { readonly k: 'ask'; readonly id: number; readonly question: Question; readonly args: unknown };

export type FromWorker =
  | {
      readonly k: 'frame';
      readonly viewer: string;
      readonly seq: number;
      readonly base: number | null;
      readonly json: Uint8Array<ArrayBuffer>;
    }
  | { readonly k: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly k: 'error'; readonly id: number; readonly code: ErrorCode; readonly message: string }
  /** A look that failed; the next one is tried all the same. */
  | { readonly k: 'failure'; readonly message: string };

export interface WorkerData {
  readonly intervalMillis: number;
}
