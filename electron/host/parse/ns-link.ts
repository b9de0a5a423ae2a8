import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from '../../../shared/model.ts';
import { FormatError } from './format-error.ts';

const LINK = new RegExp(`^(${NAMESPACE_TYPES.join('|')}):\\[(\\d{1,20})\\]$`);

/** Text of a link under /proc/PID/ns: `net:[4026531840]`; man 7 namespaces. */
export const parseNsLink = (text: string): NamespaceId => {
  if (!LINK.test(text)) throw new FormatError('ns', text);
  return text as NamespaceId;
};

/** The same where it may be something else, such as any open file. */
export const namespaceOf = (text: string): { id: NamespaceId; type: NamespaceType; inode: number } | null => {
  const found = LINK.exec(text);
  if (found === null) return null;
  return { id: text as NamespaceId, type: found[1] as NamespaceType, inode: Number(found[2]) };
};
