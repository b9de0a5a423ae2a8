/** What could not be read, in words, and what would open it. */
import { hasCapability } from '../../shared/capabilities.ts';
import type { HostInfo, Unread, Why } from '../../shared/model.ts';

export const WHY_WORDS: Readonly<Record<Why, string>> = {
  denied: 'denied',
  gone: 'ended meanwhile',
  absent: 'not in this kernel',
  malformed: 'malformed',
};

/** Files under /proc/PID by what they tell. Others keep the kernel's name. */
const FILE_WORDS: Readonly<Record<string, string>> = {
  'ns/*': 'namespaces',
  status: 'users, inner PIDs',
  cmdline: 'command lines',
  cgroup: 'cgroups',
  stat: 'processes',
};

export const fileWords = (file: string): string => FILE_WORDS[file] ?? file;

/** How many processes are not, or not wholly, on the screen. */
export const unreadCount = (unread: Unread): number => unread.processes + unread.hidden;

/** Bits of man 7 capabilities. */
const CAP_SYS_PTRACE = 19;

export interface Opening {
  readonly text: string;
  /** Runnable as it stands. */
  readonly command: string | null;
}

/** What would let this reader see more. */
export const opening = (host: Pick<HostInfo, 'uid' | 'user' | 'capEff'>): Opening => {
  if (hasCapability(host.capEff, CAP_SYS_PTRACE)) {
    return { text: 'This session holds CAP_SYS_PTRACE; what is closed to it is closed by the kernel.', command: null };
  }
  if (host.uid === 0) {
    return {
      text: 'This session is root, but without CAP_SYS_PTRACE, which reading other processes needs.',
      command: null,
    };
  }
  return {
    text: `This session is ${host.user} (uid ${host.uid}) without CAP_SYS_PTRACE. Read as root, it would see all; that changes nothing.`,
    command: 'sudo porthole serve',
  };
};
