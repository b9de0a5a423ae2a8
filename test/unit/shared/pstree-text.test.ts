import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pstreeNodes, type PstreeProcess, type PstreeThread } from '../../../shared/pstree-nodes.ts';
import { pstreeText, type PstreeOptions } from '../../../shared/pstree-text.ts';

/** What the real program printed is held against this in test/integration; here are the rules one by one. */
const PLAIN: PstreeOptions = { compact: true, pids: false, lines: 'ascii', width: 132 };

type Row = [pid: number, ppid: number, comm: string, uid?: number];
const draw = (
  rows: readonly Row[],
  options: Partial<PstreeOptions> = {},
  threads: Record<number, PstreeThread[]> = {},
) => {
  const processes: PstreeProcess[] = rows.map(([pid, ppid, comm, uid = 0]) => ({ pid, ppid, comm, uid }));
  const nodes = pstreeNodes(processes, rows[0]![0], (pid) => threads[pid] ?? []);
  return pstreeText(nodes!, { ...PLAIN, ...options })
    .split('\n')
    .slice(0, -1);
};
const nginx: Row[] = [
  [1, 0, 'init'],
  [7, 1, 'nginx'],
  [8, 7, 'nginx'],
  [9, 7, 'nginx'],
  [5, 1, 'cron'],
];

describe('a tree as pstree prints it', () => {
  it('merges equal siblings', () => {
    expect(draw(nginx)).toEqual(['init-+-cron', '     `-nginx---2*[nginx]']);
  });

  it('shows each with its pid', () => {
    expect(draw(nginx, { compact: false, pids: true })).toEqual([
      'init(1)-+-cron(5)',
      '        `-nginx(7)-+-nginx(8)',
      '                   `-nginx(9)',
    ]);
  });

  it('draws with Unicode', () => {
    expect(draw([...nginx, [6, 1, 'a']], { lines: 'utf8', compact: false })).toEqual([
      'init─┬─a',
      '     ├─cron',
      '     └─nginx─┬─nginx',
      '             └─nginx',
    ]);
  });

  it('closes a group at each of its leaves', () => {
    const group = (pid: number): Row[] => [
      [pid, 1, 'g'],
      [pid + 1, pid, 'a'],
      [pid + 2, pid, 'b'],
    ];
    expect(draw([[1, 0, 'init'], ...group(10), ...group(20)])).toEqual(['init---2*[g-+-a]', '            `-b]']);
  });

  it('puts threads in braces, each counted like a child', () => {
    const threads = {
      5: [
        { tid: 6, comm: 'cron' },
        { tid: 4, comm: 'cron' },
      ],
    };
    expect(draw(nginx, {}, threads)[0]).toBe('init-+-cron---2*[{cron}]');
  });

  it('sorts by bytes of the name, then user, then pid', () => {
    const rows: Row[] = [
      [1, 0, 'init'],
      [2, 1, 'é'],
      [3, 1, 'b', 5],
      [4, 1, 'b', 0],
      [5, 1, 'Z'],
      [6, 1, '\udcff'],
      [7, 1, 'b', 0],
    ];
    const order = draw(rows, { compact: false, pids: true }).map((line) => /\((\d+)\)$/.exec(line)![1]);
    expect(order).toEqual(['5', '4', '7', '3', '2', '6']);
  });

  it('writes what is not printable ASCII as octal bytes, and backslashes twice', () => {
    expect(draw([[1, 0, 'a\\b\té\udcff\u007f{x}']])).toEqual(['a\\\\b\\011\\303\\251\\377\\177{x}']);
  });

  it('cuts lines before the last column', () => {
    expect(draw([[1, 0, '123456789']], { width: 10 })).toEqual(['123456789']);
    expect(draw([[1, 0, '1234567890']], { width: 10 })).toEqual(['123456789+']);
    const chain: Row[] = [
      [1, 0, 'first'],
      [2, 1, 'second'],
      [3, 2, 'third'],
      [4, 2, 'fourth'],
    ];
    expect(draw(chain, { width: 15 })).toEqual(['first---second+']);
    expect(draw(chain, { width: null })).toEqual(['first---second-+-fourth', '               `-third']);
  });

  it('hangs processes of a hidden parent on the root, below a question mark', () => {
    expect(
      draw(
        [
          [1, 0, 'init'],
          [9, 8, 'lost'],
          [2, 0, 'kthreadd'],
        ],
        { compact: false },
      ),
    ).toEqual(['init---?---lost']);
  });

  it('has no line for a process that is not there', () => {
    expect(pstreeNodes([], 1)).toBeNull();
  });

  it('ends even if reused pids made two processes each other’s parent', () => {
    const loop: Row[] = [
      [5, 9, 'a'],
      [9, 5, 'b'],
    ];
    expect(draw(loop)).toEqual(['a---b']);
  });

  it('shows every process once with -p, however names look', () => {
    const anyRow = fc.tuple(fc.nat(), fc.string({ unit: 'binary', maxLength: 15 }));
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 30 }), (rows) => {
        const tree: Row[] = rows.map(([parent, comm], i) => [
          i + 1,
          i === 0 ? 0 : (parent % i) + 1,
          comm.replaceAll('\0', ''),
        ]);
        const text = draw(tree, { pids: true, compact: false, width: null }).join('\n');
        // A name may hold "(7)" too: what is left without the names is what we printed.
        expect(text).toMatch(/^[\n\x20-\x7e]+$/);
        for (const [pid] of tree) expect(text).toContain(`(${pid})`);
      }),
    );
  });
});
