/** The text of a captured machine, read and written; {@link CapturedKernel} says what the entries mean. */
import type { Asked } from '../../electron/host/read/nsfs.ts';
import { decode, encode } from '../../electron/host/read/bytes.ts';
import type { NamespaceId, Relation, Why } from '../../shared/model.ts';

export type Entry =
  | { readonly is: 'file'; readonly bytes: Buffer }
  | { readonly is: 'link'; readonly target: string }
  | { readonly is: 'closed'; readonly why: Why; readonly errno: string | null }
  | { readonly is: 'throws'; readonly errno: string }
  | { readonly is: 'empty' };

export interface Tree {
  comment: string;
  readonly entries: Map<string, Entry>;
  readonly asked: Map<NamespaceId, Asked>;
}

export const ERRNO: Readonly<Record<Why, string | null>> = {
  denied: 'EACCES',
  gone: 'ESRCH',
  absent: 'ENOENT',
  malformed: null,
};

const HEAD = /^(==|->|!!|\?\?|\{\}) (.*)$/;

const unescaped = (text: string): Buffer =>
  Buffer.concat(
    text.split(/(\\(?:\\|0|x[0-9a-f]{2}))/).map((piece) => {
      if (piece === '\\\\') return Buffer.from('\\');
      if (piece === '\\0') return Buffer.from([0]);
      return /^\\x[0-9a-f]{2}$/.test(piece) ? Buffer.from([parseInt(piece.slice(2), 16)]) : Buffer.from(piece);
    }),
  );

const content = (lines: readonly string[]): Buffer => {
  if (lines.length === 0) return Buffer.alloc(0);
  const text = lines.join('\n');
  return unescaped(text.endsWith('\\c') ? text.slice(0, -2) : `${text}\n`);
};

const hex = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`;

const escaped = (bytes: Uint8Array, plain: (byte: number) => boolean): string => {
  let text = '';
  for (const byte of bytes) {
    if (byte === 0x5c) text += '\\\\';
    else if (byte === 0) text += '\\0';
    else text += plain(byte) ? String.fromCharCode(byte) : hex(byte);
  }
  return text;
};

/** A line of the file must not pass for an entry. */
const linesOf = (bytes: Buffer): string => {
  const text = escaped(bytes, (byte) => byte === 9 || byte === 10 || (byte >= 0x20 && byte < 0x7f)).replace(
    /^[=\-!?{](?=[=>!?}] )/gm,
    (sign) => hex(sign.charCodeAt(0)),
  );
  return text.endsWith('\n') ? text.slice(0, -1) : `${text}\\c`;
};

/** A path or a target, on one line; in a path no blank, for there it ends. */
const word = (text: string): string => escaped(Buffer.from(encode(text)), (byte) => byte > 0x20 && byte < 0x7f);
const rest = (text: string): string => escaped(Buffer.from(encode(text)), (byte) => byte >= 0x20 && byte < 0x7f);
const plainText = (text: string): string => (text.includes('\\') ? decode(unescaped(text)) : text);

const parseAsked = (id: string, value: string): Asked => {
  const field = (name: string) => new RegExp(`${name}=(\\S+)`).exec(value)?.[1] ?? 'unknown';
  const uid = field('uid');
  return {
    id: id as NamespaceId,
    owner: field('owner') as Relation,
    parent: field('parent') as Relation,
    ownerUid: /^\d+$/.test(uid) ? Number(uid) : null,
  };
};

export const parseTree = (text: string): Tree => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const tree: Tree = { comment: '', entries: new Map(), asked: new Map() };
  const first = lines.findIndex((line) => HEAD.test(line));
  tree.comment = lines.slice(0, first === -1 ? lines.length : first).join('\n');
  for (let at = Math.max(first, 0); at < lines.length; at++) {
    const [, kind, all] = HEAD.exec(lines[at] ?? '') ?? [];
    if (kind === undefined || all === undefined) continue;
    const [name = '', value = ''] = all.split(/ (.*)/);
    const path = plainText(name);
    if (kind === '==') {
      let end = at + 1;
      while (end < lines.length && !HEAD.test(lines[end] ?? '')) end++;
      tree.entries.set(path, { is: 'file', bytes: content(lines.slice(at + 1, end)) });
      at = end - 1;
    } else if (kind === '->') tree.entries.set(path, { is: 'link', target: plainText(value) });
    else if (kind === '{}') tree.entries.set(path, { is: 'empty' });
    else if (kind === '??') tree.asked.set(path as NamespaceId, parseAsked(path, value));
    else {
      const [why = '', errno] = value.split(' ');
      if (why === 'throws') tree.entries.set(path, { is: 'throws', errno: errno ?? 'EINVAL' });
      else tree.entries.set(path, { is: 'closed', why: why as Why, errno: errno ?? ERRNO[why as Why] });
    }
  }
  return tree;
};

const lineOf = (path: string, entry: Entry): string => {
  const name = word(path);
  if (entry.is === 'link') return `-> ${name} ${rest(entry.target)}`;
  if (entry.is === 'empty') return `{} ${name}`;
  if (entry.is === 'throws') return `!! ${name} throws ${entry.errno}`;
  if (entry.is === 'closed') {
    return `!! ${name} ${entry.why}${entry.errno === ERRNO[entry.why] ? '' : ` ${entry.errno}`}`;
  }
  return entry.bytes.length === 0 ? `== ${name}` : `== ${name}\n${linesOf(entry.bytes)}`;
};

/** By name, numbers by value, so that two captures of one machine differ in nothing but what changed. */
const byPath = (a: string, b: string): number => {
  const [left, right] = [a.split('/'), b.split('/')];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [one, other] = [left[i]!, right[i]!];
    if (one === other) continue;
    const numbers = /^\d+$/.test(one) && /^\d+$/.test(other);
    return numbers ? Number(one) - Number(other) : one < other ? -1 : 1;
  }
  return left.length - right.length;
};

/** {@link parseTree} reads the same again. */
export const formatTree = ({ comment, entries, asked }: Tree): string => {
  const lines = comment === '' ? [] : [comment];
  for (const [path, entry] of [...entries].sort(([a], [b]) => byPath(a, b))) lines.push(lineOf(path, entry));
  for (const { id, owner, parent, ownerUid } of [...asked.values()].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    lines.push(`?? ${id} owner=${owner} parent=${parent} uid=${ownerUid}`);
  }
  return `${lines.join('\n')}\n`;
};
