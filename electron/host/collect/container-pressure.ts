/** How long a container's tasks waited for what they need. Documentation/accounting/psi.rst; cgroup v2 alone has it. */
import type { PressureReading } from '../../../shared/container-use.ts';
import { parsed } from '../parse/format-error.ts';
import { parsePsi } from '../parse/psi.ts';
import type { Kernel } from '../read/kernel.ts';
import { readCgroupFile } from './cgroup-read.ts';

/** `folder`: of its cgroup in the v2 hierarchy, `null` without one. Files that this kernel does not have are left out. */
export const pressureOf = (kernel: Kernel, folder: string | null): readonly PressureReading[] =>
  folder === null
    ? []
    : (['cpu', 'memory', 'io', 'irq'] as const).flatMap((resource): PressureReading[] => {
        const path = `${folder}/${resource}.pressure`;
        const reading = parsed(readCgroupFile(kernel, path), (text) => parsePsi(text, `${resource}.pressure`));
        return !reading.ok && reading.why === 'absent' ? [] : [{ resource, path, reading }];
      });
