/** Capabilities by bit number; man 7 capabilities, linux/capability.h. */

export interface Capability {
  readonly bit: number;
  /** The kernel's word without its prefix: `NET_ADMIN`. */
  readonly name: string;
  /** What it allows, one plain sentence. */
  readonly meaning: string;
}

const TABLE: readonly (readonly [name: string, meaning: string])[] = [
  ['CHOWN', 'Give any file to any user and group.'],
  ['DAC_OVERRIDE', 'Read, write and run files whatever their permissions say.'],
  ['DAC_READ_SEARCH', 'Read any file, enter any directory, and open files by handle.'],
  ['FOWNER', 'Do with any file what otherwise only its owner may, such as changing its mode.'],
  ['FSETID', 'Keep set-user-ID and set-group-ID bits when a file changes, and set the latter for foreign groups.'],
  ['KILL', 'Send signals to processes of any user.'],
  ['SETGID', 'Become any group, and choose any supplementary groups.'],
  ['SETUID', 'Become any user.'],
  ['SETPCAP', 'Change its own capability sets within the bounding set, and shrink the latter.'],
  ['LINUX_IMMUTABLE', 'Set and clear the immutable and append-only marks of files.'],
  ['NET_BIND_SERVICE', 'Listen on ports below 1024.'],
  ['NET_BROADCAST', 'Send broadcasts and listen to multicasts; the kernel asks for it nowhere.'],
  ['NET_ADMIN', 'Configure interfaces, addresses, routes and firewall of its network namespace.'],
  ['NET_RAW', 'Use raw and packet sockets: send and capture packets of any form.'],
  ['IPC_LOCK', 'Lock memory so that it is never swapped out, and use huge pages.'],
  ['IPC_OWNER', 'Use System V shared memory, semaphores and queues whatever their permissions say.'],
  ['SYS_MODULE', 'Load and unload kernel modules, which is to say run any code in the kernel.'],
  ['SYS_RAWIO', 'Talk to the hardware directly: I/O ports, physical memory, raw disk commands.'],
  ['SYS_CHROOT', 'Change its root directory, and enter other mount namespaces.'],
  ['SYS_PTRACE', 'Trace, inspect and alter other processes.'],
  ['SYS_PACCT', 'Switch process accounting on and off.'],
  ['SYS_ADMIN', 'Mount, make namespaces, set the host name, and a very long list of other things: nearly root.'],
  ['SYS_BOOT', 'Restart the machine, and load a new kernel to restart into.'],
  ['SYS_NICE', 'Raise priorities, choose real-time scheduling and CPUs, for any process.'],
  ['SYS_RESOURCE', 'Exceed quotas, reserved space and resource limits, and raise the latter.'],
  ['SYS_TIME', 'Set the system clock and the hardware clock.'],
  ['SYS_TTY_CONFIG', 'Configure virtual terminals, and hang up terminals.'],
  ['MKNOD', 'Create device files.'],
  ['LEASE', 'Be told before others open a file, for any file.'],
  ['AUDIT_WRITE', 'Write records into the audit log.'],
  ['AUDIT_CONTROL', 'Switch auditing on and off, and change its rules.'],
  ['SETFCAP', 'Give capabilities to program files, and map user 0 into a new user namespace.'],
  ['MAC_OVERRIDE', 'Override mandatory access control, where the security module (Smack) asks for it.'],
  ['MAC_ADMIN', 'Configure mandatory access control, where the security module asks for it.'],
  ['SYSLOG', 'Read and clear the kernel log, and see kernel addresses.'],
  ['WAKE_ALARM', 'Set timers that wake the machine from sleep.'],
  ['BLOCK_SUSPEND', 'Keep the machine from going to sleep.'],
  ['AUDIT_READ', 'Listen to the audit log as it is written.'],
  ['PERFMON', 'Measure performance of the whole system: perf, tracing programs in BPF.'],
  ['BPF', 'Load BPF programs into the kernel and create their maps.'],
  ['CHECKPOINT_RESTORE', 'Choose the pid of a new process, and do what else freezing and reviving processes needs.'],
];

/** All that Linux 5.9 and later define, by bit. */
export const CAPABILITIES: readonly Capability[] = TABLE.map(([name, meaning], bit) => ({ bit, name, meaning }));

/** What Docker and Podman's docker mode give a container that asks for nothing. */
export const DOCKER_DEFAULT_CAPABILITIES = '00000000a80425fb';

/**
 * What each engine gives a container that asks for nothing. Docker: DefaultCapabilities() of moby's oci/caps. Podman:
 * default_capabilities of containers.conf(5), three fewer since Podman 4. containerd: defaultUnixCaps() of its oci/spec.go.
 * CRI-O: default_capabilities of crio.conf(5), since 1.21. An administrator may have set others in the latter's files.
 */
export const ENGINE_DEFAULT_CAPABILITIES = {
  docker: DOCKER_DEFAULT_CAPABILITIES,
  podman: '00000000800405fb',
  containerd: DOCKER_DEFAULT_CAPABILITIES,
  crio: '00000000000005fb',
} as const;
export type CapabilityEngine = keyof typeof ENGINE_DEFAULT_CAPABILITIES;

export const CAPABILITY_ENGINES: Readonly<Record<CapabilityEngine, string>> = {
  docker: 'Docker',
  podman: 'Podman',
  containerd: 'containerd',
  crio: 'CRI-O',
};

/** A capability mask is a kernel u64, too wide for a number. */
const BITS = 64;
const MASK = /^(?:0x)?([0-9a-f]{1,16})$/i;

