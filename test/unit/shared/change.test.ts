import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Change, changesAsText, writeByHand, type ChangeRecord } from '../../../shared/change.ts';
import { effectOf, type EffectFacts } from '../../../shared/change-effects.ts';
import { changeFile } from '../../../shared/change-files.ts';
import { setPropertyByHand, systemdUnit } from '../../../shared/systemd-unit.ts';

const limit = (path: string) => ({ what: 'limit', path, typed: '1', unit: 'plain' });

describe('a change', () => {
  it.each(['/sys/fs/cgroup/a/memory.max', '/a/…/b', '/a/...'])('may name %j', (path) => {
    expect(v.is(Change, limit(path))).toBe(true);
  });
  it.each(['', '/', 'a', '/a/../b', '/a/..', '/./a', '//a', '/a/', '/a\0', '/a\nb', `/${'a'.repeat(4096)}`])(
    'may not name %j',
    (path) => expect(v.is(Change, limit(path))).toBe(false),
  );
  it('has no more than its own fields', () => {
    expect(v.is(Change, { ...limit('/a/b'), token: 'x' })).toBe(false);
    expect(v.is(Change, { what: 'signal', process: '1@1', signal: 'TERM', path: '/a' })).toBe(false);
  });
  it.each(['0@1', '-1@1', '1', '1@', 'self@1'])('is of no process %j', (process) => {
    expect(v.is(Change, { what: 'signal', process, signal: 'TERM' })).toBe(false);
  });
  it('sends only signals that there are', () => {
    expect(v.is(Change, { what: 'signal', process: '7@5', signal: 'KILL' })).toBe(true);
    expect(v.is(Change, { what: 'signal', process: '7@5', signal: 'toString' })).toBe(false);
  });
});

describe('its effect', () => {
  const effect = (name: string, version: 1 | 2, facts: Partial<EffectFacts>) =>
    effectOf({
      file: changeFile(name, version)!,
      writes: facts.readsBack ?? '',
      readsBack: facts.writes ?? '',
      used: null,
      processes: null,
      periodMicros: null,
      ...facts,
    });

  it('is told apart where v2 kills, v1 refuses, and high slows down', () => {
    const below = { writes: '1048576', readsBack: '1048576', used: 3 * 1048576 };
    expect(effect('memory.max', 2, below)).toMatchObject({ kind: 'danger', words: expect.stringContaining('OOM') });
    expect(effect('memory.limit_in_bytes', 1, below)).toMatchObject({
      kind: 'warn',
      words: expect.stringContaining('EBUSY'),
    });
    expect(effect('memory.high', 2, below)).toMatchObject({ kind: 'warn', words: expect.stringContaining('slowed') });
  });
  it('is what is left, where it fits', () => {
    const fits = effect('memory.max', 2, { writes: '3145728', readsBack: '3145728', used: 1048576 });
    expect(fits).toEqual({ kind: 'ok', words: '1 MiB in use: fits, 2 MiB to spare' });
    expect(effect('pids.max', 2, { writes: '10', used: 4 })).toMatchObject({ kind: 'ok' });
  });
  it('is not called harmless where the use is not known', () => {
    expect(effect('memory.max', 2, { writes: '4096', readsBack: '4096' })).toMatchObject({ kind: 'warn' });
    expect(effect('pids.max', 2, { writes: '10' })).toMatchObject({ kind: 'warn' });
  });
  it('of tasks is that none can be started', () => {
    expect(effect('pids.max', 2, { writes: '4', used: 4 })).toMatchObject({
      kind: 'warn',
      words: expect.stringContaining('EAGAIN'),
    });
  });
  it('of CPU is said in CPUs', () => {
    expect(effect('cpu.max', 2, { writes: '50000 100000' }).words).toBe('At most half a CPU.');
    expect(effect('cpu.cfs_quota_us', 1, { writes: '25000', periodMicros: 50_000 }).words).toBe('At most half a CPU.');
  });
});

