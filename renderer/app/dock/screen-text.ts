/** The part of xterm's buffer that {@link screenText} reads. */
export interface Lines {
  readonly length: number;
  getLine(y: number): { readonly isWrapped: boolean; translateToString(trimRight?: boolean): string } | undefined;
}

/** Scrollback and screen as plain text: wrapped lines joined as the program wrote them, no blank lines at the end. */
export const screenText = (buffer: Lines): string => {
  const lines: string[] = [];
  for (let y = 0; y < buffer.length; y++) {
    const line = buffer.getLine(y);
    if (line === undefined) continue;
    // The line before a wrapped one is full: its trailing spaces are the program's.
    const wrapsOn = buffer.getLine(y + 1)?.isWrapped ?? false;
    const text = line.translateToString(!wrapsOn);
    if (line.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
    else lines.push(text);
  }
  while (lines.at(-1) === '') lines.pop();
  return lines.map((line) => `${line}\n`).join('');
};
