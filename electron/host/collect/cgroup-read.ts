import type { Reading } from '../../../shared/model.ts';
import type { Kernel } from '../read/kernel.ts';

/**
 * What the kernel answers where a file of a cgroup has nothing to read: EINVAL if it can only be written or waited on,
 * EOPNOTSUPP if it means nothing here (cgroup.procs of a threaded cgroup, pressure where measuring is off).
 */
const NOTHING_HERE: ReadonlySet<unknown> = new Set(['EINVAL', 'EOPNOTSUPP', 'ENOTSUP']);

const codeOf = (thrown: unknown): unknown =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;

/** The text of a file in a cgroup directory. */
export const readCgroupFile = (kernel: Kernel, path: string): Reading<string> => {
  try {
    return kernel.text(path);
  } catch (thrown) {
    const code = codeOf(thrown);
    if (!NOTHING_HERE.has(code)) throw thrown;
    return { ok: false, why: 'absent', call: `read("${path}")`, errno: String(code) };
  }
};
