import { describe, expect, it } from 'vitest';
import {
  accessOf,
  flagNames,
  limitWords,
  perSecond,
  schedulingWords,
  socketWords,
  tcpState,
} from '../../../shared/process-account-words.ts';

const scheduling = { policy: 0, nice: 5, realtimePriority: 0, lastCpu: 0, minorFaults: 0, majorFaults: 0 };

describe('the account of a process in words', () => {
  it('names the policy as chrt does, with the number that counts under it', () => {
    expect(schedulingWords(scheduling)).toBe('SCHED_OTHER, nice 5');
    expect(schedulingWords({ ...scheduling, policy: 1, realtimePriority: 50 })).toBe('SCHED_FIFO, priority 50');
    expect(schedulingWords({ ...scheduling, policy: 5 })).toBe('SCHED_IDLE');
    expect(schedulingWords({ ...scheduling, policy: 99 })).toBe('policy 99');
  });

  it('takes the flags of open(2) apart, and leaves none unsaid that it knows', () => {
    expect(accessOf(0o2004002)).toBe('rw');
    expect(accessOf(0o10000000)).toBe('path');
    expect(flagNames(0o2004002)).toEqual(['O_NONBLOCK', 'O_CLOEXEC']);
    expect(flagNames(0o4010000)).toEqual(['O_SYNC']);
    expect(flagNames(0o10000)).toEqual(['O_DSYNC']);
  });

  it('tells both ends of a socket, and its state where it is not simply connected', () => {
    const socket = { protocol: 'tcp', local: '127.0.0.1:80', remote: null, state: tcpState(10) } as const;
    expect(socketWords({ socket })).toBe('tcp 127.0.0.1:80 LISTEN');
    expect(socketWords({ socket: { ...socket, remote: '10.0.0.1:4', state: tcpState(1) } })).toBe(
      'tcp 127.0.0.1:80 to 10.0.0.1:4',
    );
    expect(socketWords({ socket: { ...socket, protocol: 'unix', local: '', state: null } })).toBe('unix not bound');
    expect(socketWords({ socket: null })).toBeNull();
  });

  it('gives limits their unit', () => {
    expect(limitWords(8_388_608, 'bytes')).toBe('8 MiB');
    expect(limitWords(1024, 'files')).toBe('1024');
    expect(limitWords(30, 'seconds')).toBe('30 seconds');
    expect(limitWords('unlimited', 'bytes')).toBe('unlimited');
    expect(limitWords(0, '')).toBe('0');
  });

  it('makes a rate of two readings only', () => {
    expect(perSecond({ clock: 3000, count: 500 }, { clock: 1000, count: 100 })).toBe(200);
    expect(perSecond({ clock: 3000, count: 500 }, null)).toBeNull();
    expect(perSecond({ clock: 3000, count: 50 }, { clock: 1000, count: 100 })).toBeNull();
  });
});
