/**
 * May a reader enter a namespace? The kernel's own rules, from setns(2) and user_namespaces(7), applied to what was read of
 * owners and parents. A security module or a seccomp filter may still say no; and a namespace that the reader can see in
 * /proc is also one it may open, for both ask the same (PTRACE_MODE_READ_FSCREDS).
 */
import { capabilityBits } from './capabilities.ts';
import type { NamespaceFact, NamespaceId, NamespaceType, World } from './model.ts';

export interface Reader {
  /** Effective user, in the numbering in which {@link NamespaceFact.ownerUid} is told. */
  readonly uid: number;
  /** Effective capabilities, 16 hex digits as in /proc/PID/status. */
  readonly capEff: string;
  /** The user namespace and the pid namespace it is in; `null` if that could not be read. */
  readonly user: NamespaceId | null;
  readonly pid: NamespaceId | null;
  /** The user namespace of who asked the kernel all this, where that is another: what that one may not see, this one may. */
  readonly askedFrom?: NamespaceId | null;
}

export type EnterCapability = 'CAP_SYS_ADMIN' | 'CAP_SYS_CHROOT';

/** A capability that is wanted; `over` is the user namespace, `null` if it is one this reader may not even see. */
export interface Missing {
  readonly capability: EnterCapability;
  readonly over: NamespaceId | null;
}

/** Where the power over a user namespace comes from: held in the reader's own, or by having created `made` from its own. */
export type Power =
  | { readonly by: 'capability'; readonly held: NamespaceId }
  | { readonly by: 'creator'; readonly made: NamespaceId; readonly parent: NamespaceId };

export type MayEnter =
  /** `via`: a user namespace to be entered first, for there the reader has every capability; `null`: straight. */
  | { readonly can: 'yes'; readonly owner: NamespaceId; readonly via: NamespaceId | null; readonly power: Power }
  | { readonly can: 'no'; readonly why: 'missing'; readonly missing: readonly Missing[] }
  /** EINVAL: one cannot enter the user namespace one is in. */
  | { readonly can: 'no'; readonly why: 'own-user-namespace' }
  /** EINVAL: only one's own pid namespace and those below it can be entered; pid_namespaces(7). */
  | { readonly can: 'no'; readonly why: 'not-below'; readonly pid: NamespaceId }
  /** `of`: the namespace whose owner, parent or creator could not be asked. */
  | {
      readonly can: 'unknown';
      readonly why: 'reader' | 'owner' | 'parent' | 'creator';
      readonly of: NamespaceId | null;
    };

type Facts = ReadonlyMap<NamespaceId, Pick<NamespaceFact, 'owner' | 'parent' | 'ownerUid'>>;

const BIT: Readonly<Record<EnterCapability, number>> = { CAP_SYS_CHROOT: 18, CAP_SYS_ADMIN: 21 };

/** What the kernel prints for a user that has no number in the namespace that asks; user_namespaces(7). */
const OVERFLOW_UID = 65534;
/** include/linux/proc_ns.h: in it every user has a number. */
const FIRST_USER_NAMESPACE = 'user:[4026531837]';
/** More levels than the kernel allows to nest (32). */
const LEVELS = 40;

/** The process that looks, as one who would enter. */
export const readerOf = ({ host, processes }: Pick<World, 'host' | 'processes'>): Reader => {
  const self = processes.find(({ pid }) => pid === host.pid);
  return {
    uid: host.uid,
    capEff: host.capEff,
    user: self?.namespaces.user ?? null,
    pid: self?.namespaces.pid ?? null,
  };
};

/** For one namespace of `world.namespaces`; `facts` by id are those of the whole world. */
export const mayEnter = (reader: Reader, id: NamespaceId, facts: Facts): MayEnter => {
  if (reader.user === null) return { can: 'unknown', why: 'reader', of: null };
  const type = id.slice(0, id.indexOf(':')) as NamespaceType;
  if (type === 'user') return mayEnterUser({ ...reader, user: reader.user }, id, facts);
  const owner = facts.get(id)?.owner ?? 'unknown';
  if (owner === 'unknown') return { can: 'unknown', why: 'owner', of: id };
  const wanted: readonly EnterCapability[] = type === 'mnt' ? ['CAP_SYS_ADMIN', 'CAP_SYS_CHROOT'] : ['CAP_SYS_ADMIN'];
  const lacking = wanted.filter((capability) => !has(reader, capability));
  // EPERM from NS_GET_USERNS: the owner is neither the asker's user namespace nor below it; over no other has it power.
  if (owner === 'not-allowed' || owner === 'none') {
    if (!isUnderAsker(reader, facts)) return { can: 'unknown', why: 'owner', of: id };
    return missing(null, 'CAP_SYS_ADMIN', ...lacking);
  }
  const over = powerOver({ ...reader, user: reader.user }, owner, facts);
  if (over.can === 'no' && over.why === 'missing') return missing(owner, 'CAP_SYS_ADMIN', ...lacking);
  if (over.can !== 'yes') return over;
  const below = type === 'pid' ? isBelow(id, reader, facts) : null;
  if (below !== null) return below;
  if (lacking.length === 0) return { can: 'yes', owner, via: null, power: over.power };
  if (owner !== reader.user) return { can: 'yes', owner, via: owner, power: over.power };
  return missing(owner, ...lacking);
};

