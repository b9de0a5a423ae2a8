import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Changes } from '../../../electron/host/change/changes.ts';
import type { NewRecord } from '../../../electron/host/change/change-list.ts';
import { openSession } from '../../../electron/host/session.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const record = { what: 'act', name: 'pull', warnings: [], error: null } as unknown as NewRecord;

it('tells a page of many changes at once in one list, and of none once it has left', () => {
  const sent: { readonly name: string; readonly value: readonly unknown[] }[] = [];
  const closers: (() => void)[] = [];
  const changes = new Changes({
    engines: { current: () => ({ engines: [], containers: [] }), inspect: async () => null },
    pageBytes: async () => 4096,
  });
  const nothing = (): (() => void) => () => undefined;
  const options = {
    viewer: 'a',
    transport: {
      send: ({ header }: { header: (typeof sent)[number] }) => sent.push(header),
      onFrame: () => undefined,
      onClose: (close: () => void) => closers.push(close),
      close: () => undefined,
    },
    changes,
    engines: { onImages: nothing },
    terminals: { onChange: nothing, onClear: nothing, detachAll: nothing },
    sampler: { detach: nothing },
    audience: { leave: nothing },
  } as unknown as Parameters<typeof openSession>[0];
  openSession(options);
  for (let n = 0; n < 100; n++) changes.made.add(record, null);
  vi.runAllTimers();
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ name: 'changes' });
  expect(sent[0]!.value).toHaveLength(100);
  changes.made.add(record, null);
  for (const close of closers) close();
  vi.runAllTimers();
  expect(sent).toHaveLength(1);
});
