/** The newest Linux that Debian has for virtual machines, for what this machine's own kernel and the stable one lack. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { newerDebian, newerPackages } from '../lab/newer-debian.ts';

/** In the order in which they are asked; the last one has what will be the next Debian. */
const SUITES = ['trixie-backports', 'sid'] as const;
const META = 'linux-image-cloud-amd64';

/** The package that has the image: until 6.x the one that the name stands for, later one that this depends on. */
const packageIn = async (suite: string): Promise<string> => {
  const debian = await newerDebian(suite);
  const image = (await debian.depends(META)).find((name) => name.startsWith('linux-image-'));
  if (image === undefined) throw new Error(`${META} of ${suite} stands for no kernel`);
  return (await debian.depends(image)).find((name) => name.startsWith('linux-binary-')) ?? image;
};

/** Path of the image. Rejects, with the reason in its first line, where none can be had. */
export const newestKernel = async (): Promise<string> => {
  let reason: unknown;
  for (const suite of SUITES) {
    try {
      const folder = await newerPackages(suite, [await packageIn(suite)]);
      const files = await readdir(folder, { recursive: true });
      const image = files.find((file) => /(^|\/)vmlinuz[^/]*$/.test(file));
      if (image === undefined) throw new Error(`there is no kernel in ${folder}`);
      return join(folder, image);
    } catch (error) {
      reason ??= error;
    }
  }
  throw reason;
};
