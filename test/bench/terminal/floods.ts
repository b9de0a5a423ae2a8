/** What the terminals are flooded with. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface Flood {
  readonly name: string;
  /** Run by sh on the terminal. */
  readonly script: string;
  /** Of all terminals together, as they leave the program. */
  readonly bytes: number;
  /** At once. */
  readonly terminals: number;
  /** Some of it, for a parser that reads from no terminal. */
  readonly sample: Uint8Array;
}

export const SIZE = { cols: 120, rows: 40 } as const;

const PIECE = 1_000_000;
/** A line of `ls --color`. */
const LINE = 'drwxr-xr-x  2 root root   4096 Nov 23 18:40 \u001b[01;34mpörthole\u001b[0m\r\n';

const filled = (path: string, bytes: number, piece: Uint8Array): void => {
  const file = openSync(path, 'w');
  for (let left = bytes; left > 0; left -= piece.length) writeSync(file, piece, 0, Math.min(left, piece.length));
  closeSync(file);
};

/**
 * `yes`, a binary, and many terminals at once. The line discipline is left out (`stty raw`), so that what the program
 * writes is what has to arrive. @param bytes of each flood.
 */
export const floods = (folder: string, bytes: number, terminals: number): readonly Flood[] => {
  const [binary, listing] = [join(folder, `binary-${bytes}`), join(folder, `listing-${bytes}`)];
  const noise = randomBytes(PIECE);
  filled(binary, bytes, noise);
  const lines = Buffer.from(LINE.repeat(Math.ceil(PIECE / Buffer.byteLength(LINE))));
  const each = Math.floor(bytes / terminals);
  filled(listing, each, lines);
  const yes = Buffer.from('y\r\n'.repeat(PIECE / 3));
  return [
    { name: 'yes', script: `yes "$(printf 'y\\r')" | head -c ${bytes}`, bytes, terminals: 1, sample: yes },
    { name: 'binary', script: `cat ${binary}`, bytes, terminals: 1, sample: noise },
    { name: `${terminals} at once`, script: `cat ${listing}`, bytes: each * terminals, terminals, sample: lines },
  ];
};

/** Waits for a key, so that who measures can begin when all is ready. */
export const onKey = (script: string): readonly string[] => [
  'sh',
  '-c',
  `stty raw -echo; printf R; dd bs=1 count=1 of=/dev/null 2>/dev/null; ${script}`,
];
