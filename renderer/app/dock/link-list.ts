/** The links to the web in a terminal's text, for whoever has no pointer to find them with. */
import { webAddress } from '../../../shared/web-address.ts';
import type { Lines } from './screen-text.ts';

/** The same that the web-links addon underlines (0.12.0). */
const ADDRESS = /https?:[/]{2}[^\s"'!*(){}|\\^<>`]*[^\s"':,.!?{}|\\^~[\]`()<>]/gi;

/** More than anybody goes through. */
export const MOST_LINKS = 100;

/** `written`: the addresses that programs gave to the cells of a line, OSC 8. Newest first, each once. */
export const linksIn = (buffer: Lines, written: (y: number) => readonly string[]): readonly string[] => {
  const found = new Set<string>();
  let line = '';
  let last: string[] = [];
  for (let y = buffer.length - 1; y >= 0 && found.size < MOST_LINKS; y--) {
    const row = buffer.getLine(y);
    const wrapsOn = buffer.getLine(y + 1)?.isWrapped ?? false;
    line = `${row?.translateToString(!wrapsOn) ?? ''}${line}`;
    last = [...written(y), ...last];
    if (row?.isWrapped && y > 0) continue;
    // The first of a line is what one reads first.
    for (const uri of [...(line.match(ADDRESS) ?? []), ...last]) {
      const address = webAddress(uri);
      if (address !== null && found.size < MOST_LINKS) found.add(address);
    }
    line = '';
    last = [];
  }
  return [...found];
};
