/** Widths of characters by Unicode 15 with joined emoji as one, as the page measures them too. */
import { createRequire } from 'node:module';

type Module = typeof import('@xterm/addon-unicode-graphemes');

/**
 * The package (0.4.0) reads its tables from the start of the ArrayBuffer behind a Buffer, which is right only for a Buffer
 * that is not a slice of Node's pool. Without a pool there are no slices.
 */
const loadWithoutPool = (): Module => {
  const { poolSize } = Buffer;
  Buffer.poolSize = 0;
  try {
    return createRequire(import.meta.url)('@xterm/addon-unicode-graphemes') as Module;
  } finally {
    Buffer.poolSize = poolSize;
  }
};

export const { UnicodeGraphemesAddon } = loadWithoutPool();
