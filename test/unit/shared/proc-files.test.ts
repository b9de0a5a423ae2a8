import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../electron/host/read/bytes.ts';
import { glimpsed, neverRead, procFile } from '../../../shared/proc-files.ts';
import { modeInLetters, normalProcPath } from '../../../shared/proc-model.ts';
import { procField } from '../../../shared/proc-fields.ts';
import { bytesOf, fieldsOf, glimpseOf, hexDump, procByHand, stringsOf } from '../../../shared/proc-text.ts';

describe('what is known of files under /proc/PID', () => {
  it('knows a thread’s files as those of the process, and numbered ones by their directory', () => {
    expect(procFile('task/12/status')).toBe(procFile('status'));
    expect(procFile('fd/7')?.form).toBe('link');
    expect(procFile('task/12/fdinfo/7')?.page).toBe('proc_pid_fdinfo(5)');
    expect(procFile('task/12')?.form).toBe('directory');
    expect(procFile('made_up')).toBeNull();
    expect(procFile('constructor')).toBeNull();
  });

  it('never reads memory, what is only for writing, or what a daemon waits for', () => {
    for (const path of [
      'mem',
      'task/3/mem',
      'pagemap',
      'clear_refs',
      'net/rpc/use-gss-proxy',
      'net/rpc/auth.unix.ip/channel',
    ]) {
      expect(neverRead(path), path).not.toBeNull();
      expect(glimpsed(path), path).toBe(false);
    }
    expect(neverRead('status')).toBeNull();
  });

  it('reads what is unknown or costs much only when somebody opens it', () => {
    expect(['smaps', 'numa_maps', 'made_up'].filter(glimpsed)).toEqual([]);
    expect(['status', 'net/made_up', 'task/3/io'].filter(glimpsed)).toHaveLength(3);
  });
});

describe('paths below /proc/PID', () => {
  it('are taken only as they are spelled by the kernel', () => {
    for (const path of ['', 'status', 'net/dev_snmp6/\u001b[1m', '..x/.y', 'a\nb'])
      expect(normalProcPath(path)).toBe(true);
    for (const path of ['/', '/etc', 'a/', 'a//b', '.', '..', 'a/..', '../1/mem', 'a/./b', 'a\0b']) {
      expect(normalProcPath(path), path).toBe(false);
    }
  });

  it('become commands that a shell takes literally', () => {
    expect(procByHand(7, '', 'directory')).toBe('ls -lA /proc/7');
    expect(procByHand(7, 'environ', 'nul')).toBe("tr '\\0' '\\n' < /proc/7/environ");
    expect(procByHand(7, 'net/dev_snmp6/$(x)', 'text')).toBe("cat '/proc/7/net/dev_snmp6/$(x)'");
    expect(procByHand(7, "net/dev_snmp6/'\udcff\n", null)).toBe("cat $'/proc/7/net/dev_snmp6/\\'\\377\\n'");
  });
});

describe('the text of a file', () => {
  it('turns back into the very bytes it was read from', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(bytesOf(decode(Buffer.from(bytes)))).toEqual(bytes);
      }),
      { numRuns: 10_000 },
    );
  });

  it('splits at NUL and nowhere else', () => {
    expect(stringsOf('A=b=c\n\0\0end')).toEqual(['A=b=c\n', '', 'end']);
    expect(stringsOf('')).toEqual([]);
  });

  it('splits fields at the first colon, and keeps lines without one', () => {
    // A process may call itself by anything.
    expect(fieldsOf('a:b (7, #threads: 1)\nse.vruntime  :  1.5\n')).toEqual([
      { key: '', value: 'a:b (7, #threads: 1)' },
      { key: 'se.vruntime', value: '1.5' },
    ]);
    expect(procField('sched', 'se.vruntime')).toMatch(/^its turn/);
    expect(fieldsOf('Name:\ta: b\n\n-----\nse.load   :   1\n')).toEqual([
      { key: 'Name', value: 'a: b' },
      { key: '', value: '-----' },
      { key: 'se.load', value: '1' },
    ]);
  });

  it('is dumped as xxd does it', () => {
    expect(hexDump(Uint8Array.from({ length: 17 }, (_, at) => at + 0x41))).toBe(
      '00000000: 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50  ABCDEFGHIJKLMNOP\n' +
        `00000010: 51${' '.repeat(45)}  Q`,
    );
  });

  it('is one line in a listing', () => {
    expect(glimpseOf('Name:\tx\nState:\tS\n', 'fields')).toBe('Name: x …');
    expect(glimpseOf('0\n', 'text')).toBe('0');
    expect(glimpseOf('a\0b\0', 'nul')).toBe('a b');
    expect(glimpseOf('', 'text')).toBeNull();
  });

  it('has its permissions in letters', () => {
    expect(modeInLetters({ type: 'directory', mode: 0o1755, uid: 0, gid: 0 })).toBe('drwxr-xr-t');
    expect(modeInLetters({ type: 'file', mode: 0o440, uid: 0, gid: 0 })).toBe('-r--r-----');
  });
});
