/** /proc/PID/net/fib_trie: the IPv4 addresses that are this machine's own, once each. Of which interface it does not say. */
export const parseFibTrieLocal = (text: string): string[] => {
  const found = new Set<string>();
  let leaf: string | null = null;
  for (const line of text.split('\n')) {
    const [, address] = /^ *\|-- (\d{1,3}(?:\.\d{1,3}){3})$/.exec(line) ?? [];
    if (address !== undefined) leaf = address;
    else if (leaf !== null && /^ *\/32 host LOCAL$/.test(line)) found.add(leaf);
  }
  return [...found];
};
