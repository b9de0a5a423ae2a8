/** Numbers as the screen shows them. Binary units throughout, as the kernel counts. */
import { bytesInWords } from '../../shared/sentence.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

interface Scaled {
  readonly number: string;
  /** Index into {@link UNITS}. */
  readonly power: number;
}

/** Three digits at most: `9.8`, `37.9`, `118`; whole bytes stay whole. */
const digits = (value: number, power: number): string =>
  power === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1);

const powerOf = (bytes: number): number => {
  let power = 0;
  // 999.5 would be printed as 1000, so it already belongs to the next unit.
  while (power < UNITS.length - 1 && bytes / 1024 ** power >= 999.5) power++;
  return power;
};

const scaled = (bytes: number, power = powerOf(bytes)): Scaled => ({
  number: digits(bytes / 1024 ** power, power),
  power,
});

/** For columns: `37.9 M`, `812 K`, `0`. */
export const bytesInColumn = (bytes: number): string => {
  const { number, power } = scaled(bytes);
  return power === 0 ? number : `${number} ${(UNITS[power] as string).charAt(0)}`;
};

/** Used and allowed in the unit of what is allowed, so that the two can be compared: `['41.2', '64 MiB']`. */
export const bytesOf = (used: number, limit: number): readonly [string, string] => {
  const power = powerOf(limit);
  return [scaled(used, power).number, bytesInWords(limit)];
};

/** Seconds in at most two units: `41 s`, `29 min`, `3 h 12 min`, `12 d 4 h`. */
export const durationInWords = (seconds: number): string => {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
};

/** `14:41:09` on the reader's clock. */
export const timeOfDay = (millis: number): string => new Date(millis).toLocaleTimeString('en-GB', { hour12: false });

/** `23 Nov 19:05`, with the year if it is not this one. */
export const dateAndTime = (millis: number, now = Date.now()): string => {
  const date = new Date(millis);
  const year = date.getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' as const };
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...year });
  return `${day} ${date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', hour12: false })}`;
};

/** One decimal, as CPU columns show it: `41.7`, `0.0`. */
export const oneDecimal = (value: number): string => value.toFixed(1);

/** `1 process`, `6 processes`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** Minutes and seconds of CPU time, as ps prints TIME: `0:07`, `12:34`, `3:02:11`. */
export const cpuTime = (seconds: number): string => {
  const whole = Math.floor(seconds);
  const two = (n: number): string => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
};

/** When something began, as ps prints START: the time if it was within a day, else the date. */
export const startedInColumn = (millis: number, now: number): string =>
  now - millis < 86_400_000
    ? new Date(millis).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', hour12: false })
    : new Date(millis).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
