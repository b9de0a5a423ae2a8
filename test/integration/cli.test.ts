import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Comparison } from '../../shared/compare.ts';
import { buildCli, porthole, portholeCommand, portholeJson, run } from './cli-run.ts';

beforeAll(buildCli);

describe('wrong usage', () => {
  it.each<[string[]]>([
    [[]],
    [['bogus']],
    [['constructor']],
    [['tree', '--bogus']],
    [['tree', '1', '2']],
    [['tree', '-x']],
    [['ns', '--type', 'bogus']],
    [['ns', '--type']],
    [['ns', 'net']],
    [['compare', 'host']],
    [['compare', '1', '2', '3']],
    [['caps']],
    [['caps', '0x1g']],
    [['caps', '12345678901234567']],
    [['snapshot', 'all']],
    [['serve', '--port', 'many']],
  ])('%j ends with 2 and one line that says what to do', async (args) => {
    const { code, stdout, stderr } = await porthole(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^porthole[^\n]+\n$/);
  });
});

describe('what is not there', () => {
  it.each([
    [['tree', 'no-such-thing']],
    [['compare', 'host', 'no-such-thing']],
    [['compare', '4194304', 'host']],
    [['caps', '4194304']],
  ])('%j ends with 1 and one line that says what to do', async (args) => {
    const { code, stdout, stderr } = await porthole(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^porthole[^\n]+\n$/);
  });

  it('is named without letting it act on the terminal', async () => {
    const { stderr } = await porthole(['tree', '\u001b[31m\n']);
    expect(stderr).toContain('"\\e[31m\\n"');
  });
});

describe('help', () => {
  it.each([
    ['--help'],
    ['help'],
    ['serve --help'],
    ['snapshot --help'],
    ['ns -h'],
    ['tree --help'],
    ['compare --help'],
    ['caps -h'],
  ])('%s is printed and ends with 0', async (args) => {
    const { code, stdout, stderr } = await porthole(args.split(' '));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^porthole [^\n]+\n/);
  });

  it('tells the version', async () => {
    expect((await porthole(['--version'])).stdout).toMatch(/^porthole \d+\.\d+\.\d+\n$/);
  });
});

describe('the output', () => {
  it('may be cut short by its reader without a word', async () => {
    const piped = `set -o pipefail; ${portholeCommand('snapshot --json')} | head -c 100 >/dev/null; echo "\${PIPESTATUS[0]}"`;
    expect(await run(['bash', '-c', piped])).toEqual({ code: 0, stdout: '0\n', stderr: '' });
  });

  it('that cannot be written is an error in one line', async () => {
    const { code, stderr } = await run(['sh', '-c', `${portholeCommand('snapshot --json')} > /dev/full`]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^porthole: the output could not be written: ENOSPC[^\n]*\n$/) as string,
    });
  });

  it('reaches a slow reader whole', async () => {
    const { stdout } = await run(['bash', '-c', `${portholeCommand('snapshot --json')} | (read -r -n 1 first; cat)`]);
    expect(() => JSON.parse(`{${stdout}`) as unknown).not.toThrow();
  });
});

describe('porthole compare', () => {
  it('finds a process the same as itself', async () => {
    const pid = String(process.pid);
    const comparison = (await portholeJson(['compare', pid, pid])) as Comparison;
    expect(comparison.verdict).toBe('They are the same process.');
    expect(comparison.namespaces.map(({ same }) => same)).toEqual(Array(8).fill(true));
  });

  it('agrees with the links of both processes, and says the verdict first', async () => {
    // A user namespace of its own lets anyone make the others, where the kernel allows it; root needs none.
    const child = spawn(
      'unshare',
      [...(process.getuid?.() === 0 ? [] : ['-U']), '--uts', '--ipc', 'sh', '-c', 'echo; cat'],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    await once(child.stdout, 'data');
    const [a, b] = [String(process.pid), String(child.pid)];
    const links = async (pid: string) =>
      (
        await run([
          'bash',
          '-c',
          `for type in mnt uts ipc net pid user cgroup time; do readlink /proc/${pid}/ns/$type; done`,
        ])
      ).stdout
        .trimEnd()
        .split('\n');
    const [linksA, linksB] = [await links(a), await links(b)];
    const { namespaces, verdict } = (await portholeJson(['compare', a, b])) as Comparison;
    expect(namespaces.map((row) => [row.a, row.b, row.same])).toEqual(
      linksA.map((link, i) => [link, linksB[i], link === linksB[i]]),
    );
    const text = await porthole(['compare', a, b]);
    expect(Buffer.from(text.stdout, 'latin1').toString('utf8').split('\n')[0]).toBe(verdict);
    const host = (await portholeJson(['compare', 'host', b])) as Comparison;
    expect(host.namespaces.filter(({ same }) => same === false).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['uts', 'ipc']),
    );
    child.stdin.end();
    await once(child, 'close');
  });
});
