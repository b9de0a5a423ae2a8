/** How long a container's tasks waited for what they need. Documentation/accounting/psi.rst; cgroup v2 alone has it. */
import type { PressureReading } from '../../../shared/container-use.ts';
import { parsed } from '../parse/format-error.ts';
import { parsePsi } from '../parse/psi.ts';
import type { Kernel } from '../read/kernel.ts';
import { readCgroupFile } from './cgroup-read.ts';

const RESOURCES = ['cpu', 'memory', 'io', 'irq'] as const;

/** `folder`: of its cgroup in the v2 hierarchy, `null` without one. Files that this kernel does not have are left out. */
export const pressureOf = (kernel: Kernel, folder: string | null): readonly PressureReading[] =>
  folder === null ? [] : readPressure(kernel, (resource) => `${folder}/${resource}.pressure`);

/** Of all tasks there are. `[]` where the kernel does not measure pressure at all. */
export const machinePressure = (kernel: Kernel): readonly PressureReading[] =>
  readPressure(kernel, (resource) => `/proc/pressure/${resource}`);

const readPressure = (
  kernel: Kernel,
  pathOf: (resource: PressureReading['resource']) => string,
): readonly PressureReading[] =>
  RESOURCES.flatMap((resource): PressureReading[] => {
    const path = pathOf(resource);
    const reading = parsed(readCgroupFile(kernel, path), (text) => parsePsi(text, `${resource}.pressure`));
    return !reading.ok && reading.why === 'absent' ? [] : [{ resource, path, reading }];
  });
