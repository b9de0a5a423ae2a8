/** The command as it forms, with what the advice would add shown in its place. */
import type { Advice } from '../../../shared/unshare-advice.ts';
import { unshareParts, type UnsharePart } from '../../../shared/unshare-argv.ts';
import type { UnshareOptions } from '../../../shared/unshare.ts';

export interface CommandToken extends UnsharePart {
  /** Not part of the command: what the first warning suggests to add. */
  readonly suggested: boolean;
}

const added = (options: UnshareOptions, advice: readonly Advice[]): readonly UnsharePart[] | null => {
  const fix = advice.find(({ level, fix }) => level !== 'hint' && fix !== null)?.fix;
  if (!fix) return null;
  const mended = unshareParts({ ...options, ...fix });
  const texts = new Set(mended.map(({ text }) => text));
  // A fix that takes something away cannot be shown as an addition.
  return unshareParts(options).every(({ text }) => texts.has(text)) ? mended : null;
};

export const commandTokens = (options: UnshareOptions, advice: readonly Advice[]): readonly CommandToken[] => {
  const parts = unshareParts(options);
  const now = new Set(parts.map(({ text }) => text));
  return (added(options, advice) ?? parts).map((part) => ({ ...part, suggested: !now.has(part.text) }));
};

/** Seconds as typed into a field: `null` if it is empty, `undefined` if it is no whole number unshare would take. */
export const typedSeconds = (text: string): number | null | undefined => {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return /^[+-]?\d{1,9}$/.test(trimmed) ? Number(trimmed) : undefined;
};
