import type { Reading, Why } from '../../../shared/model.ts';

/** errno to word; man 3 errno. The one table: what is not in it throws, for we would not know what we are looking at. */
const WHY: Readonly<Record<string, Why>> = {
  ESRCH: 'gone',
  /** A cgroup that was removed while its file was open (kernfs). */
  ENODEV: 'gone',
  EACCES: 'denied',
  EPERM: 'denied',
  ENOENT: 'absent',
  ENOTDIR: 'absent',
  /** mountinfo of a zombie, which has no mount namespace any more; mounts_open_common in fs/proc_namespace.c. */
  EINVAL: 'absent',
  /** A socket where a file should be. */
  ENXIO: 'malformed',
  /** A link where we asked for none (O_NOFOLLOW). */
  ELOOP: 'malformed',
  /** A link whose target is longer than PAGE_SIZE, as a hostile process can make its cwd; d_path in fs/d_path.c. */
  ENAMETOOLONG: 'malformed',
  /** A disk, a server or a key that a file's own file system lacks; man 2 read, man 2 open, and ext4's EFSCORRUPTED. */
  EIO: 'malformed',
  EREMOTEIO: 'malformed',
  EUCLEAN: 'malformed',
  EBADMSG: 'malformed',
  ENODATA: 'malformed',
  EOVERFLOW: 'malformed',
  EISDIR: 'malformed',
  ESTALE: 'malformed',
  ETIMEDOUT: 'malformed',
  ENOTCONN: 'malformed',
  EHOSTDOWN: 'malformed',
  EHOSTUNREACH: 'malformed',
  ENOLINK: 'malformed',
  ENOKEY: 'malformed',
  EKEYEXPIRED: 'malformed',
  EKEYREVOKED: 'malformed',
  EKEYREJECTED: 'malformed',
};

const hasCode = (thrown: unknown): thrown is { code: string } =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string';

/** What an errno of that name means. Throws what is not in the table, as an error with that code. */
export const failedWith = (errno: string, call: string): Reading<never> => {
  const why = Object.hasOwn(WHY, errno) ? WHY[errno] : undefined;
  if (why === undefined) throw Object.assign(new Error(`${errno}: ${call}`), { code: errno });
  return { ok: false, why, call, errno };
};

/**
 * As {@link failed}, for files that a process may have put where it likes: an errno that is not in the table keeps its own
 * name instead of ending the look.
 */
export const failedAnyhow = (thrown: unknown, call: string): Reading<never> => {
  if (!hasCode(thrown) || Object.hasOwn(WHY, thrown.code) || !/^E[A-Z0-9]+$/.test(thrown.code))
    return failed(thrown, call);
  return { ok: false, why: 'malformed', call, errno: thrown.code };
};

/** What an exception of `node:fs` means. `call` as strace would name it. Throws again what is no errno of ours. */
export const failed = (thrown: unknown, call: string): Reading<never> => {
  if (!hasCode(thrown)) throw thrown;
  const why = Object.hasOwn(WHY, thrown.code) ? WHY[thrown.code] : undefined;
  if (why === undefined) throw thrown;
  return { ok: false, why, call, errno: thrown.code };
};
