import type { Reading } from '../../../shared/model.ts';

/** A file that has the name we know and a form we do not. The page says "malformed". */
export class FormatError extends Error {
  readonly file: string;
  readonly text: string;

  constructor(file: string, text: string) {
    super(`${file} is not in a form that Porthole knows: ${JSON.stringify(text.slice(0, 200))}`);
    this.name = 'FormatError';
    this.file = file;
    this.text = text;
  }
}

/** Applies a parser to what was read. */
export const parsed = <T>(reading: Reading<string>, parse: (text: string) => T): Reading<T> => {
  if (!reading.ok) return reading;
  try {
    return { ok: true, value: parse(reading.value) };
  } catch (thrown) {
    if (thrown instanceof FormatError) return { ok: false, why: 'malformed', call: thrown.message, errno: null };
    throw thrown;
  }
};

const DECIMAL = /^-?\d{1,20}$/;

/** A whole number in decimal; anything else is a {@link FormatError}. */
export const decimal = (text: string | undefined, file: string): number => {
  if (text === undefined || !DECIMAL.test(text)) throw new FormatError(file, text ?? '');
  return Number(text);
};
