import { expect, it } from 'vitest';
import { isAboutLimits, ownHardLimits, settableLimits } from '../../../electron/host/engines/ulimits.ts';

const told = (...Ulimits: object[]): unknown => ({ HostConfig: { Ulimits } });

it('puts soft and hard the right way round', () => {
  expect(settableLimits(told({ Name: 'RLIMIT_NOFILE', Soft: 4096, Hard: 1024 }), {})).toEqual([
    { name: 'nofile', soft: 1024, hard: 4096 },
  ]);
});

it('asks for no more than this process may have, and keeps the rest as it is', () => {
  const entries = [
    { Name: 'RLIMIT_NOFILE', Soft: 1_048_576, Hard: 1_048_576 },
    { Name: 'RLIMIT_CORE', Soft: 0, Hard: 0 },
  ];
  expect(settableLimits(told(...entries), { nofile: 20_000 })).toEqual([
    { name: 'nofile', soft: 20_000, hard: 20_000 },
    { name: 'core', soft: 0, hard: 0 },
  ]);
});

it('knows nothing better than limits that could be set, or than what is no limit at all', () => {
  expect(settableLimits(told({ Name: 'RLIMIT_NOFILE', Soft: 1, Hard: 2 }), { nofile: 3 })).toEqual([]);
  for (const odd of [null, {}, told({ Name: 'x', Soft: 2, Hard: 1 }), told({ Name: 'nofile', Soft: -1, Hard: '9' })]) {
    expect(settableLimits(odd, {})).toEqual([]);
  }
});

it('reads what this process may have', () => {
  expect(ownHardLimits().nofile ?? Infinity).toBeGreaterThan(0);
});

it('knows the words of runc and crun', () => {
  expect(isAboutLimits('error setting rlimit type 7: invalid argument')).toBe(true);
  expect(isAboutLimits('crun: setrlimit `RLIMIT_NOFILE`: Operation not permitted')).toBe(true);
  expect(isAboutLimits('no such image')).toBe(false);
});
