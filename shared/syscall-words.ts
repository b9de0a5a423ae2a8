/** Names of the numbers in arguments, by value, from the kernel's uapi headers as of Linux 6.1. */

/** linux/sched.h. */
export const CLONE_FLAGS: Readonly<Record<number, string>> = {
  0x100: 'CLONE_VM',
  0x200: 'CLONE_FS',
  0x400: 'CLONE_FILES',
  0x800: 'CLONE_SIGHAND',
  0x1000: 'CLONE_PIDFD',
  0x2000: 'CLONE_PTRACE',
  0x4000: 'CLONE_VFORK',
  0x8000: 'CLONE_PARENT',
  0x10000: 'CLONE_THREAD',
  0x20000: 'CLONE_NEWNS',
  0x40000: 'CLONE_SYSVSEM',
  0x80000: 'CLONE_SETTLS',
  0x100000: 'CLONE_PARENT_SETTID',
  0x200000: 'CLONE_CHILD_CLEARTID',
  0x400000: 'CLONE_DETACHED',
  0x800000: 'CLONE_UNTRACED',
  0x1000000: 'CLONE_CHILD_SETTID',
  0x2000000: 'CLONE_NEWCGROUP',
  0x4000000: 'CLONE_NEWUTS',
  0x8000000: 'CLONE_NEWIPC',
  0x10000000: 'CLONE_NEWUSER',
  0x20000000: 'CLONE_NEWPID',
  0x40000000: 'CLONE_NEWNET',
  0x80000000: 'CLONE_IO',
};

/** linux/socket.h, man 7 address_families. */
export const ADDRESS_FAMILIES: Readonly<Record<number, string>> = {
  0: 'AF_UNSPEC',
  1: 'AF_UNIX',
  2: 'AF_INET',
  3: 'AF_AX25',
  4: 'AF_IPX',
  5: 'AF_APPLETALK',
  6: 'AF_NETROM',
  7: 'AF_BRIDGE',
  8: 'AF_ATMPVC',
  9: 'AF_X25',
  10: 'AF_INET6',
  11: 'AF_ROSE',
  12: 'AF_DECnet',
  13: 'AF_NETBEUI',
  14: 'AF_SECURITY',
  15: 'AF_KEY',
  16: 'AF_NETLINK',
  17: 'AF_PACKET',
  18: 'AF_ASH',
  19: 'AF_ECONET',
  20: 'AF_ATMSVC',
  21: 'AF_RDS',
  22: 'AF_SNA',
  23: 'AF_IRDA',
  24: 'AF_PPPOX',
  25: 'AF_WANPIPE',
  26: 'AF_LLC',
  27: 'AF_IB',
  28: 'AF_MPLS',
  29: 'AF_CAN',
  30: 'AF_TIPC',
  31: 'AF_BLUETOOTH',
  32: 'AF_IUCV',
  33: 'AF_RXRPC',
  34: 'AF_ISDN',
  35: 'AF_PHONET',
  36: 'AF_IEEE802154',
  37: 'AF_CAIF',
  38: 'AF_ALG',
  39: 'AF_NFC',
  40: 'AF_VSOCK',
  41: 'AF_KCM',
  42: 'AF_QIPCRTR',
  43: 'AF_SMC',
  44: 'AF_XDP',
  45: 'AF_MCTP',
};

/** linux/net.h, man 2 socket. */
export const SOCK_TYPES: Readonly<Record<number, string>> = {
  1: 'SOCK_STREAM',
  2: 'SOCK_DGRAM',
  3: 'SOCK_RAW',
  4: 'SOCK_RDM',
  5: 'SOCK_SEQPACKET',
  6: 'SOCK_DCCP',
  10: 'SOCK_PACKET',
};

/** linux/net.h, man 2 socket. */
export const SOCK_FLAGS: Readonly<Record<number, string>> = {
  0x800: 'SOCK_NONBLOCK',
  0x80000: 'SOCK_CLOEXEC',
};

/** linux/personality.h, man 2 personality. */
export const PERSONALITY_FLAGS: Readonly<Record<number, string>> = {
  0x20000: 'UNAME26',
  0x40000: 'ADDR_NO_RANDOMIZE',
  0x80000: 'FDPIC_FUNCPTRS',
  0x100000: 'MMAP_PAGE_ZERO',
  0x200000: 'ADDR_COMPAT_LAYOUT',
  0x400000: 'READ_IMPLIES_EXEC',
  0x800000: 'ADDR_LIMIT_32BIT',
  0x1000000: 'SHORT_INODE',
  0x2000000: 'WHOLE_SECONDS',
  0x4000000: 'STICKY_TIMEOUTS',
  0x8000000: 'ADDR_LIMIT_3GB',
};

/** asm-generic/mman-common.h, man 2 mprotect. */
export const PROT_FLAGS: Readonly<Record<number, string>> = {
  0x1: 'PROT_READ',
  0x2: 'PROT_WRITE',
  0x4: 'PROT_EXEC',
  0x8: 'PROT_SEM',
  0x1000000: 'PROT_GROWSDOWN',
  0x2000000: 'PROT_GROWSUP',
};

/** asm-generic/mman.h, man 2 mmap. */
export const MAP_FLAGS: Readonly<Record<number, string>> = {
  0x10: 'MAP_FIXED',
  0x20: 'MAP_ANONYMOUS',
  0x100: 'MAP_GROWSDOWN',
  0x800: 'MAP_DENYWRITE',
  0x1000: 'MAP_EXECUTABLE',
  0x2000: 'MAP_LOCKED',
  0x4000: 'MAP_NORESERVE',
  0x8000: 'MAP_POPULATE',
  0x10000: 'MAP_NONBLOCK',
  0x20000: 'MAP_STACK',
  0x40000: 'MAP_HUGETLB',
  0x80000: 'MAP_SYNC',
  0x100000: 'MAP_FIXED_NOREPLACE',
};

/** linux/shm.h, man 2 shmat. */
export const SHM_FLAGS: Readonly<Record<number, string>> = {
  0x1000: 'SHM_RDONLY',
  0x2000: 'SHM_RND',
  0x4000: 'SHM_REMAP',
  0x8000: 'SHM_EXEC',
};

/** linux/sched.h, man 7 sched. */
export const SCHEDULERS: Readonly<Record<number, string>> = {
  0: 'SCHED_OTHER',
  1: 'SCHED_FIFO',
  2: 'SCHED_RR',
  3: 'SCHED_BATCH',
  5: 'SCHED_IDLE',
  6: 'SCHED_DEADLINE',
};
