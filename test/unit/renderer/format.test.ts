import { describe, expect, it } from 'vitest';
import {
  bytesInColumn,
  bytesOf,
  counted,
  cpuTime,
  dateAndTime,
  durationInWords,
} from '../../../renderer/parts/format.ts';

describe('bytes', () => {
  it.each([
    [0, '0'],
    [512, '512'],
    [1024, '1.0 K'],
    [39_741_030, '37.9 M'],
    [118 * 1024 ** 2, '118 M'],
    [1023 * 1024 ** 2, '1.0 G'],
    [3 * 1024 ** 4, '3.0 T'],
  ])('%d in a column is %s', (bytes, text) => expect(bytesInColumn(bytes)).toBe(text));

  it('never needs four digits before the unit', () => {
    for (let bytes = 1; bytes < 2 ** 49; bytes = Math.ceil(bytes * 1.37)) {
      expect(bytesInColumn(bytes)).toMatch(/^(\d{1,3}|\d{1,2}\.\d)( [KMGT])?$/);
    }
  });

  it('gives use and limit in one unit', () => {
    expect(bytesOf(43_200_000, 64 * 1024 ** 2)).toEqual(['41.2', '64 MiB']);
    expect(bytesOf(1024, 2 * 1024 ** 3)).toEqual(['0.0', '2 GiB']);
  });
});

describe('durations', () => {
  it.each([
    [-3, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [3599, '59 min'],
    [3600, '1 h'],
    [11_520, '3 h 12 min'],
    [86_400, '1 d'],
    [1_051_200, '12 d 4 h'],
  ])('%d seconds are %s', (seconds, text) => expect(durationInWords(seconds)).toBe(text));
});

it('names the year of a date only when it is another one', () => {
  const now = new Date(2026, 10, 23).getTime();
  expect(dateAndTime(new Date(2026, 10, 23, 9, 5).getTime(), now)).toBe('23 Nov 09:05');
  expect(dateAndTime(new Date(2025, 0, 2, 9, 5).getTime(), now)).toBe('2 Jan 2025 09:05');
});

it('counts one and many', () => {
  expect([counted(1, 'process', 'processes'), counted(0, 'file')]).toEqual(['1 process', '0 files']);
});

it('prints CPU time as ps does', () => {
  expect([cpuTime(7.9), cpuTime(754), cpuTime(10_931)]).toEqual(['0:07', '12:34', '3:02:11']);
});