/** A mask as /proc/PID/status prints it, or with `0x` before it; throws a RangeError on anything else. */
export const parseMask = (text: string): bigint => {
  const digits = MASK.exec(text)?.[1];
  if (digits === undefined) throw new RangeError(`${JSON.stringify(text)} is not a capability mask`);
  return BigInt(`0x${digits}`);
};

const isSet = (value: bigint, bit: number): boolean => ((value >> BigInt(bit)) & 1n) === 1n;

/** Whether a mask holds a bit; one that was not read holds none that is known. */
export const hasCapability = (mask: string | null, bit: number): boolean =>
  mask !== null && isSet(parseMask(mask), bit);

/** Bit numbers that are set, ascending. */
export const capabilityBits = (mask: string): number[] => {
  const value = parseMask(mask);
  return Array.from({ length: BITS }, (_, bit) => bit).filter((bit) => isSet(value, bit));
};

/** `NET_ADMIN`; a bit that no name is known for keeps its number. */
export const capabilityName = (bit: number): string => CAPABILITIES[bit]?.name ?? String(bit);

export const capabilityNames = (mask: string): string[] => capabilityBits(mask).map(capabilityName);

/** As capsh writes it: `cap_net_admin`, or the number. */
export const capshName = (bit: number): string => {
  const known = CAPABILITIES[bit];
  return known === undefined ? String(bit) : `cap_${known.name.toLowerCase()}`;
};

/** The line that `capsh --decode=MASK` prints, without the line's end. */
export const decodeAsCapsh = (mask: string): string => {
  const hex = parseMask(mask).toString(16).padStart(16, '0');
  return `0x${hex}=${capabilityBits(mask).map(capshName).join(',')}`;
};

/** Names in `mask` that are not in `other`. */
export const capabilitiesBeyond = (mask: string, other: string): string[] => {
  const beyond = parseMask(mask) & ~parseMask(other);
  return capabilityNames(beyond.toString(16));
};

/** Bits that the kernel has, and those that are set all the same. `last`: of /proc/sys/kernel/cap_last_cap; `null`: unread. */
export const bitsThereAre = (last: number | null, ...masks: readonly string[]): number[] => {
  const known = Array.from({ length: last === null ? CAPABILITIES.length : last + 1 }, (_, bit) => bit);
  return [...new Set([...known, ...masks.flatMap(capabilityBits)])].sort((a, b) => a - b);
};

/** `none`, `all 41`, `14 of 41`: of those that the kernel has, see {@link bitsThereAre}. */
export const capabilityCount = (mask: string, last: number | null = null): string => {
  const count = capabilityBits(mask).length;
  const all = bitsThereAre(last, mask).length;
  return count === 0 ? 'none' : count === all ? `all ${count}` : `${count} of ${all}`;
};

/** The same, and whose default it is: `14 of 41, Docker’s default`. */
export const capabilitySummary = (mask: string, last: number | null = null): string => {
  const isDefault = parseMask(mask) === parseMask(DOCKER_DEFAULT_CAPABILITIES);
  return `${capabilityCount(mask, last)}${isDefault ? ', Docker’s default' : ''}`;
};

/** What a bit allows; man 7 capabilities. */
export const capabilityMeaning = (bit: number): string =>
  CAPABILITIES[bit]?.meaning ?? 'A capability newer than this program.';

export type CapabilitySet = 'effective' | 'permitted' | 'inheritable' | 'bounding' | 'ambient';

/** The sets as /proc/PID/status names and orders them, each with what it does; man 7 capabilities. */
export const CAPABILITY_SETS: readonly {
  readonly set: CapabilitySet;
  readonly field: string;
  readonly meaning: string;
}[] = [
  { set: 'inheritable', field: 'CapInh', meaning: 'kept over execve, if the program’s file has them inheritable too' },
  { set: 'permitted', field: 'CapPrm', meaning: 'what it may make effective at any time' },
  { set: 'effective', field: 'CapEff', meaning: 'what the kernel checks' },
  { set: 'bounding', field: 'CapBnd', meaning: 'the border: no program started from here gets others' },
  { set: 'ambient', field: 'CapAmb', meaning: 'kept over execve of an ordinary program' },
];

export interface CapabilityDifference {
  readonly engine: CapabilityEngine;
  readonly added: readonly string[];
  readonly dropped: readonly string[];
}

/** `bounding`: the set that an engine draws the border with, whatever the user inside; what `--cap-add` adds to. */
export const againstDefault = (bounding: string, engine: CapabilityEngine): CapabilityDifference => ({
  engine,
  added: capabilitiesBeyond(bounding, ENGINE_DEFAULT_CAPABILITIES[engine]),
  dropped: capabilitiesBeyond(ENGINE_DEFAULT_CAPABILITIES[engine], bounding),
});

/** More names than this are counted instead. */
const NAMED_AT_MOST = 6;
const namedOrCounted = (names: readonly string[]): string =>
  names.length <= NAMED_AT_MOST ? names.join(', ') : `${names.length} of them`;

/** `Docker’s default`, `Docker’s default with SYS_ADMIN added and NET_RAW dropped`. */
export const differenceWords = ({ engine, added, dropped }: CapabilityDifference): string => {
  const parts = [
    ...(added.length > 0 ? [`${namedOrCounted(added)} added`] : []),
    ...(dropped.length > 0 ? [`${namedOrCounted(dropped)} dropped`] : []),
  ];
  return `${CAPABILITY_ENGINES[engine]}’s default${parts.length > 0 ? ` with ${parts.join(' and ')}` : ''}`;
};