type KnownReader = Reader & { readonly user: NamespaceId };

const mayEnterUser = (reader: KnownReader, id: NamespaceId, facts: Facts): MayEnter => {
  if (id === reader.user) return { can: 'no', why: 'own-user-namespace' };
  const over = powerOver(reader, id, facts);
  return over.can === 'yes' ? { can: 'yes', owner: id, via: null, power: over.power } : over;
};

type Over = { readonly can: 'yes'; readonly power: Power } | Extract<MayEnter, { can: 'no' | 'unknown' }>;

/**
 * CAP_SYS_ADMIN over a user namespace, as cap_capable() of security/commoncap.c finds it: upwards until the reader's own;
 * on the way, the creator of a child of the reader's own has every capability.
 */
const powerOver = (reader: KnownReader, target: NamespaceId, facts: Facts): Over => {
  let at = target;
  let creatorUnknown: NamespaceId | null = null;
  for (let level = 0; level < LEVELS; level++) {
    if (at === reader.user) {
      if (has(reader, 'CAP_SYS_ADMIN')) return { can: 'yes', power: { by: 'capability', held: at } };
      if (creatorUnknown !== null) return { can: 'unknown', why: 'creator', of: creatorUnknown };
      return missing(target, 'CAP_SYS_ADMIN');
    }
    const { parent = 'unknown', ownerUid = null } = facts.get(at) ?? {};
    if (parent === 'unknown') return { can: 'unknown', why: 'parent', of: at };
    if (parent === 'not-allowed' && !isUnderAsker(reader, facts)) return { can: 'unknown', why: 'parent', of: at };
    if (parent === 'none' || parent === 'not-allowed') return missing(target, 'CAP_SYS_ADMIN');
    if (parent === reader.user) {
      const ambiguous = ownerUid === OVERFLOW_UID && (reader.askedFrom ?? reader.user) !== FIRST_USER_NAMESPACE;
      if (ownerUid === null || (ambiguous && ownerUid === reader.uid)) creatorUnknown = at;
      else if (ownerUid === reader.uid) return { can: 'yes', power: { by: 'creator', made: at, parent } };
    }
    at = parent;
  }
  return { can: 'unknown', why: 'parent', of: at };
};

/** `null` if the pid namespace is the reader's own or below it, else the answer. */
const isBelow = (id: NamespaceId, { pid }: Reader, facts: Facts): MayEnter | null => {
  if (pid === null) return { can: 'unknown', why: 'reader', of: null };
  let at = id;
  for (let level = 0; level < LEVELS && at !== pid; level++) {
    const parent = facts.get(at)?.parent ?? 'unknown';
    if (parent === 'unknown') return { can: 'unknown', why: 'parent', of: at };
    if (parent === 'none' || parent === 'not-allowed') return { can: 'no', why: 'not-below', pid };
    at = parent;
  }
  return at === pid ? null : { can: 'unknown', why: 'parent', of: at };
};

const has = (reader: Reader, capability: EnterCapability): boolean =>
  capabilityBits(reader.capEff).includes(BIT[capability]);

/** Each once, in the order of the kernel's questions. */
const missing = (
  over: NamespaceId | null,
  ...capabilities: readonly EnterCapability[]
): Extract<MayEnter, { why: 'missing' }> => ({
  can: 'no',
  why: 'missing',
  missing: [...new Set(capabilities)].map((capability) => ({ capability, over })),
});

/** What the asker may not see, is above it or beside it: over that nobody below has power, and of others nothing is known. */
const isUnderAsker = ({ user, askedFrom }: Reader, facts: Facts): boolean => {
  let at: string | null = user;
  for (let level = 0; level < LEVELS && at !== null; level++) {
    if (askedFrom === undefined || at === askedFrom) return true;
    at = facts.get(at as NamespaceId)?.parent ?? null;
  }
  return false;
};
