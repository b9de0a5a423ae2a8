import { expect, it } from 'vitest';
import type { UsePoint } from '../../../shared/container-use.ts';
import { tableRows } from '../../../renderer/views/containers/page/use-table.ts';

const point = (at: number): UsePoint => ({
  at,
  cpuPercent: null,
  throttledShare: null,
  memoryBytes: null,
  tasks: null,
  readRate: null,
  writeRate: null,
  readsRate: null,
  writesRate: null,
  receiveRate: null,
  sendRate: null,
});
const series = (values: (number | null)[]) => [{ label: 'CPU', as: 'area' as const, tone: 'accent' as const, values }];
const words = (value: number): string => `${value} %`;

it('is the last point of each ten seconds, newest first, and says what is not known', () => {
  const points = [1_000, 9_000, 11_000, 19_999, 45_000].map(point);
  const strip = { label: 'throttled', values: [0, 0.5, null, 0.25, 0] };
  expect(tableRows({ series: series([1, 2, 3, null, 5]), strip, words }, points)).toEqual([
    { at: 45_000, cells: ['5 %', '0 %'] },
    { at: 19_999, cells: ['not known', '25 %'] },
    { at: 9_000, cells: ['2 %', '50 %'] },
  ]);
  expect(tableRows({ series: series([]), strip: null, words }, [])).toEqual([]);
});
