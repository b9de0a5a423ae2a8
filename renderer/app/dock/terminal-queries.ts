/**
 * What a program asks its terminal (which one are you, where is the cursor), the host's screen answers: it is there with
 * no page and with two, and a program that got two answers would take the second one for something typed.
 */
import type { IParser } from '@xterm/xterm';

const CSI = [
  { final: 'c' }, // DA1, primary device attributes
  { prefix: '>', final: 'c' }, // DA2
  { final: 'n' }, // DSR: status, cursor position
  { prefix: '?', final: 'n' }, // DECDSR
  { intermediates: '$', final: 'p' }, // DECRQM, ANSI modes
  { prefix: '?', intermediates: '$', final: 'p' }, // DECRQM, private modes
  { prefix: '>', final: 'q' }, // XTVERSION
] as const;

/** Makes a page's terminal silent on queries. */
export const leaveQueriesToHost = (parser: IParser): void => {
  for (const sequence of CSI) parser.registerCsiHandler(sequence, () => true);
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, () => true); // DECRQSS
};
