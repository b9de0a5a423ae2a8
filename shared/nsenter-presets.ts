/** Ready-made choices for nsenter(1). The target is no part of them. */
import type { NsenterOptions } from './nsenter.ts';
import { OWN_PROC } from './own-proc.ts';

/** Nothing entered: what an empty form holds. */
export const NO_NSENTER: NsenterOptions = {
  target: null,
  all: false,
  namespaces: [],
  files: {},
  setuid: null,
  setgid: null,
  preserveCredentials: false,
  keepCaps: false,
  root: null,
  wd: null,
  wdns: null,
  env: false,
  noFork: false,
  followContext: false,
  userParent: false,
  netSocket: null,
  joinCgroups: false,
  program: ['sh'],
};

export interface NsenterPreset {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly options: NsenterOptions;
}

export const NSENTER_PRESETS: readonly NsenterPreset[] = [
  {
    id: 'five',
    name: 'Into the container',
    text: 'Its files, name, queues, network and processes, with its programs',
    options: { ...NO_NSENTER, namespaces: ['mnt', 'uts', 'ipc', 'net', 'pid'] },
  },
  {
    id: 'like-exec',
    name: 'Like docker exec',
    text: 'The same and its cgroup view, in its root directory',
    options: {
      ...NO_NSENTER,
      namespaces: ['mnt', 'uts', 'ipc', 'net', 'pid', 'cgroup'],
      root: true,
      wd: true,
    },
  },
  {
    id: 'its-network',
    name: 'Its network, your tools',
    text: 'Only net: ss, ip and tcpdump of the host',
    options: { ...NO_NSENTER, namespaces: ['net'], program: ['bash'] },
  },
  {
    id: 'debug',
    name: 'Debug shell',
    text: 'For an image without a shell: all but its files, with the host’s tools, and a ps that shows its processes',
    options: {
      ...NO_NSENTER,
      namespaces: ['uts', 'ipc', 'net', 'pid', 'cgroup'],
      program: [...OWN_PROC, 'bash'],
    },
  },
  {
    id: 'its-files',
    name: 'Its files',
    text: 'Only mnt: see what it sees, with its programs',
    options: { ...NO_NSENTER, namespaces: ['mnt'] },
  },
  {
    id: 'everything',
    name: 'Everything',
    text: 'Every namespace that the target has',
    options: { ...NO_NSENTER, all: true },
  },
];
