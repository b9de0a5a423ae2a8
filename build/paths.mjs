/** Where things are, whatever directory a command was started from. */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
/** @param {...string} parts */
export const inRoot = (...parts) => join(root, ...parts);
export const dist = inRoot('dist');
