/** Reading the files of one who is in a namespace, so that they are known to speak of it. */
import type { Directory, Kernel } from '../read/kernel.ts';
import { directoryOf, type Teller, type Way } from './inside-way.ts';

/**
 * What `read` makes of the files of the first who is in the namespace before and after: of one that left, ended or whose number
 * was given anew while it was read, nothing is taken. `null` if there is none.
 */
export const toldBy = async <T>(
  kernel: Kernel,
  { id, type, tellers }: Pick<Way, 'id' | 'type' | 'tellers'>,
  read: (directory: Directory, teller: Teller) => T | Promise<T>,
): Promise<T | null> => {
  for (const teller of tellers) {
    const pinned = kernel.pin(directoryOf(teller));
    if (!pinned.ok) continue;
    const directory = pinned.value;
    const isIn = (): boolean => {
      const link = directory.link(`ns/${type}`);
      return link.ok && link.value === id;
    };
    try {
      if (!isIn()) continue;
      const told = await read(directory, teller);
      if (isIn()) return told;
    } finally {
      directory.close();
    }
  }
  return null;
};
