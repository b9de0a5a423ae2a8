import type { KernelNumber } from '../../../shared/cgroup-model.ts';
import { FormatError } from './format-error.ts';

const WHOLE = /^-?\d{1,20}$/;

/** True if {@link kernelNumber} takes it. */
export const isKernelNumber = (text: string): boolean => WHOLE.test(text);

/** A whole number of up to 64 bits; as its digits where a `number` would not hold it exactly. */
export const kernelNumber = (text: string, file: string): KernelNumber => {
  if (!WHOLE.test(text)) throw new FormatError(file, text);
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text).toString();
};

export const kernelNumberOrMax = (text: string, file: string): KernelNumber | 'max' =>
  text === 'max' ? 'max' : kernelNumber(text, file);

/** The file's only line. Empty text is an empty line; a second line is a form we do not know. */
export const onlyLine = (text: string, file: string): string => {
  const line = text.endsWith('\n') ? text.slice(0, -1) : text;
  if (line.includes('\n')) throw new FormatError(file, text);
  return line.trim();
};

export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');
