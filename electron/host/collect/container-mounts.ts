/** What one process sees mounted, read now. */
import type { Mount } from '../../../shared/mounts.ts';
import type { ProcessKey, Reading } from '../../../shared/model.ts';
import { parsed } from '../parse/format-error.ts';
import { parseMountinfo } from '../parse/mountinfo.ts';
import type { Kernel } from '../read/kernel.ts';
import { ofProcess } from './of-process.ts';

/** Throws as {@link ofProcess} does. */
export const readMounts = (kernel: Kernel, key: ProcessKey): Reading<readonly Mount[]> =>
  ofProcess(kernel, key, (directory) => parsed(directory.text('mountinfo'), parseMountinfo));
