import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Inside, NamespaceInside } from '../../../shared/inside.ts';
import type { NamespaceId } from '../../../shared/model.ts';

const call = vi.hoisted(() => vi.fn<(method: string, args: object) => Promise<unknown>>());
const connection = vi.hoisted(() => ({ client: null as object | null }));
vi.mock('../../../renderer/store/connection.svelte.ts', () => ({ connection }));
const { InsideStore } = await import('../../../renderer/store/inside.svelte.ts');

const UTS: NamespaceId = 'uts:[1]';
const PID: NamespaceId = 'pid:[1]';
const names = (hostname: string): Inside => ({
  type: 'uts',
  names: { ok: true, value: { hostname, domainname: '(none)', release: '6' } },
});
const numbers: Inside = { type: 'pid', pidMax: { ok: true, value: 9 }, lastPid: { ok: true, value: 1 } };
const told = (id: NamespaceId, inside: Inside, millis = 1): NamespaceInside => ({
  ...{ id, inside, millis, takenAt: Date.now() },
});
const later = async (millis: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(millis);
};

beforeEach(() => {
  vi.useFakeTimers();
  call.mockReset();
  connection.client = { call };
});
afterEach(() => void vi.useRealTimers());

describe('what is inside of the namespace that is looked at', () => {
  it('is read again while it is looked at, for it changes: a host name as much as an interface', async () => {
    call.mockImplementation(() => Promise.resolve(told(UTS, names(`n${call.mock.calls.length}`))));
    const store = new InsideStore();
    store.look(UTS);
    await later(4000);
    store.look(UTS);
    expect(call).toHaveBeenCalledTimes(1);
    await later(1000);
    store.look(UTS);
    await later(0);
    expect(store.current?.inside).toEqual(names('n2'));
  });

  it('is read no more often than its cost allows', async () => {
    call.mockImplementation(() => Promise.resolve(told(UTS, names('x'), 1000)));
    const store = new InsideStore();
    store.look(UTS);
    await later(19_000);
    store.look(UTS);
    expect(call).toHaveBeenCalledTimes(1);
    await later(1000);
    store.look(UTS);
    expect(call).toHaveBeenCalledTimes(2);
  });

  it('of a pid namespace is read again only when someone asks, for each time costs it a number', async () => {
    call.mockImplementation(() => Promise.resolve(told(PID, numbers)));
    const store = new InsideStore();
    store.look(PID);
    await later(60_000);
    store.look(PID);
    expect(call).toHaveBeenCalledTimes(1);
    await store.read();
    expect(call).toHaveBeenCalledTimes(2);
  });

  it('is tried again where the first reading failed, or there was nobody to ask yet', async () => {
    connection.client = null;
    const store = new InsideStore();
    store.look(PID);
    connection.client = { call };
    call.mockRejectedValueOnce(new Error('no'));
    store.look(PID);
    await later(0);
    expect(store.error).toBe('no');
    call.mockResolvedValueOnce(told(PID, numbers));
    await later(5000);
    store.look(PID);
    await later(0);
    expect([store.error, store.current?.inside]).toEqual([null, numbers]);
  });
});
