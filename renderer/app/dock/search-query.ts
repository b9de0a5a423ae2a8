/** What is looked for in a terminal, and how. */
export interface SearchQuery {
  readonly text: string;
  readonly caseSensitive: boolean;
  readonly wholeWord: boolean;
  readonly regex: boolean;
}

/** Why it cannot be looked for; `null` if it can. */
export const queryProblem = ({ text, regex }: SearchQuery): string | null => {
  if (!regex || text === '') return null;
  try {
    return new RegExp(text).test('') ? 'matches everywhere' : null;
  } catch {
    return 'no regular expression';
  }
};

/** Longer selections are not what somebody looks for. */
const MOST_CHARACTERS = 200;

/** What of a selection is looked for: a word or a few, not a paragraph. */
export const searchedSelection = (selection: string): string =>
  /[\r\n]/.test(selection) || selection.length > MOST_CHARACTERS ? '' : selection.trim();
