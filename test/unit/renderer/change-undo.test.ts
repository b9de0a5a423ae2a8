import { expect, it } from 'vitest';
import { ChangeUndo } from '../../../renderer/app/change/change-undo.svelte.ts';
import type { ChangeRecord } from '../../../shared/change.ts';
import { PortholeError } from '../../../shared/frames.ts';

it('says why a change was not undone, until another one is', async () => {
  const record = { name: 'pids.max', readBack: '30', error: null } as ChangeRecord;
  const answers: (() => Promise<ChangeRecord>)[] = [
    () => Promise.reject(new PortholeError('failed', 'Not undone: pids.max reads 33 now.')),
    async () => ({ ...record, error: { errno: 'EBUSY', call: 'write' } }),
    async () => record,
  ];
  const undo = new ChangeUndo({ undo: () => answers.shift()!() });
  await undo.of('x');
  expect(undo.problem).toBe('Not undone: pids.max reads 33 now.');
  await undo.of('x');
  expect(undo.problem).toBe('Not undone: EBUSY. pids.max still reads 30.');
  await undo.of('x');
  expect(undo.problem).toBeNull();
});
