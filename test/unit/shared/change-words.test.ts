import { describe, expect, it } from 'vitest';
import type { ChangeRecord } from '../../../shared/change.ts';
import { changeFilter, outcomeWords, resultWords, wantedWords } from '../../../shared/change-words.ts';

const record = (given: Partial<ChangeRecord> = {}): ChangeRecord => ({
  id: 'x',
  at: 0,
  what: 'value',
  name: 'memory.max',
  of: '/docker/a',
  container: null,
  path: '/sys/fs/cgroup/docker/a/memory.max',
  from: '67108864',
  wanted: '50000000',
  readBack: '49999872',
  file: null,
  error: null,
  warnings: [],
  byHand: 'echo',
  via: null,
  undo: 'none',
  undoes: null,
  ...given,
});
const act = (given: Partial<ChangeRecord>): ChangeRecord =>
  record({ what: 'act', path: null, of: 'db', via: 'Docker', wanted: '', ...given });

describe('a line of the list of changes', () => {
  it('says what was to be done and what came of it', () => {
    const words = (one: ChangeRecord) => [wantedWords(one), resultWords(one)];
    expect(words(record({ undo: 'done' }))).toEqual(['67108864 to 50000000', 'read back 49999872, undone']);
    expect(words(record({ error: { errno: 'EBUSY', call: 'write' } }))[1]).toBe('not done: EBUSY');
    expect(words(record({ what: 'signal', name: 'signal', of: 'sleep 7', wanted: 'SIGTERM', readBack: null }))).toEqual(['SIGTERM', 'sent to sleep 7']); // prettier-ignore
    expect(words(act({ name: 'stop', from: 'running', readBack: 'exited 0' }))).toEqual(['', 'was running, is exited 0, by Docker']); // prettier-ignore
    expect(words(act({ name: 'rename', from: 'db', wanted: 'db2', readBack: 'db2' }))).toEqual(['db to db2', 'is called db2, by Docker']); // prettier-ignore
    expect(words(act({ name: 'kill', from: 'running', wanted: 'SIGHUP', readBack: 'running' }))[1]).toBe('running, by Docker'); // prettier-ignore
    expect(words(act({ name: 'stop', error: { errno: null, call: 'Docker said: no' } }))[1]).toBe('not done: Docker said: no'); // prettier-ignore
  });

  it('says of what an engine keeps what its cgroup file reads, and what the engine remarked', () => {
    const file = { path: '/sys/fs/cgroup/memory.limit_in_bytes', from: '1', readBack: '4096' };
    const kept = record({
      name: '--memory',
      path: null,
      via: 'Podman',
      readBack: '67108864',
      file,
      warnings: ['no swap'],
    });
    expect(resultWords(kept)).toBe('read back 67108864, its cgroup file 4096, by Podman');
    expect(outcomeWords(kept)).toBe(
      'Written: --memory is 67108864, as Podman keeps it; memory.limit_in_bytes reads 4096. Podman said: no swap',
    );
    expect(outcomeWords(record({ error: { errno: 'EBUSY', call: 'write' }, readBack: '7' }))).toBe(
      'Not written: EBUSY. memory.max still reads 7.',
    );
    expect(outcomeWords(record({ undoes: 'y' }))).toBe('Undone: memory.max reads 49999872.');
  });

  it('is found by every word of it', () => {
    expect(changeFilter('MEMORY docker 49999872')(record())).toBe(true);
    expect(changeFilter('echo')(record())).toBe(true);
    expect(changeFilter('memory nginx')(record())).toBe(false);
    expect(changeFilter('no swap')(record({ warnings: ['no swap'] }))).toBe(true);
  });
});
