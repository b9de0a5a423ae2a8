/** The rows of a listing: what each entry is, what it means and what it holds, in words. */
import type { ProcFileInfo, ProcForm } from '../../../shared/proc-file.ts';
import { neverRead, procFile } from '../../../shared/proc-files.ts';
import { joinedProcPath, type ProcContent, type ProcEntry, type ProcListing } from '../../../shared/proc-model.ts';
import { glimpseOf } from '../../../shared/proc-text.ts';
import type { Reading } from '../../../shared/model.ts';
import { bytesInWords } from '../../../shared/sentence.ts';
import { wordFilter } from '../../../shared/text.ts';

export const UNKNOWN = 'Not known to Porthole; shown as the kernel writes it.';

type Failed = Extract<Reading<unknown>, { ok: false }>;

/** `text`: the kernel's. `words`: ours. `failed`: what it could not be read for. */
export type Holds =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'failed'; readonly failed: Failed };

export interface ProcRow {
  readonly entry: ProcEntry;
  readonly path: string;
  readonly info: ProcFileInfo | null;
  readonly form: ProcForm | null;
  readonly meaning: string;
  readonly holds: Holds;
}

/** The form as lstat says it where that is certain, else as is known of the name. */
const formOf = (entry: ProcEntry, info: ProcFileInfo | null): ProcForm | null => {
  const type = entry.attributes.ok ? entry.attributes.value.type : null;
  return type === 'directory' || type === 'link' ? type : (info?.form ?? null);
};

const holdsOf = (entry: ProcEntry, path: string, info: ProcFileInfo | null): Holds => {
  if (!entry.attributes.ok) return { kind: 'failed', failed: entry.attributes };
  const { type, mode } = entry.attributes.value;
  if (entry.holds?.ok === false) return { kind: 'failed', failed: entry.holds };
  if (entry.holds === null) {
    if (type === 'directory') return { kind: 'words', words: 'directory' };
    if ((mode & 0o444) === 0) return { kind: 'words', words: 'write only' };
    return { kind: 'words', words: neverRead(path) === null ? 'read when opened' : 'not read' };
  }
  if (type === 'link') return { kind: 'text', text: `→ ${entry.holds.value}` };
  const text = glimpseOf(entry.holds.value, info?.form ?? null);
  return text === null
    ? { kind: 'words', words: 'empty' }
    : { kind: 'text', text: entry.holdsMore && !text.endsWith('…') ? `${text} …` : text };
};

/** `12 KiB`, `the first 256 KiB of 1.2 MiB`, `from byte 262144: 256 KiB; there is more`. */
export const amountOf = ({ offset, bytes, wholeBytes, cut }: ProcContent): string => {
  const amount = bytesInWords(bytes);
  if (!cut && offset === 0) return amount;
  const whole = wholeBytes === null ? '; there is more' : ` of ${bytesInWords(wholeBytes)}`;
  return offset === 0 ? `the first ${amount}${whole}` : `from byte ${offset}: ${amount}${whole}`;
};

export const procRows = (listing: ProcListing): readonly ProcRow[] =>
  !listing.entries.ok
    ? []
    : listing.entries.value.map((entry) => {
        const path = joinedProcPath(listing.path, entry.name);
        const info = procFile(path);
        const holds = holdsOf(entry, path, info);
        return { entry, path, info, form: formOf(entry, info), meaning: info?.meaning ?? UNKNOWN, holds };
      });

/** Those that hold each of the words typed, in name, meaning or content. */
export const matching = (rows: readonly ProcRow[], filter: string): readonly ProcRow[] => {
  const matches = wordFilter(filter);
  return rows.filter(({ entry, meaning, holds }) =>
    matches(`${entry.name} ${meaning} ${holds.kind === 'text' ? holds.text : ''}`),
  );
};

/** Why there is nothing to see, in two words beside the mark. */
export const failureWords = ({ why, errno }: Failed): string => {
  if (why === 'denied') return `no access: ${errno ?? 'denied'}`;
  // A process without memory (a kernel thread, a zombie) answers ESRCH for what it does not have.
  if (why === 'gone' || errno === 'EINVAL') return `nothing to read: ${errno ?? 'gone'}`;
  if (why === 'absent') return `leads nowhere: ${errno ?? 'absent'}`;
  return `not readable: ${errno ?? 'malformed'}`;
};