describe('the effect of a placement', () => {
  const of = (version: 1 | 2, writes: string, facts: Partial<EffectFacts>) =>
    effectOf({
      file: changeFile('cpuset.cpus', version)!,
      writes,
      readsBack: writes,
      used: null,
      processes: 1,
      periodMicros: null,
      ...facts,
    }).words;

  it('says which CPUs there are, and how each version takes those that are not', () => {
    expect(of(2, '0', { above: '0-1' })).toBe('1 CPU of the 2 above (0-1): its tasks run nowhere else.');
    expect(of(1, '0,2', { above: '0-1' })).toMatch(/^2 is not of the cgroup above, which has 0-1: .*EACCES/);
    expect(of(2, '0,2', { above: '0-1' })).toMatch(/^2 is not to be had from above, which has 0-1: the rest counts/);
    expect(of(2, '5', { above: '0-1' })).toMatch(/^None of them/);
  });
  it('says that v1 keeps what is taken below, and what emptying it means', () => {
    expect(of(1, '0', { above: '0-1', below: '1' })).toMatch(/asks for 1: .*EBUSY/);
    expect(of(2, '0', { above: '0-1', below: '1' })).not.toMatch(/EBUSY/);
    for (const version of [1, 2] as const) {
      expect(of(version, '', { above: '0-1', now: '0' })).toMatch(/ENOSPC while its one process is in it/);
    }
    expect(of(1, '', { above: '0-1', now: '0', processes: 0 })).toMatch(/^No process can be put into it/);
    expect(of(2, '', { above: '0-1', now: '0', processes: 0 })).toBe(
      'Asks for none of its own: it gets those above, 0-1.',
    );
  });
});

describe('a unit of systemd', () => {
  const lasting = (name: string, version: 1 | 2, text: string) =>
    setPropertyByHand('a b.service', changeFile(name, version)!, text, 100_000);

  it('is known by its name, and has a way for a limit to last', () => {
    expect(systemdUnit('/system.slice/nginx.service')).toBe('nginx.service');
    expect(systemdUnit('/docker/abc')).toBeNull();
    expect(lasting('memory.max', 2, '1048576')).toBe("systemctl set-property 'a b.service' MemoryMax=1048576");
    expect(lasting('cpu.max', 2, '50000 100000')).toBe("systemctl set-property 'a b.service' CPUQuota=50%");
    expect(lasting('pids.max', 2, 'max')).toMatch(/ TasksMax=infinity$/);
    expect(lasting('cgroup.freeze', 2, '1')).toBeNull();
  });
});

describe('by hand and on paper', () => {
  it('quotes a path that a shell would act on', () => {
    expect(writeByHand('-1', '/sys/fs/cgroup/a b/$(id)/cpu.cfs_quota_us')).toBe(
      `echo -1 > '/sys/fs/cgroup/a b/$(id)/cpu.cfs_quota_us'`,
    );
  });
  it('keeps each change on one line, whatever the path', () => {
    const record: ChangeRecord = {
      id: 'x',
      at: 0,
      what: 'value',
      name: 'memory.max',
      of: '/a\tb',
      container: null,
      path: '/sys/a\tb\u001b[2J/memory.max',
      from: '1',
      wanted: '2',
      readBack: null,
      file: null,
      error: { errno: 'EBUSY', call: 'write' },
      warnings: ['no\tswap'],
      byHand: "echo 2 > '/sys/a\tb'",
      undo: 'none',
      undoes: null,
      via: null,
    };
    const lines = changesAsText([
      record,
      { ...record, error: null, readBack: '4096', undoes: 'x', via: 'Docker' },
    ]).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]!.split('\t')).toEqual([
      '1970-01-01T00:00:00.000Z',
      'memory.max',
      '/sys/a\\tb\\e[2J/memory.max',
      '1',
      '2',
      '',
      '',
      'EBUSY write',
      'no\\tswap',
      'Porthole',
      "echo 2 > '/sys/a\\tb'",
      '',
      'x',
    ]);
    expect(lines[2]).toMatch(/\tDocker\t.*\tundoes x\tx$/);
    expect(lines.every((line, at) => at === 3 || line.split('\t').length === 13)).toBe(true);
  });
});
