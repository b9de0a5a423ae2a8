import { describe, expect, it } from 'vitest';
import { Collector } from '../../../electron/host/collect/collector.ts';
import { parseLoadavgTasks } from '../../../electron/host/parse/loadavg.ts';
import { FormatError } from '../../../electron/host/parse/format-error.ts';
import { hiddenWords } from '../../../shared/hidden-words.ts';
import { put, tree } from './tree.ts';

const mountinfo = (options: string): string => `22 27 0:21 / /proc rw,relatime - proc proc ${options}\n`;
const look = (options: string, { cap = '0', groups = '' } = {}) => {
  const kernel = tree('hidepid-2');
  const status = kernel.text('/proc/self/status');
  if (!status.ok) throw new Error(status.call);
  kernel.write(
    '/proc/self/status',
    status.value
      .replace(/^CapEff:.*$/m, `CapEff:\t${cap.padStart(16, '0')}`)
      .replace(/^Groups:.*$/m, `Groups:\t${groups}`),
  );
  kernel.write('/proc/self/mountinfo', mountinfo(options));
  kernel.write('/proc/loadavg', '0.70 1.49 1.64 2/201 29483\n');
  kernel.symlink('/proc/self/ns/pid', 'pid:[4026531836]');
  put(kernel, 4000, { threads: 3 });
  const world = new Collector(kernel).collect([], []);
  return { world, seen: world.processes.reduce((sum, { threads }) => sum + threads, 0) };
};

describe('what the mount of /proc hides', () => {
  it('is said, in the words of old and new kernels', () => {
    for (const [options, hidepid] of [
      ['rw,hidepid=2', 'invisible'],
      ['rw,hidepid=invisible', 'invisible'],
      ['rw,gid=27,hidepid=noaccess', 'noaccess'],
      ['rw,hidepid=ptraceable', 'ptraceable'],
    ] as const) {
      const { world, seen } = look(options);
      expect(world.host.procHides?.hidepid).toBe(hidepid);
      expect(world.unread.tasks).toBe(201 - seen);
      expect(hiddenWords(world)).toContain(`about ${201 - seen} tasks`);
    }
  });

  it('is nothing for those who see all the same', () => {
    expect(look('rw').world.host.procHides).toBeUndefined();
    expect(look('rw,hidepid=0').world.host.procHides).toBeUndefined();
    expect(look('rw,hidepid=2', { cap: '80000' }).world.host.procHides).toBeUndefined();
    expect(look('rw,hidepid=2,gid=27', { groups: '27' }).world.host.procHides).toBeUndefined();
    expect(look('rw,hidepid=4,gid=27', { groups: '27' }).world.host.procHides?.hidepid).toBe('ptraceable');
    expect(hiddenWords(look('rw').world)).toBeNull();
  });
});

describe('/proc/loadavg', () => {
  it('counts tasks', () => {
    expect(parseLoadavgTasks('0.70 1.49 1.64 2/201 29483\n')).toBe(201);
    expect(() => parseLoadavgTasks('nonsense')).toThrow(FormatError);
  });
});
