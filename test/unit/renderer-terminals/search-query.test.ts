import { describe, expect, it } from 'vitest';
import { queryProblem, searchedSelection } from '../../../renderer/app/dock/search-query.ts';

const query = (text: string, regex: boolean) => ({ text, regex, caseSensitive: false, wholeWord: false });

describe('looking for text in a terminal', () => {
  it('takes anything as it is', () => {
    for (const text of ['', '(', 'a*', '[z-a]']) expect(queryProblem(query(text, false))).toBeNull();
  });

  it('says what is no regular expression, and which one would match between any two letters', () => {
    expect(queryProblem(query('(', true))).toBe('no regular expression');
    expect(queryProblem(query('[z-a]', true))).toBe('no regular expression');
    expect(queryProblem(query('a*', true))).toBe('matches everywhere');
    expect(queryProblem(query('a+|b', true))).toBeNull();
    expect(queryProblem(query('', true))).toBeNull();
  });

  it('begins with what is selected, unless that is more than a line', () => {
    expect(searchedSelection(' eth0 ')).toBe('eth0');
    expect(searchedSelection('a\nb')).toBe('');
    expect(searchedSelection('a'.repeat(300))).toBe('');
  });
});
