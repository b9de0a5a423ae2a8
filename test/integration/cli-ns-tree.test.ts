/** porthole ns --tree against lsns --tree, over user and pid namespaces made three deep. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { NamespaceView } from '../../shared/namespaces.ts';
import { buildCli, porthole, portholeCommand, portholeJson, run } from './cli-run.ts';

const isRoot = process.getuid?.() === 0;

type Ours = NamespaceView & { readonly children: readonly Ours[] };
interface Theirs {
  readonly ns: number;
  readonly type: string;
  readonly children?: readonly Theirs[];
}
/** `user:[2] < user:[1]` for everything below `top`. */
const edges = <Node extends { readonly children?: readonly Node[] }>(
  nodes: readonly Node[],
  name: (node: Node) => string,
  top: string,
  inside = false,
): string[] =>
  nodes.flatMap((node) => {
    const here = inside || name(node) === top;
    const below = (node.children ?? []).flatMap((child) => (here ? [`${name(child)} < ${name(node)}`] : []));
    return [...below, ...edges(node.children ?? [], name, top, here)];
  });

const DEEP = ['--user', '--map-root-user', '--pid', '--fork', '--mount', '--uts'];
const INNERMOST = 'readlink /proc/self/ns/user; exec cat';

describe.skipIf(!isRoot)(
  `porthole ns --tree${isRoot ? '' : ' (cannot run: making namespaces for it needs root)'}`,
  () => {
    let child: ChildProcess;
    let top: string;
    let innermost: string;

    beforeAll(async () => {
      buildCli();
      child = spawn('unshare', [...DEEP, 'unshare', ...DEEP, 'unshare', ...DEEP, 'sh', '-c', INNERMOST], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      [innermost] = (await once(createInterface(child.stdout!), 'line')) as [string];
      top = readlinkSync(`/proc/${child.pid}/ns/user`);
    });
    afterAll(async () => {
      child.stdin!.end();
      await once(child, 'close');
    });

    const theirs = async (by: string): Promise<readonly Theirs[]> => {
      const { stdout } = await run(['lsns', '-J', `--tree=${by}`, '-o', 'NS,TYPE']);
      return (JSON.parse(stdout) as { namespaces: Theirs[] }).namespaces;
    };
    const ours = async (by: string): Promise<readonly Ours[]> => (await portholeJson(['ns', '--tree', by])) as Ours[];
    const both = async (by: string, from: string): Promise<[string[], string[]]> => [
      edges(await ours(by), ({ id }) => id, from).sort(),
      edges(await theirs(by), ({ ns, type }) => `${type}:[${ns}]`, from).sort(),
    ];

    it('has the same owners as lsns: three user namespaces, each with what was made in it', async () => {
      await vi.waitFor(
        async () => {
          const [porthole, lsns] = await both('owner', top);
          expect(porthole).toEqual(lsns);
          // Two more user namespaces; and a pid, a mount and a uts namespace for each of the three.
          expect(porthole).toHaveLength(2 + 3 * 3);
          expect(porthole.filter((edge) => edge.startsWith('user:'))).toHaveLength(2);
        },
        { timeout: 30_000, interval: 200 },
      );
    });

    it('has the same parents as lsns, of user and of pid namespaces', async () => {
      const pids = (all: readonly Ours[]) => all.filter(({ type }) => type === 'pid');
      await vi.waitFor(
        async () => {
          const [porthole, lsns] = await both('parent', top);
          expect(porthole).toEqual(lsns);
          expect(porthole).toHaveLength(2);
          const first = pids(await ours('parent'))
            .flatMap(({ children }) => children)
            .find(({ owner }) => owner === top);
          const [mine, others] = await both('parent', first!.id);
          expect(mine).toEqual(others);
          expect(mine).toHaveLength(2);
        },
        { timeout: 30_000, interval: 200 },
      );
    });

    it('draws each below what is above it', async () => {
      const { stdout } = await porthole(['ns', '--tree', 'owner', '--type', 'user']);
      const text = Buffer.from(stdout, 'latin1').toString('utf8');
      const guides = [top, innermost].map((id) => {
        const inode = /\d+/.exec(id)![0];
        return text
          .split('\n')
          .find((line) => line.includes(inode))!
          .indexOf(inode);
      });
      expect(guides[1]! - guides[0]!).toBe(2 * 2);
      expect(text).toContain('no owner: the initial one');
    });

    it('says of a parent outside that it may not be seen, which is not that there is none', async () => {
      const inside = await run([
        'unshare',
        '--user',
        '--map-root-user',
        '--pid',
        '--fork',
        '--mount-proc',
        'sh',
        '-c',
        `${portholeCommand('ns --tree parent')}; ${portholeCommand('ns --tree parent --json')} >&2`,
      ]);
      const lines = inside.stdout.split('\n');
      const user = lines.find((line) => /^\d+ +user /.test(line));
      const net = lines.find((line) => /^\d+ +net /.test(line));
      expect(user).toContain('not allowed to see its parent');
      expect(net).toContain('net has no hierarchy');
      expect(inside.stdout).not.toContain('no parent: the initial one');
    });

    it('refuses another tree, with one line', async () => {
      const { code, stderr } = await porthole(['ns', '--tree', 'process']);
      expect(code).toBe(2);
      expect(stderr).toContain('--tree takes one of owner, parent');
    });
  },
);
