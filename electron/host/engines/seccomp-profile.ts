/** A seccomp profile as the docker client sends it: it reads the file and hands over what is in it, without white space. */
import { open, stat } from 'node:fs/promises';
import { PortholeError } from '../../../shared/frames.ts';

/** Docker's own default has 12 KiB. */
const MOST_BYTES = 1024 * 1024;

/** As Go's json.Compact: nothing but the white space between tokens goes. */
export const compactJson = (json: string): string => json.replace(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, (_, text?: string) => text ?? ''); // prettier-ignore

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Rejects with a PortholeError that says which file could not be had, and why. */
export const readProfile = async (path: string): Promise<string> => {
  const failed = (why: string): PortholeError => new PortholeError('failed', `The seccomp profile ${path}: ${why}`);
  try {
    // A pipe would keep whoever opens it.
    if (!(await stat(path)).isFile()) throw failed('it is no file');
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES + 1), 0);
      if (bytesRead > MOST_BYTES) throw failed('it is longer than 1 MiB');
      const text = buffer.toString('utf8', 0, bytesRead);
      if (!isJson(text)) throw failed('it is not JSON');
      return compactJson(text);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof PortholeError) throw error;
    throw failed((error as Error).message);
  }
};
