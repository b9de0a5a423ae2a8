/**
 * The address of a page on the web: `http://…` or `https://…` with a host; `null` for all else: files, scripts, other
 * programs' schemes. Given back as it was written, without what no address holds.
 */
export const webAddress = (uri: string): string | null =>
  /^https?:\/\/[^\s/?#\p{C}][^\s\p{C}]*$/iu.test(uri) ? uri : null;
