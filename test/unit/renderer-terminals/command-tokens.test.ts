import { describe, expect, it } from 'vitest';
import { commandTokens, typedSeconds } from '../../../renderer/views/unshare/command-tokens.ts';
import { unshareAdvice } from '../../../shared/unshare-advice.ts';
import { NO_UNSHARE, UNSHARE_PRESETS } from '../../../shared/unshare-argv.ts';
import type { UnshareOptions } from '../../../shared/unshare.ts';

const shown = (options: Partial<UnshareOptions>) => {
  const whole = { ...NO_UNSHARE, ...options };
  return commandTokens(whole, unshareAdvice(whole, null))
    .map(({ quoted, suggested }) => (suggested ? `[${quoted}]` : quoted))
    .join(' ');
};

describe('the command as it forms', () => {
  it('shows in its place what the first warning would add', () => {
    expect(shown({ namespaces: ['pid', 'user'], mapRootUser: true })).toBe(
      'unshare --user --map-root-user [--fork] --pid bash',
    );
  });

  it('suggests nothing for a mere hint, nor where the fix takes something away', () => {
    expect(shown({ namespaces: ['user'] })).toBe('unshare --user bash');
    expect(shown({ namespaces: ['user'], mapRootUser: true, mapCurrentUser: true })).toBe(
      'unshare --user --map-root-user --map-current-user bash',
    );
  });

  it('suggests nothing for a preset', () => {
    for (const { options } of UNSHARE_PRESETS) expect(shown(options)).not.toContain('[');
  });
});

describe('typedSeconds', () => {
  it.each([
    ['', null],
    [' 86400 ', 86_400],
    ['-5', -5],
    ['1.5', undefined],
    ['1e9', undefined],
    ['9999999999', undefined],
    ['x', undefined],
  ])('%j is %j', (text, seconds) => {
    expect(typedSeconds(text)).toBe(seconds);
  });
});
