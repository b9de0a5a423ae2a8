import type { TerminalInfo } from '../../../shared/terminal.ts';
import { visible } from '../../../shared/text.ts';

type Tab = Pick<TerminalInfo, 'title' | 'named' | 'signs'>;

/** What the program calls its terminal, to stand behind the title; `null` if nothing, or if the user chose a name. */
export const calledWords = ({ title, named = false, signs }: Tab): string | null => {
  const said = visible(signs?.said.trim() ?? '');
  return named || said === '' || said === title ? null : said;
};

/** The whole of what a tab says, for which it may be too narrow. */
export const tabTitle = ({ title, signs }: Tab): string => {
  const said = visible(signs?.said.trim() ?? '');
  return said === '' ? visible(title) : `${visible(title)}\nIts program calls it: ${said}`;
};
