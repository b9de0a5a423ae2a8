/** What the fields of status, io and smaps_rollup mean. proc_pid_status(5), proc_pid_io(5), proc_pid_smaps(5). */

const STATUS: Readonly<Record<string, string>> = {
  Name: 'short name, at most 15 bytes',
  Umask: 'permissions that new files will not get, octal',
  State: 'what it is doing',
  Tgid: 'the process: the number of its first thread',
  Ngid: 'NUMA group, 0 if none',
  Pid: 'this thread',
  PPid: 'parent',
  TracerPid: 'who traces it, 0 if nobody',
  Uid: 'real, effective, saved and file system user',
  Gid: 'real, effective, saved and file system group',
  FDSize: 'slots for file descriptors',
  Groups: 'supplementary groups',
  NStgid: 'the process’s number in each PID namespace, outermost first',
  NSpid: 'the thread’s number in each PID namespace, outermost first',
  NSpgid: 'process group in each PID namespace',
  NSsid: 'session in each PID namespace',
  Kthread: '1 for a thread of the kernel itself',
  VmPeak: 'largest address space so far',
  VmSize: 'address space',
  VmLck: 'locked into memory',
  VmPin: 'pinned: may not even be moved',
  VmHWM: 'most memory resident so far',
  VmRSS: 'memory resident now',
  RssAnon: 'of it, its own: heap and stack',
  RssFile: 'of it, from files',
  RssShmem: 'of it, shared memory and tmpfs',
  VmData: 'private and writable address space',
  VmStk: 'stack',
  VmExe: 'program code',
  VmLib: 'library code',
  VmPTE: 'page tables',
  VmSwap: 'swapped out',
  HugetlbPages: 'in huge pages of hugetlbfs',
  CoreDumping: '1 while its core is dumped',
  THP_enabled: '1 if it may have transparent huge pages',
  untag_mask: 'address bits that hold no tag',
  Threads: 'number of threads',
  SigQ: 'signals queued for its user, and the limit',
  SigPnd: 'signals pending for this thread, a mask',
  ShdPnd: 'signals pending for the whole process',
  SigBlk: 'signals blocked',
  SigIgn: 'signals ignored',
  SigCgt: 'signals caught',
  CapInh: 'inheritable capabilities',
  CapPrm: 'permitted capabilities',
  CapEff: 'effective capabilities',
  CapBnd: 'bounding set: more it can never get',
  CapAmb: 'ambient capabilities',
  NoNewPrivs: '1: no execve can give it privileges',
  Seccomp: '0 disabled, 1 strict, 2 filter',
  Seccomp_filters: 'number of filters',
  Speculation_Store_Bypass: 'defence against Spectre variant 4',
  SpeculationIndirectBranch: 'defence against Spectre variant 2',
  Cpus_allowed: 'CPUs it may run on, a mask',
  Cpus_allowed_list: 'the same as a list',
  Mems_allowed: 'memory nodes it may use, a mask',
  Mems_allowed_list: 'the same as a list',
  voluntary_ctxt_switches: 'times it gave up the CPU to wait',
  nonvoluntary_ctxt_switches: 'times it was taken off the CPU',
};

const IO: Readonly<Record<string, string>> = {
  rchar: 'bytes read by calls, also from the cache',
  wchar: 'bytes written by calls, also to the cache',
  syscr: 'read calls',
  syscw: 'write calls',
  read_bytes: 'bytes fetched from storage',
  write_bytes: 'bytes sent to storage',
  cancelled_write_bytes: 'bytes that need not be written after all: the file was truncated',
};

const SMAPS: Readonly<Record<string, string>> = {
  Rss: 'resident',
  Pss: 'resident, shared pages divided among those who share',
  Pss_Dirty: 'of Pss, changed',
  Pss_Anon: 'of Pss, not from files',
  Pss_File: 'of Pss, from files',
  Pss_Shmem: 'of Pss, shared memory',
  Shared_Clean: 'shared, unchanged',
  Shared_Dirty: 'shared, changed',
  Private_Clean: 'its own, unchanged',
  Private_Dirty: 'its own, changed: what ending it would free',
  Referenced: 'used lately',
  Anonymous: 'not from files',
  Swap: 'swapped out',
  SwapPss: 'swapped out, divided among those who share',
  Locked: 'locked into memory',
};

const FDINFO: Readonly<Record<string, string>> = {
  pos: 'where it reads or writes next',
  flags: 'how it was opened, octal; open(2)',
  mnt_id: 'the mount it is on, as in mountinfo',
  ino: 'inode',
};

const TABLES: readonly (readonly [RegExp, Readonly<Record<string, string>>])[] = [
  [/(?:^|\/)status$/, STATUS],
  [/(?:^|\/)io$/, IO],
  [/(?:^|\/)smaps_rollup$/, SMAPS],
  [/(?:^|\/)fdinfo\/\d+$/, FDINFO],
];

/** What this field of the file at this path under /proc/PID means; `null` if that is not known. */
export const procField = (path: string, key: string): string | null => {
  const table = TABLES.find(([of]) => of.test(path))?.[1];
  return table !== undefined && Object.hasOwn(table, key) ? (table[key] ?? null) : null;
};
