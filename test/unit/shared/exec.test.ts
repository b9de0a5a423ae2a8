import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { execArgv, ExecOptions, plainExec } from '../../../shared/exec.ts';
import { logsArgv } from '../../../shared/logs.ts';

const HERE = { kind: 'docker', address: 'unix:///var/run/docker.sock', source: 'default socket' } as const;

describe('the command by hand', () => {
  it('of a program in a container, with the container between options and program', () => {
    const options = {
      ...plainExec('sh', '-c', 'echo -n'),
      user: '12:34',
      workdir: '/tmp',
      env: [{ name: 'A', value: 'b c' }],
      privileged: true,
      tty: false,
    };
    expect(execArgv(HERE, 'db', options).join(' ')).toBe(
      'docker exec -i --user 12:34 --workdir /tmp --env A=b c --privileged db sh -c echo -n',
    );
    expect(execArgv(HERE, 'db', plainExec('env'))).toEqual(['docker', 'exec', '-it', 'db', 'env']);
  });

  it('of a log', () => {
    expect(logsArgv(HERE, 'db', { tail: null, sinceSeconds: 900 }, true).join(' ')).toBe(
      'docker logs -f -t --since 15m db',
    );
    expect(logsArgv(HERE, 'db', { tail: 5, sinceSeconds: null }, false).join(' ')).toBe('docker logs -f --tail 5 db');
    expect(logsArgv(HERE, 'db', { tail: null, sinceSeconds: 86_400 }, false)).toContain('24h');
    const between = { from: 1_700_000_000, to: 1_700_000_060 };
    expect(logsArgv(HERE, 'db', { tail: null, sinceSeconds: null, between }, false).join(' ')).toBe(
      'docker logs --since 2023-11-14T22:13:20Z --until 2023-11-14T22:14:20Z db',
    );
  });
});

it.each([
  { command: [] },
  { command: ['a\u0000b'] },
  { workdir: 'relative' },
  { user: '' },
  { env: [{ name: 'A=B', value: '' }] },
  { env: [{ name: '', value: '' }] },
])('%j is no exec', (wrong) => {
  expect(v.safeParse(ExecOptions, { ...plainExec('sh'), ...wrong }).success).toBe(false);
});
