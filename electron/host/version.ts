import { readFileSync } from 'node:fs';

/** Porthole's version, from the package.json one folder above the bundles (in the source tree and in the package alike). */
export const version = (): string => {
  const file: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return file !== null && typeof file === 'object' && 'version' in file ? String(file.version) : 'unknown';
};
