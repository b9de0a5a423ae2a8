/** From the text of a cgroup file to what it holds. */
import { cgroupKey } from '../../../shared/cgroup-keys.ts';
import type { CgroupFileInfo } from '../../../shared/cgroup-file.ts';
import { PIDS_AT_MOST, type CgroupValue } from '../../../shared/cgroup-model.ts';
import { parseOperations } from './blkio-operations.ts';
import { parseFlat } from './cgroup-flat.ts';
import { parseBandwidth, parseLimit, parseV1MemoryLimit, parseV1Quota } from './cgroup-limit.ts';
import { parseNumbers, parsePids, parseRanges, parseWords } from './cgroup-list.ts';
import { parseNested, parseNuma } from './cgroup-nested.ts';
import { parseColumns } from './cpuacct-all.ts';
import { FormatError } from './format-error.ts';
import { kernelNumber, linesOf, onlyLine } from './kernel-number.ts';
import { parsePsi } from './psi.ts';

/** Throws a {@link FormatError} if the text is not of the file's form. `pageBytes`: of the machine. */
export const parseCgroupValue = (info: CgroupFileInfo, text: string, pageBytes: number): CgroupValue => {
  const { name } = info;
  const known = (key: string) => cgroupKey(name, info.version, key) !== null;
  switch (info.form) {
    case 'number':
      return { kind: 'number', value: kernelNumber(onlyLine(text, name), name) };
    case 'flag': {
      const value = kernelNumber(onlyLine(text, name), name);
      if (value !== 0 && value !== 1) throw new FormatError(name, text);
      return { kind: 'number', value };
    }
    case 'limit':
      return parseLimit(text, name);
    case 'v1-memory-limit':
      return parseV1MemoryLimit(text, name, pageBytes);
    case 'v1-quota':
      return parseV1Quota(text, name);
    case 'bandwidth':
      return parseBandwidth(text, name);
    case 'word':
      return { kind: 'text', text: onlyLine(text, name) };
    case 'ranges':
      return { kind: 'text', text: parseRanges(text, name) };
    case 'words':
      return { kind: 'list', items: parseWords(text, name) };
    case 'numbers':
      return { kind: 'list', items: parseNumbers(text, name) };
    case 'lines':
      return { kind: 'list', items: linesOf(text) };
    case 'pids': {
      const pids = parsePids(text, name);
      return { kind: 'pids', count: pids.length, pids: pids.slice(0, PIDS_AT_MOST) };
    }
    case 'flat':
      return { kind: 'flat', entries: parseFlat(text, name, known) };
    case 'nested':
      return { kind: 'nested', rows: parseNested(text, name, known) };
    case 'numa':
      return { kind: 'nested', rows: parseNuma(text, name) };
    case 'operations':
      return { kind: 'nested', rows: parseOperations(text, name) };
    case 'columns':
      return { kind: 'nested', rows: parseColumns(text, name) };
    case 'psi':
      return { kind: 'psi', pressure: parsePsi(text, name) };
    case 'nothing':
      throw new FormatError(name, text);
  }
};
