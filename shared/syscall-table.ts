/** Names by number from lines of `NUMBER: name name …`, counted on from that number; a line without one goes on counting. */
export const numbered = (lines: string): ReadonlyMap<number, string> => {
  const names = new Map<number, string>();
  let next = 0;
  for (const word of lines.split(/\s+/)) {
    if (word === '') continue;
    if (word.endsWith(':')) next = Number(word.slice(0, -1));
    else names.set(next++, word);
  }
  return names;
};
