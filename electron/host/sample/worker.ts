/** The worker thread that looks at the machine, so that no look ever delays a keystroke. */
import { parentPort, workerData } from 'node:worker_threads';
import { PortholeError } from '../../../shared/frames.ts';
import type { EngineState, ProcessKey, World } from '../../../shared/model.ts';
import { readCgroupDetail } from '../collect/cgroup-detail.ts';
import { readAccount } from '../collect/account.ts';
import { readCgroupTree } from '../collect/cgroups.ts';
import { Collector } from '../collect/collector.ts';
import { readMachineThreads } from '../collect/machine-threads.ts';
import { readMounts } from '../collect/container-mounts.ts';
import { NO_CGROUP, readContainerUse, readMemoryNow, type RunningContainer } from '../collect/container-use.ts';
import type { EngineContainer } from '../collect/containers.ts';
import { useOfProcesses } from '../collect/process-use.ts';
import { readNamespaces } from '../collect/host.ts';
import { readInside } from '../collect/inside.ts';
import { listProc, readProc } from '../collect/proc-browse.ts';
import { LinuxKernel } from '../read/kernel.ts';
import { linuxProcessFolders } from '../read/process-folder.ts';
import type { FromWorker, ProcPlace, Question, Questions, ToWorker, WorkerData } from './messages.ts';
import { Viewers } from './viewers.ts';
import { errorText } from '../../../shared/text.ts';

/** An engine may tell many things in a row: looks asked for at once come no closer together than this. */
const SOON_MILLIS = 100;
/** Who looks at a namespace on and on is told with the looks that come anyway. */
const ANEW_SOON_MILLIS = 5000;

const port = parentPort;
if (port === null) throw new Error('this file is the sampler of Porthole and runs as a worker thread');
const { intervalMillis } = workerData as WorkerData;

// A denied file is an exception of node:fs, and there may be thousands: nobody reads where they came from.
Error.stackTraceLimit = 0;

const kernel = new LinuxKernel();
const collector = new Collector(kernel);
const tell = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
const viewers = new Viewers((viewer, seq, base, json) => tell({ k: 'frame', viewer, seq, base, json }, [json.buffer]));

let engines: readonly EngineState[] = [];
let containers: readonly EngineContainer[] = [];
/** The newest look. */
let latest: World | null = null;
let seq = 0;
let timer: NodeJS.Timeout | null = null;
let lastAt = -Infinity;
/** When somebody last asked for all that holds namespaces at once. */
let anewAt = -Infinity;
let lastFailure: string | null = null;

const look = (): void => {
  timer = null;
  const startedAt = performance.now();
  lastAt = startedAt;
  try {
    const world = collector.collect(engines, containers);
    latest = world;
    viewers.publish({ seq: ++seq, world });
    lastFailure = null;
  } catch (thrown) {
    const message = errorText(thrown);
    if (message !== lastFailure) tell({ k: 'failure', message });
    lastFailure = message;
  }
  // A machine on which a look takes long is looked at less often: never more than half of the time.
  schedule(Math.max(intervalMillis, 2 * (performance.now() - startedAt)));
};

const schedule = (afterMillis: number): void => {
  if (timer !== null) clearTimeout(timer);
  timer = viewers.size === 0 ? null : setTimeout(look, Math.max(0, lastAt + afterMillis - performance.now()));
};

/** The last look while someone watches, else one of its own. */
const recentWorld = (): World => (timer === null ? null : collector.world) ?? collector.collect(engines, containers);

/** Some answers wait for a child of ours. */
const answer = (question: Question, args: unknown): unknown => {
  switch (question) {
    case 'detail':
      return collector.detail(args as ProcessKey);
    case 'procList': {
      const { key, path } = args as ProcPlace;
      return listProc(linuxProcessFolders, key, path);
    }
    case 'procRead': {
      const { key, path, offset } = args as Questions['procRead']['args'];
      return readProc(linuxProcessFolders, key, path, offset);
    }
    case 'namespaceInside': {
      const { id, of } = args as Questions['namespaceInside']['args'];
      return readInside(kernel, recentWorld(), id, of);
    }
    case 'namespacesAnew':
      collector.lookAnew();
      if (timer !== null && performance.now() - anewAt > ANEW_SOON_MILLIS) schedule(SOON_MILLIS);
      anewAt = performance.now();
      return null;
    case 'cgroupTree':
      return readCgroupTree(kernel);
    case 'cgroupDetail':
      return readCgroupDetail(kernel, args as string, collector.hostInfo());
    case 'containerUse': {
      const which = args as RunningContainer;
      const use = readContainerUse(kernel, which, collector.hostInfo());
      return use === NO_CGROUP && latest !== null ? useOfProcesses(kernel, latest, which) : use;
    }
    case 'memoryNow':
      return readMemoryNow(kernel, args as readonly RunningContainer[]);
    case 'account': {
      const { key, part } = args as Questions['account']['args'];
      return readAccount(kernel, key, part, part === 'files' ? recentWorld().processes : []);
    }
    case 'threads':
      return readMachineThreads(kernel, recentWorld().processes);
    case 'mounts':
      return readMounts(kernel, args as ProcessKey);
    case 'hostInfo':
      return collector.hostInfo();
    case 'namespacesOf':
      return readNamespaces(kernel, args as number);
  }
};

const reply = async ({ id, question, args }: Extract<ToWorker, { k: 'ask' }>): Promise<void> => {
  try {
    tell({ k: 'answer', id, value: await answer(question, args) });
  } catch (thrown) {
    const code = thrown instanceof PortholeError ? thrown.code : 'failed';
    const text = errorText(thrown);
    tell({ k: 'error', id, code, message: text });
  }
};

port.on('message', (message: ToWorker) => {
  switch (message.k) {
    case 'attach': {
      const first = viewers.size === 0;
      viewers.attach(message.viewer);
      if (first) look();
      break;
    }
    case 'ready':
      viewers.ready(message.viewer, message.seq);
      break;
    case 'detach':
      viewers.detach(message.viewer);
      if (viewers.size === 0) schedule(0);
      break;
    case 'engines':
      ({ engines, containers } = message);
      schedule(SOON_MILLIS);
      break;
    case 'ask':
      void reply(message);
      break;
  }
});
