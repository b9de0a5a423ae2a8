import { describe, expect, it } from 'vitest';
import { diffLine, diffTree, type DiffEntry } from '../../../shared/container-diff.ts';

const entries: DiffEntry[] = [
  { path: '/var', kind: 'changed' },
  { path: '/var/log', kind: 'changed' },
  { path: '/var/log/x', kind: 'added' },
  { path: '/etc/old', kind: 'deleted' },
];
const shown = (rows: ReturnType<typeof diffTree>) => rows.map(({ path, kind, depth, below }) => `${depth} ${path} ${kind} ${below}`); // prettier-ignore

describe('changed files as a tree', () => {
  it('has each with how many are below, and directories that the engine did not name', () => {
    expect(shown(diffTree(entries, new Set()))).toEqual([
      '0 /etc changed 1',
      '1 /etc/old deleted 0',
      '0 /var changed 2',
      '1 /var/log changed 1',
      '2 /var/log/x added 0',
    ]);
  });

  it('leaves out what is below a closed one', () => {
    expect(shown(diffTree(entries, new Set(['/var'])))).toEqual([
      '0 /etc changed 1',
      '1 /etc/old deleted 0',
      '0 /var changed 2',
    ]);
  });

  it('stands a path that is thousands deep, and leaves out what is none', () => {
    const deep = `/${'d/'.repeat(5000)}f`;
    expect(diffTree([{ path: deep, kind: 'added' }, { path: 'x', kind: 'added' }, { path: '/', kind: 'changed' }], new Set())).toHaveLength(5001); // prettier-ignore
  });

  it('is copied as docker diff prints it', () => {
    expect(entries.map(diffLine)).toEqual(['C /var', 'C /var/log', 'A /var/log/x', 'D /etc/old']);
  });
});
