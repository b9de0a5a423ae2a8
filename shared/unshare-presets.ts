/** Ready-made choices for unshare(1), each for one thing to be seen. */
import { NAMESPACE_TYPES } from './model.ts';
import type { UnshareOptions } from './unshare.ts';

/** Nothing new at all: what an empty form holds. */
export const NO_UNSHARE: UnshareOptions = {
  namespaces: [],
  files: {},
  fork: false,
  killChild: false,
  forwardSignals: false,
  mountProc: false,
  mountBinfmt: false,
  loadInterp: null,
  mapRootUser: false,
  mapCurrentUser: false,
  mapUser: null,
  mapGroup: null,
  mapAuto: false,
  mapSubids: false,
  mapUsers: null,
  mapGroups: null,
  setgroups: null,
  owner: null,
  keepCaps: false,
  setuid: null,
  setgid: null,
  propagation: null,
  monotonic: null,
  boottime: null,
  root: null,
  wd: null,
  clearEnv: false,
  whitelistEnv: null,
  program: ['bash'],
};

export interface UnsharePreset {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly options: UnshareOptions;
}

const DAY_SECONDS = 86_400;

export const UNSHARE_PRESETS: readonly UnsharePreset[] = [
  {
    id: 'own-pid-1',
    name: 'Own PID 1',
    text: 'A shell that is PID 1 and sees only itself',
    options: { ...NO_UNSHARE, namespaces: ['pid'], fork: true, mountProc: true },
  },
  {
    id: 'rootless-sandbox',
    name: 'Rootless sandbox',
    text: 'Root inside, you outside; mnt, pid, net of its own',
    options: {
      ...NO_UNSHARE,
      namespaces: ['mnt', 'net', 'pid', 'user'],
      fork: true,
      mountProc: true,
      mapRootUser: true,
    },
  },
  {
    id: 'own-hostname',
    name: 'Own hostname',
    text: 'Only uts, to try sethostname',
    options: { ...NO_UNSHARE, namespaces: ['uts'] },
  },
  {
    id: 'own-network',
    name: 'Own network',
    text: 'Empty: one loopback, down',
    options: { ...NO_UNSHARE, namespaces: ['net'] },
  },
  {
    id: 'like-a-container',
    name: 'Like a container',
    text: 'All but user and time, as Docker does',
    options: {
      ...NO_UNSHARE,
      namespaces: ['mnt', 'uts', 'ipc', 'net', 'pid', 'cgroup'],
      fork: true,
      mountProc: true,
    },
  },
  {
    id: 'another-boot-time',
    name: 'Another boot time',
    text: 'A time namespace, clock moved by a day',
    options: { ...NO_UNSHARE, namespaces: ['time'], fork: true, boottime: DAY_SECONDS },
  },
  {
    id: 'everything',
    name: 'Everything',
    text: 'All eight types',
    options: { ...NO_UNSHARE, namespaces: [...NAMESPACE_TYPES], fork: true, mountProc: true, mapRootUser: true },
  },
];
