import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFreezerState, parseFrozenEvent, readFreezers } from '../../../electron/host/collect/freezer.ts';
import { parseCgroup } from '../../../electron/host/parse/cgroup.ts';
import { FormatError } from '../../../electron/host/parse/format-error.ts';
import { frozenWords } from '../../../shared/freezer-words.ts';
import { CapturedKernel } from '../../trees/captured-kernel.ts';

const V1 = '30 29 0:30 / /sys/fs/cgroup/freezer rw - cgroup cgroup rw,freezer\n';
const V2 = '31 29 0:31 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n';

const found = (mounts: string, own: string, cgroup: string, files: Record<string, string>) => {
  const kernel = new CapturedKernel();
  kernel.write('/proc/self/mountinfo', mounts);
  kernel.write('/proc/self/cgroup', own);
  for (const [path, content] of Object.entries(files)) kernel.write(`/sys/fs/cgroup/${path}`, content);
  return readFreezers(kernel, parseCgroup(cgroup));
};

describe('the freezer of cgroup v1', () => {
  const read = (state: string) =>
    found(V1, '4:freezer:/\n', '4:freezer:/docker/x\n', { 'freezer/docker/x/freezer.state': `${state}\n` });

  it.each([
    ['THAWED', 'thawed', null],
    ['FREEZING', 'freezing', 'being frozen by its cgroup'],
    ['FROZEN', 'frozen', 'frozen by its cgroup'],
  ])('%s is %s', (state, value, words) => {
    const freezers = read(state);
    expect(freezers).toEqual([
      { path: '/sys/fs/cgroup/freezer/docker/x/freezer.state', version: 1, state: { ok: true, value } },
    ]);
    expect(frozenWords(freezers)).toBe(words);
  });

  it('is said to be malformed where it says anything else', () => {
    expect(read('ICY')).toMatchObject([{ state: { ok: false, why: 'malformed' } }]);
    expect(frozenWords(read('ICY'))).toBeNull();
  });
});

describe('the freezer of cgroup v2', () => {
  it('is read of the events', () => {
    const files = { 'unified/a/cgroup.events': 'populated 1\nfrozen 1\n' };
    const freezers = found(V2, '0::/\n', '0::/a\n', files);
    expect(freezers).toMatchObject([{ version: 2, state: { value: 'frozen' } }]);
    expect(frozenWords(freezers)).toBe('frozen by its cgroup');
  });

  it('does not exist before Linux 5.2', () => {
    expect(found(V2, '0::/\n', '0::/a\n', { 'unified/a/cgroup.events': 'populated 1\n' })).toMatchObject([
      { state: { value: 'thawed' } },
    ]);
  });
});

describe('freezers', () => {
  it('are none at the root, where nothing is mounted, and where mounts cannot be read', () => {
    expect(found(V1 + V2, '4:freezer:/\n0::/\n', '4:freezer:/\n0::/\n', {})).toEqual([]);
    expect(found('', '4:freezer:/\n', '4:freezer:/a\n', {})).toEqual([]);
    expect(found(V2, '0::/\n', '0::/../a\n', { 'a/cgroup.events': 'frozen 1\n' })).toEqual([]);
    expect(readFreezers(new CapturedKernel(), parseCgroup('4:freezer:/a\n'))).toEqual([]);
  });

  it('are both asked on a hybrid machine', () => {
    const freezers = found(V1 + V2, '4:freezer:/\n0::/\n', '4:freezer:/a\n0::/a\n', {
      'freezer/a/freezer.state': 'FROZEN\n',
      'unified/a/cgroup.events': 'populated 1\nfrozen 0\n',
    });
    expect(freezers.map(({ version }) => version).sort()).toEqual([1, 2]);
    expect(frozenWords(freezers)).toBe('frozen by its cgroup');
  });

  it('are parsed or refused, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const parse of [parseFreezerState, parseFrozenEvent]) {
          try {
            parse(text);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(FormatError);
          }
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
