/** What was read of a process, in lines of a name and its value; what was not, with the failing call. */
import type { Reading } from '../../shared/model.ts';
import { visible } from '../../shared/text.ts';

export const line = (name: string, value: string): string => `${name.padEnd(12)}${visible(value)}\n`;
export const told = <T>(name: string, reading: Reading<T>, words: (value: T) => string): string =>
  line(name, reading.ok ? words(reading.value) : unread(reading));
export const unread = ({ why, call, errno }: Extract<Reading<unknown>, { ok: false }>): string =>
  `not readable: ${why}, ${call}${errno === null ? '' : ` ${errno}`}`;
export const section = <T>(title: string, reading: Reading<T>, text: (value: T) => string): string =>
  `${title}\n${reading.ok ? text(reading.value) : `${visible(unread(reading))}\n`}`;
