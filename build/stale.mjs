/** Knows by content, not by time, whether something made from files is still up to date: a checkout changes times. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * One hash over the names and contents of files and, recursively, folders. A path that does not exist counts as such.
 * @param {string} base
 * @param {readonly string[]} paths relative to base
 * @returns {Promise<string>} hexadecimal
 */
export const hashOf = async (base, paths) => {
  const hash = createHash('sha256');
  for (const path of paths) await add(hash, base, path);
  return hash.digest('hex');
};

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} base
 * @param {string} path
 */
const add = async (hash, base, path) => {
  const entries = await readdir(join(base, path), { withFileTypes: true }).catch(() => null);
  if (entries !== null) {
    const names = entries.filter((entry) => entry.isFile() || entry.isDirectory()).map((entry) => entry.name);
    for (const name of names.sort()) await add(hash, base, join(path, name));
    return;
  }
  const content = await readFile(join(base, path)).catch(() => null);
  hash.update(`${path}\0${content === null ? 'absent' : content.length}\0`);
  if (content !== null) hash.update(content);
};

/**
 * @param {string} file
 * @returns {Promise<string | null>} what {@link stamp} wrote there, null if nothing did
 */
export const stamped = async (file) => (await readFile(file, 'utf8').catch(() => null))?.trim() ?? null;

/**
 * @param {string} file
 * @param {string} content
 */
export const stamp = async (file, content) => {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${content}\n`);
};
