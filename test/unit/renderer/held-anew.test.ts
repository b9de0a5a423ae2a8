import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { World } from '../../../shared/model.ts';
import { aWorld } from '../shared/world.ts';

const call = vi.hoisted(() => vi.fn(() => Promise.resolve(null)));
vi.mock('../../../renderer/store/connection.svelte.ts', () => ({ connection: { client: { call } } }));
const { HeldAnew } = await import('../../../renderer/store/held-anew.ts');

const at = (takenAt: number, fds = 0, scanMillis = 5): World => ({
  ...aWorld([]),
  takenAt,
  scanMillis,
  ages: { cgroups: 0, rest: 0, binds: 0, fds, threads: 0 },
});
beforeEach(() => call.mockClear());

describe('what holds the namespace that is looked at', () => {
  it('is asked for at once when another is looked at', () => {
    const anew = new HeldAnew();
    anew.look('net:[1]', at(1000));
    anew.look('net:[1]', at(2000));
    expect(call.mock.calls).toEqual([['namespace.anew', {}]]);
    anew.look('net:[2]', at(2100));
    expect(call).toHaveBeenCalledTimes(2);
  });

  it('is asked for again whenever something has waited, and no more often than a machine can bear', () => {
    const anew = new HeldAnew();
    anew.look('net:[1]', at(1000));
    anew.look('net:[1]', at(2000, 5000));
    expect(call).toHaveBeenCalledTimes(1);
    anew.look('net:[1]', at(3000, 5000));
    expect(call).toHaveBeenCalledTimes(2);
    // A look of 200 ms: 10 s between.
    for (let now = 4000; now <= 12_000; now += 1000) anew.look('net:[1]', at(now, 5000, 200));
    expect(call).toHaveBeenCalledTimes(2);
    anew.look('net:[1]', at(13_000, 5000, 200));
    expect(call).toHaveBeenCalledTimes(3);
  });

  it('comes in its turn where the host does not answer', async () => {
    call.mockRejectedValueOnce(new Error('gone'));
    expect(() => new HeldAnew().look('net:[1]', at(1000))).not.toThrow();
    await Promise.resolve();
  });
});
