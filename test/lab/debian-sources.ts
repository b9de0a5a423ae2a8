/** From where this machine has its packages; man 5 sources.list. */

export interface Mirror {
  readonly uri: string;
  /** Path of the keyring. `null`: the keys that apt trusts anyway. */
  readonly signedBy: string | null;
}

/** The suites of a repository that are called like the release, or by its place among the releases: no `bookworm-security`, no `nodistro`. */
const isOf = (codename: string, suites: readonly string[]): boolean =>
  suites.some((suite) => [codename, 'stable', 'oldstable', 'testing', 'unstable'].includes(suite));

const stanzas = (text: string): Map<string, string>[] =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .split(/\n\s*\n/)
    .map(
      (stanza) =>
        new Map([...stanza.matchAll(/^([\w-]+):[ \t]*(.*)$/gm)].map((found) => [found[1]!, found[2]!.trim()])),
    );

const words = (value: string | undefined): string[] => (value ?? '').split(/\s+/).filter((word) => word !== '');

/**
 * @param deb822 what is in the files `*.sources`
 * @param lines what is in `sources.list` and the files `*.list`
 */
export const mirrorOf = (codename: string, deb822: string, lines: string): Mirror | null => {
  for (const stanza of stanzas(deb822)) {
    const uri = words(stanza.get('URIs'))[0];
    const ours = isOf(codename, words(stanza.get('Suites'))) && words(stanza.get('Components')).includes('main');
    if (uri === undefined || !ours || !words(stanza.get('Types')).includes('deb') || stanza.get('Enabled') === 'no')
      continue;
    const key = words(stanza.get('Signed-By'))[0];
    return { uri, signedBy: key?.startsWith('/') === true ? key : null };
  }
  for (const line of lines.split('\n')) {
    const [, options = '', uri, suite, components] =
      /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (uri === undefined || suite === undefined) continue;
    if (!isOf(codename, [suite]) || !words(components).includes('main')) continue;
    return { uri, signedBy: /(?:^|\s)signed-by=(\/\S+)/.exec(options)?.[1] ?? null };
  }
  return null;
};
