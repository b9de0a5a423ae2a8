/** Packs an initramfs: the newc form of cpio, as Documentation/driver-api/early-userspace/buffer-format.rst describes it. */
export type Packed =
  | { readonly path: string; readonly is: 'folder' }
  | { readonly path: string; readonly is: 'file'; readonly content: Uint8Array; readonly executable?: boolean }
  | { readonly path: string; readonly is: 'link'; readonly target: string }
  | { readonly path: string; readonly is: 'device'; readonly major: number; readonly minor: number };

/** man 7 inode. */
const TYPE = { folder: 0o040000, file: 0o100000, link: 0o120000, device: 0o020000 } as const;

const padding = (bytes: number): Buffer => Buffer.alloc((4 - (bytes % 4)) % 4);

const record = (name: string, mode: number, inode: number, content: Uint8Array, rdev: [number, number]): Buffer[] => {
  const named = Buffer.from(`${name}\0`);
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, ...rdev, named.length, 0];
  const head = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return [head, named, padding(head.length + named.length), Buffer.from(content), padding(content.length)];
};

const NONE = new Uint8Array();

const partsOf = (entry: Packed, at: number): Buffer[] => {
  const name = entry.path.replace(/^\//, '');
  const executable = entry.is === 'file' && entry.executable !== true ? 0o644 : 0o755;
  const content = entry.is === 'file' ? entry.content : entry.is === 'link' ? Buffer.from(entry.target) : NONE;
  const rdev: [number, number] = entry.is === 'device' ? [entry.major, entry.minor] : [0, 0];
  return record(name, TYPE[entry.is] | executable, at + 1, content, rdev);
};

/** Folders before what is in them; each path once. */
export const packed = (entries: readonly Packed[]): Buffer =>
  Buffer.concat([...entries.flatMap(partsOf), ...record('TRAILER!!!', 0, 0, NONE, [0, 0])]);
