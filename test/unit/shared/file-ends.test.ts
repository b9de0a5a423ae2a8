import { describe, expect, it } from 'vitest';
import { endSentence, endsOf } from '../../../shared/file-ends.ts';
import type { EndHolder, OpenFile } from '../../../shared/process-account.ts';

const [R, W, RW] = [0, 1, 2];
const holder = (pid: number, flags: number | null): EndHolder => ({ pid, fd: 3, flags });
type Given = Partial<Pick<OpenFile, 'kind' | 'socket' | 'ends'>> & { readonly flags?: number };
const words = ({ flags = RW, ...given }: Given): string | null => {
  const state = { ok: true, value: { position: 0, flags, more: [] } } as const;
  const ends = endsOf({ kind: 'pipe', socket: null, ends: null, ...given, state });
  return ends === null ? null : endSentence(ends, 7, (pid) => `p${pid}`);
};
const pipe = (flags: number, holders: readonly EndHolder[], more = 0) =>
  words({ flags, ends: { peer: null, holders, more } });

describe('the other end of a pipe', () => {
  it('is who reads what it writes, and who writes what it reads; not who shares its own end', () => {
    const all = [holder(41, R), holder(42, W), holder(43, RW)];
    expect(pipe(W, all)).toBe('read by p41 41, p43 43');
    expect(pipe(R, all)).toBe('written by p42 42, p43 43');
  });

  it('may be in the process itself, is told once of each process, and may be with more than are named', () => {
    expect(pipe(W, [holder(7, R), holder(41, R), holder(41, R)])).toBe('read by itself, p41 41');
    expect(pipe(W, [holder(41, R)], 2)).toBe('read by p41 41, 2 more');
    expect(pipe(RW, [holder(41, null)])).toBe('shared with p41 41');
  });

  it('is said to be nobody’s where nobody who can be seen has it', () => {
    expect(pipe(W, [holder(42, W)])).toBe('nobody who can be seen reads from it');
    expect(pipe(R, [])).toBe('nobody who can be seen writes to it');
  });
});

describe('the other end of a unix socket', () => {
  const unix = { protocol: 'unix', local: '', remote: null, state: 'ESTABLISHED' } as const;

  it('is who has its peer open', () => {
    expect(words({ kind: 'socket', socket: unix, ends: { peer: 9, holders: [holder(41, RW)], more: 0 } })).toBe(
      'to p41 41',
    );
    expect(words({ kind: 'socket', socket: unix, ends: { peer: 9, holders: [], more: 0 } })).toBe(
      'its other end is open in no process that can be seen',
    );
  });

  it('is said not to be told where it is connected and the kernel was silent; of others there is nothing to say', () => {
    expect(words({ kind: 'socket', socket: unix })).toMatch(/^its other end cannot be asked for/);
    expect(words({ kind: 'socket', socket: { ...unix, state: 'LISTEN' } })).toBeNull();
    expect(words({ kind: 'file' })).toBeNull();
  });
});
