/** /etc/passwd; man 5 passwd. uid → name; the first line wins, as for getpwuid(3). Lines of another form are skipped. */
export const parsePasswd = (text: string): ReadonlyMap<number, string> => {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const words = line.split(':');
    const [name, , uid] = words;
    if (words.length < 7 || !name || uid === undefined || !/^\d{1,10}$/.test(uid)) continue;
    if (!names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
};
