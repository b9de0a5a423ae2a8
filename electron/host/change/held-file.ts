/** One file of the kernel, opened so that it is the one that was meant, and no other. */
import { constants } from 'node:fs';
import { open, readlink, type FileHandle } from 'node:fs/promises';
import { PortholeError } from '../../../shared/frames.ts';
import { decode, encode } from '../read/bytes.ts';

/** What of an exception of `node:fs` is shown: the kernel's word and the call. */
export interface Refusal {
  readonly errno: string | null;
  readonly call: string;
}

export const refusalOf = (thrown: unknown, call: string): Refusal => {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null;
  if (typeof code === 'string') return { errno: code, call };
  throw thrown;
};

/** Limits are a line; more than this is none of the files that Porthole writes. */
const MOST_BYTES = 4096;

/** The file's text without its last newline, and what tells it from another file of the same name. */
export interface Held {
  readonly text: string;
  /** dev:ino. kernfs gives a cgroup that was made anew another inode. */
  readonly identity: string;
}

/**
 * Opens without following a link at the end, and checks that none was followed on the way: `named` is what the opened file
 * must be called. Throws the kernel's error.
 */
const opened = async (path: string, flags: number, named: string): Promise<FileHandle> => {
  const handle = await open(encode(path), flags | constants.O_NOFOLLOW);
  const real = decode(await readlink(`/proc/self/fd/${handle.fd}`, 'buffer'));
  if (real === named && (await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new PortholeError('denied', `${path} leads to ${real}, which is not what was asked for.`);
};

const identityOf = async (handle: FileHandle): Promise<string> => {
  const { dev, ino } = await handle.stat({ bigint: true });
  return `${dev}:${ino}`;
};

/** Throws the kernel's error, or a PortholeError `denied` where a link leads elsewhere. */
export const readHeld = async (path: string, named = path): Promise<Held> => {
  const handle = await opened(path, constants.O_RDONLY, named);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
    return { text: decode(buffer, bytesRead).replace(/\n$/, ''), identity: await identityOf(handle) };
  } finally {
    await handle.close();
  }
};

/** One write(2) of the whole text. Throws the kernel's error; PortholeError `not-found` if it is another file by now. */
export const writeHeld = async (path: string, text: string, identity: string | null, named = path): Promise<void> => {
  const handle = await opened(path, constants.O_WRONLY, named);
  try {
    if (identity !== null && (await identityOf(handle)) !== identity) {
      throw new PortholeError('not-found', `${path} was removed and made anew. Nothing was written.`);
    }
    // A write of nothing never reaches the kernel; an empty line does.
    const bytes = Buffer.from(text === '' ? '\n' : text);
    await handle.write(bytes, 0, bytes.length, null);
  } finally {
    await handle.close();
  }
};

/** `null` if it could not be read, or holds more than a number. */
export const numberIn = async (path: string): Promise<number | null> =>
  readHeld(path).then(
    ({ text }) => (/^\d+$/.test(text) ? Number(text) : null),
    () => null,
  );
