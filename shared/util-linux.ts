/** Which util-linux it is, as `unshare --version` says: `util-linux 2.38.1`. */

/** Whether it is older than this. False where that is not known: then the newest is taken for granted. */
export const isBefore = (version: string | null, major: number, minor: number): boolean => {
  const [, itsMajor, itsMinor] = /^util-linux (\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (itsMajor === undefined) return false;
  return Number(itsMajor) < major || (Number(itsMajor) === major && Number(itsMinor) < minor);
};

/** From here on a map of IDs is written `inner:outer:count`, may be given several times, and is written by root itself. */
export const hasNewMaps = (version: string | null): boolean => !isBefore(version, 2, 39);

/** Maps that are typed into one field, with blanks between. */
export const typedMaps = (text: string | null): readonly string[] =>
  (text ?? '').split(/\s+/).filter((map) => map !== '');
