/** The limits of one cgroup alone, and the memory it uses: two to five small files, for a tree of many. */
import type { CgroupHierarchy } from '../../../shared/cgroup-model.ts';
import type { CgroupLimit } from '../../../shared/model.ts';
import { decimal, parsed } from '../parse/format-error.ts';
import type { Kernel } from '../read/kernel.ts';
import { LIMITED, LIMIT_KINDS } from './limit-files.ts';

export interface OwnLimits {
  /** `null` where this hierarchy does not count it, or it could not be read. */
  readonly memoryBytes: number | null;
  /** Those that are set. */
  readonly limits: readonly CgroupLimit[];
}

/** The largest pages of any architecture: whatever the size is here, no limit reads at least as much as that makes of it. */
const MOST_PAGE_BYTES = 64 * 1024;

const MAIN = LIMITED.map((resource) => ({ ...LIMIT_KINDS.find((kind) => kind.resource === resource)!, resource }));

export const ownLimits = (
  kernel: Kernel,
  { version, controllers }: Pick<CgroupHierarchy, 'version' | 'controllers'>,
  folder: string,
): OwnLimits => {
  let memoryBytes: number | null = null;
  const limits: CgroupLimit[] = [];
  for (const { resource, controller, v1, v2 } of MAIN) {
    const file = version === 2 ? v2 : v1;
    if (file === null || !controllers.includes(controller)) continue;
    const beside = (name: string) => kernel.text(`${folder}/${name}`);
    const usedBy = resource === 'memory' ? file.used : null;
    const used = usedBy === null ? null : parsed(beside(usedBy), (text) => decimal(text.trim(), usedBy));
    if (used?.ok) memoryBytes = used.value;
    const around = { pageBytes: MOST_PAGE_BYTES, cpus: null, beside };
    const limit = parsed(beside(file.limit), (text) => file.parse(text, around) ?? 'max');
    const path = `${folder}/${file.limit}`;
    if (limit.ok && limit.value !== 'max') limits.push({ resource, file: file.limit, path, limit, used });
  }
  return { memoryBytes, limits };
};
