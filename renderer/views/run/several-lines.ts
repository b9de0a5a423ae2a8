/**
 * What is pasted, line by line as `docker run --env-file` reads a file: without empty lines and those that begin with #;
 * spaces before a line do not count. `null` if it is but one line, which goes where the cursor is.
 */
export const severalLines = (text: string): string[] | null => {
  if (!/[\r\n]/.test(text.trimEnd())) return null;
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'));
};
