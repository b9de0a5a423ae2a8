/** porthole process --file: one file under /proc/PID, whole. */
import type { ProcessKey } from '../../shared/model.ts';
import { PortholeError } from '../../shared/frames.ts';
import { neverRead, procFile } from '../../shared/proc-files.ts';
import { normalProcPath, type ProcContent, type ProcFile } from '../../shared/proc-model.ts';
import { linesOf, stringsOf } from '../../shared/proc-text.ts';
import { visible } from '../../shared/text.ts';
import { readProc } from '../host/collect/proc-browse.ts';
import { linuxProcessFolders } from '../host/read/process-folder.ts';
import { Failure, UsageFault } from './fault.ts';
import { print, printJson } from './print.ts';
import { unread } from './told.ts';

/** Part by part, so that none is too large; what the kernel writes meanwhile may be of two moments. */
export const printFile = async (key: ProcessKey, path: string, json: boolean): Promise<void> => {
  if (path === '' || !normalProcPath(path))
    throw new UsageFault('give --file a path below /proc/PID, as in: --file net/tcp');
  const texts: string[] = [];
  let file = read(key, path, 0);
  for (let part = contentOf(file); ; part = contentOf(file)) {
    if (json) texts.push(part.text);
    else await print(shown(path, part));
    if (!part.cut || part.bytes === 0) break;
    file = read(key, path, part.offset + part.bytes);
  }
  if (!json) return;
  const { attributes, takenAt } = file;
  await printJson({ key, path, takenAt, attributes, meaning: procFile(path)?.meaning ?? null, text: texts.join('') });
};

const read = (key: ProcessKey, path: string, offset: number): ProcFile => {
  try {
    return readProc(linuxProcessFolders, key, path, offset);
  } catch (error) {
    throw error instanceof PortholeError ? new Failure(error.message) : error;
  }
};

const contentOf = ({ path, attributes, content }: ProcFile): ProcContent => {
  if (!attributes.ok) throw new Failure(visible(unread(attributes)));
  if (content?.ok) return content.value;
  if (content !== null) throw new Failure(visible(unread(content)));
  const { type, mode } = attributes.value;
  if (type === 'directory') throw new Failure(`${visible(path)} is a directory; give a file in it`);
  const why = neverRead(path) ?? ((mode & 0o444) === 0 ? 'it is only for writing' : 'it is no regular file');
  throw new Failure(`${visible(path)} is not read: ${why}`);
};

/** Strings that end in a NUL stand one a line; whatever would not show is made visible. */
const shown = (path: string, { text }: ProcContent): string => {
  const strings = procFile(path)?.form === 'nul' || text.includes('\0');
  const lines = strings ? stringsOf(text).map(visible).join('\n') : linesOf(text);
  return lines === '' || lines.endsWith('\n') ? lines : `${lines}\n`;
};
