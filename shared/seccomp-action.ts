/** What a seccomp filter answers; linux/seccomp.h and __seccomp_filter() of kernel/seccomp.c. */

export type SeccompActionName =
  'kill_process' | 'kill_thread' | 'trap' | 'errno' | 'user_notif' | 'trace' | 'log' | 'allow';

export interface SeccompAction {
  readonly name: SeccompActionName;
  /** The errno, or what a tracer or signal handler is told; 0 where it means nothing. */
  readonly data: number;
}

/** SECCOMP_RET_*, the strictest first, which is also their order as numbers with a sign. */
const ACTIONS: ReadonlyMap<number, SeccompActionName> = new Map([
  [0x80000000, 'kill_process'],
  [0x00000000, 'kill_thread'],
  [0x00030000, 'trap'],
  [0x00050000, 'errno'],
  [0x7fc00000, 'user_notif'],
  [0x7ff00000, 'trace'],
  [0x7ffc0000, 'log'],
  [0x7fff0000, 'allow'],
]);

const ACTION_MASK = 0xffff0000;
/** MAX_ERRNO: a larger one is cut to it. */
const MAX_ERRNO = 4095;

const WITH_DATA: ReadonlySet<SeccompActionName> = new Set(['trap', 'errno', 'trace']);

export const actionOf = (returned: number): SeccompAction => {
  // What it does not know, the kernel takes for the strictest.
  const name = ACTIONS.get((returned & ACTION_MASK) >>> 0) ?? 'kill_process';
  const data = returned & 0xffff;
  if (!WITH_DATA.has(name)) return { name, data: 0 };
  return { name, data: name === 'errno' ? Math.min(data, MAX_ERRNO) : data };
};

/** Of the answers of two filters, the one that counts: the stricter, and of equally strict ones that of the `newer` filter. */
export const stricter = (newer: number, older: number): number =>
  (older & ACTION_MASK) < (newer & ACTION_MASK) ? older : newer;

export const sameAction = (a: SeccompAction, b: SeccompAction): boolean => a.name === b.name && a.data === b.data;

/** As they are numbered on every architecture that has a table of system calls here; asm-generic/errno.h. */
const ERRNO = `
EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV
ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK
ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT
EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT - EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT
ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC
EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT
EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET
ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS
ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED
EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON`
  .trim()
  .split(/\s+/);

/** `EPERM`; one without a name keeps its number. */
export const errnoName = (errno: number): string => {
  const name = ERRNO[errno - 1];
  return name === undefined || name === '-' ? `errno ${errno}` : name;
};

/** `allow`, `EPERM`, `kill_process` …: one word, as a table has it. */
export const actionWord = ({ name, data }: SeccompAction): string =>
  name === 'errno' ? (data === 0 ? 'errno 0' : errnoName(data)) : name;

/** What it means for the one who calls, without a full stop. */
export const actionMeaning = ({ name, data }: SeccompAction): string => {
  switch (name) {
    case 'allow':
      return 'reaches the kernel';
    case 'log':
      return 'reaches the kernel and is noted in its log';
    case 'errno':
      return data === 0 ? 'is not done, but said to be' : `fails with ${errnoName(data)}`;
    case 'trap':
      return 'is not done; the process is sent SIGSYS';
    case 'trace':
      return 'is left to a tracer; without one it fails with ENOSYS';
    case 'user_notif':
      return 'is left to a program that listens; without one it fails with ENOSYS';
    case 'kill_thread':
      return 'ends the thread';
    case 'kill_process':
      return 'ends the process';
  }
};

/** Whether the kernel does what was called for. */
export const letsThrough = ({ name }: SeccompAction): boolean => name === 'allow' || name === 'log';
