import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCli, porthole, portholeCommand, portholeJson, run, whileQuiet } from './cli-run.ts';
import { gather, type Crowd, type Member } from './crowd.ts';

const isRoot = process.getuid?.() === 0;
const long = 'deep1234567890x';
const deep = (levels: number): Member => ({
  comm: long,
  children: levels > 1 ? [deep(levels - 1)] : [{ comm: 'e1' }, { comm: 'e2' }],
});
const pair: Member = { comm: 'pair', children: [{ comm: 'a' }, { comm: 'b' }] };
const nest: Member = { comm: 'nest', children: [pair, pair, { comm: 'z' }] };

/** Names as hostile and as alike as the kernel allows. */
const CROWD: Member = {
  comm: 'ro(o)t',
  children: [
    ...[{ comm: 'aa' }, { comm: 'aa' }, { comm: '' }, { comm: 'b c' }, { comm: 'back\\slash' }, { comm: 'Zed' }],
    ...[{ comm: 'tab\tnl\nx' }, { comm: '\x1b[31mred' }, { comm: 'h\xc3\xa9' }, { comm: '\xff\xfe\x01' }],
    ...[{ comm: ') S 1 2' }, { comm: '2*[x]' }, { comm: '{th}' }, { comm: '`-|-+---' }],
    ...[pair, pair, nest, nest, deep(9)],
    ...[{ comm: 'zombies', children: [{ comm: 'cat', zombie: true }] }],
    { comm: 'th', threads: ['x', 'y', 'th', 'w\xffz', 'n)l\nx', 'q\nr'] },
    { comm: 'th', threads: ['x', 'y', 'th', 'w\xffz', 'n)l\nx', 'q\nr'] },
    // The same name under two users: pstree puts root first though its pid is greater.
    ...(isRoot ? [{ comm: 'same', uid: 65534 }] : []),
    { comm: 'same' },
  ],
};

describe('porthole tree', () => {
  let crowd: Crowd;
  beforeAll(async () => {
    buildCli();
    crowd = await gather(CROWD);
  });
  afterAll(() => crowd?.end());

  it.each<[string, Record<string, string>?]>([
    ['-c -p -A'],
    [''],
    ['-A'],
    ['-c'],
    ['-p'],
    ['-t'],
    ['-T'],
    ['-c -t'],
    ['-p -t -A'],
    ['-l'],
    ['-U'],
    ['-p -l -U'],
    ['', { COLUMNS: '40' }],
    ['-p', { COLUMNS: '0x50' }],
    ['-c', { COLUMNS: '071' }],
    ['-c', { COLUMNS: 'wide' }],
    ['', { COLUMNS: '9' }],
    ['', { LC_ALL: 'C.UTF-8' }],
  ])('%s prints what pstree prints, to the letter (%o)', async (options, env) => {
    const args = [...options.split(' ').filter((option) => option !== ''), String(crowd.pid)];
    const [theirs, ours] = await whileQuiet(
      async () => (await run(['pstree', ...args], env)).stdout,
      () => porthole(['tree', ...args], env),
    );
    expect(theirs).toContain('ro(o)t'.slice(0, Number(env?.['COLUMNS'] ?? 9) - 1));
    expect(ours).toEqual({ code: 0, stdout: theirs, stderr: '' });
  });

  it.each(['C.UTF-8', 'C'])('draws on a terminal as pstree does there, in the locale %s', async (locale) => {
    const onTerminal = async (command: string) =>
      (await run(['script', '-qec', `stty cols 60; ${command}`, '/dev/null'], { LC_ALL: locale, TERM: 'xterm' }))
        .stdout;
    const [theirs, ours] = await whileQuiet(
      () => onTerminal(`pstree ${crowd.pid}`),
      () => onTerminal(portholeCommand(`tree ${crowd.pid}`)),
    );
    expect(theirs.includes('\xe2\x94')).toBe(locale === 'C.UTF-8');
    expect(ours).toBe(theirs);
  });

  it('finds a process by its name too', async () => {
    const [, ours] = await whileQuiet(
      async () => (await run(['pstree', '-p', '-A', String(crowd.pid)])).stdout,
      () => porthole(['tree', '-p', '-A', 'ro(o)t']),
    );
    expect(ours.stdout).toContain(`ro(o)t(${crowd.pid})-+-`);
    const zed = await porthole(['tree', 'Zed']);
    expect(zed).toEqual({ code: 0, stdout: 'Zed\n', stderr: '' });
  });

  it('starts at process 1 by itself, as pstree does', async () => {
    const { stdout } = await porthole(['tree', '-p', '-l']);
    expect(stdout).toMatch(/^[^\n]*\(1\)/);
    expect(stdout).toContain(`ro(o)t(${crowd.pid})`);
  });

  it.skipIf(!isRoot)('has threads in the order in which they were born, not of their numbers as text', async () => {
    // In a pid namespace of its own numbers begin at 1, and those of the threads pass from one digit to two.
    const threads =
      "for (let i = 0; i < 6; i++) new (require('worker_threads').Worker)('setInterval(() => {}, 1e6)', { eval: true })";
    const script = `exec 5< <('${process.execPath}' -e "${threads}; setTimeout(() => console.log('ready'), 0)"); node=$!
      read -r -u 5 _; pstree -c -p -A $node; echo --; ${portholeCommand('tree -c -p -A $node')}; kill -9 $node`;
    const inside = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', 'bash', '-c', script];
    const [theirs, ours] = (await run(inside)).stdout.split('--\n');
    expect(theirs).toMatch(/-\{node\}\(9\)[^]*-\{node\}\(10\)/);
    expect(ours).toBe(theirs);
  });

  it('tells the same as JSON', async () => {
    const tree = (await portholeJson(['tree', '-T', String(crowd.pid)])) as {
      pid: number;
      children: { comm: string }[];
    };
    expect(tree.pid).toBe(crowd.pid);
    expect(tree.children.map(({ comm }) => comm)).toEqual(expect.arrayContaining(['hé', '\udcff\udcfe\u0001']));
  });

  it('says what to do about a process that is not there', async () => {
    expect(await porthole(['tree', '4194304'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^porthole tree: no process or container "4194304".*\n$/) as string,
    });
  });
});
