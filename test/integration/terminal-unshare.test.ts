/** A real shell in real namespaces, from start to end. */
import { execFileSync } from 'node:child_process';
import { existsSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Screen } from '../../electron/host/shells/screen.ts';
import { Terminals } from '../../electron/host/shells/terminals.ts';
import { NO_UNSHARE, UNSHARE_PRESETS } from '../../shared/unshare-presets.ts';
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from '../../shared/model.ts';
import type { TerminalInfo } from '../../shared/terminal.ts';

/** Why this machine cannot run them, or null. */
const cannot = ((): string | null => {
  try {
    execFileSync('unshare', ['--fork', '--pid', '--mount-proc', 'true'], { stdio: 'pipe' });
    return null;
  } catch (error) {
    return `unshare does not work here: ${String((error as { stderr?: unknown }).stderr ?? error).trim()}`;
  }
})();

const namespacesOf = async (pid: number): Promise<Record<NamespaceType, NamespaceId | null> | null> => {
  try {
    return Object.fromEntries(NAMESPACE_TYPES.map((type) => [type, readlinkSync(`/proc/${pid}/ns/${type}`)])) as Record<
      NamespaceType,
      NamespaceId
    >;
  } catch {
    return null;
  }
};

let terminals = new Terminals({ namespacesOf });
afterEach(async () => {
  await terminals.shutdown();
  terminals = new Terminals({ namespacesOf });
});

/** Resolves with the terminal once it is as asked. */
const until = (id: string, wanted: (info: TerminalInfo) => boolean): Promise<TerminalInfo> =>
  new Promise((resolve) => {
    const look = (list: readonly TerminalInfo[]): void => {
      const info = list.find((terminal) => terminal.id === id);
      if (info === undefined || !wanted(info)) return;
      stop();
      resolve(info);
    };
    const stop = terminals.onChange(look);
    queueMicrotask(() => look(terminals.list()));
  });

/** Follows a terminal as a page does that draws at once. */
const follow = (id: string, viewer = 'page'): { text: () => string; until: (pattern: RegExp) => Promise<string> } => {
  let text = '';
  let arrived = (): void => {};
  const decoder = new TextDecoder();
  terminals.attach(viewer, id, (bytes) => {
    text += decoder.decode(bytes, { stream: true });
    terminals.acknowledge(viewer, id, bytes.length);
    arrived();
  });
  return {
    text: () => text,
    until: (pattern) =>
      new Promise((resolve) => {
        arrived = () => pattern.test(text) && resolve(text);
        arrived();
      }),
  };
};

/** What a screen shows that was given this. */
const drawn = (text: string): Promise<string> =>
  new Promise((resolve) => {
    const screen = new Screen(80, 24, () => {});
    screen.write(new TextEncoder().encode(text), () => {});
    screen.replay((bytes) => resolve(new TextDecoder().decode(bytes)));
  });

const type = (id: string, text: string): void => terminals.input(id, new TextEncoder().encode(text));

describe.skipIf(cannot !== null)(
  `unshare --fork --pid --mount-proc bash${cannot === null ? '' : ` (${cannot})`}`,
  () => {
    const preset = UNSHARE_PRESETS[0]?.options ?? NO_UNSHARE;

    it('is a shell with PID 1 of its own, seen as what it is, that ends with its code', async () => {
      const started = await terminals.unshare(preset, 80, 24);
      expect(started.argv.join(' ')).toBe('unshare --fork --pid --mount-proc bash');
      expect(started).toMatchObject({ title: 'bash · unshare', how: 'unshare', inside: null, ended: null });

      const { inside, before, pid } = await until(started.id, (info) => info.inside !== null);
      expect(inside).toMatchObject({ comm: 'bash', innerPid: 1 });
      expect(inside?.pid).not.toBe(pid);
      const changed = NAMESPACE_TYPES.filter((type) => inside?.namespaces[type] !== before[type]);
      expect(changed).toEqual(['mnt', 'pid']);
      expect(inside?.namespaces.pid).toBe(readlinkSync(`/proc/${inside?.pid}/ns/pid`));

      const page = follow(started.id);
      type(started.id, 'ps -o pid,comm; echo "that was $((40 + 2))"\r');
      const lines = (await page.until(/that was 42/)).split('\r\n').map((line) => line.trim());
      expect(lines).toContain('1 bash');
      expect(lines.some((line) => /^\d+ ps$/.test(line))).toBe(true);
      expect(lines.filter((line) => /^\d+ \S+$/.test(line))).toHaveLength(2);

      type(started.id, 'exit 7\r');
      const { ended } = await until(started.id, (info) => info.ended !== null);
      expect(ended).toMatchObject({ exitCode: 7, signal: null });
      expect(existsSync(`/proc/${inside?.pid}`)).toBe(false);

      const again = await terminals.restart(started.id);
      expect(again.id).not.toBe(started.id);
      expect(terminals.list().map(({ id }) => id)).toEqual([again.id]);
      await until(again.id, (info) => info.inside !== null);
    });

    it('ends with unshare, when that is killed, though the program would not hear of it', async () => {
      const { id, pid } = await terminals.unshare({ ...preset, program: ['sleep', '1000'] }, 80, 24);
      const { inside } = await until(id, (info) => info.inside !== null);
      process.kill(Number(pid), 'SIGKILL');
      expect((await until(id, (info) => info.ended !== null)).ended).toMatchObject({
        exitCode: 137,
        signal: 'SIGKILL',
      });
      for (let turn = 0; existsSync(`/proc/${inside?.pid}`); turn++) {
        if (turn > 300) throw new Error('it still runs');
        await sleep(10);
      }
    });
  },
);

describe('a terminal', () => {
  const cat = { ...NO_UNSHARE, program: ['cat'] };

  it('is there again, screen and all, for a page that comes back, and for two at once', async () => {
    const { id } = await terminals.unshare(cat, 80, 24);
    const page = follow(id);
    type(id, 'first\r');
    await page.until(/first\r\nfirst/);
    terminals.detachAll('page');
    type(id, 'second\r');
    const again = follow(id);
    await again.until(/second[^]*second/);
    const other = follow(id, 'other');
    type(id, 'third\r');
    const want = 'first\r\nfirst\r\nsecond\r\nsecond\r\nthird\r\nthird\r\n';
    const screen = await drawn(want);
    expect(await drawn(await again.until(/third\r\nthird\r\n/))).toBe(screen);
    expect(await drawn(await other.until(/third\r\nthird\r\n/))).toBe(screen);
    expect(page.text()).toBe('first\r\nfirst\r\n');
  });

  it('tells its program the size, at first and after a change', async () => {
    const { id } = await terminals.unshare({ ...NO_UNSHARE, program: ['sh'] }, 100, 30);
    const page = follow(id);
    type(id, 'stty size\r');
    await page.until(/30 100/);
    terminals.resize(id, 120, 40);
    type(id, 'stty size\r');
    await page.until(/40 120/);
    expect(terminals.list()).toMatchObject([{ cols: 120, rows: 40 }]);
  });

  it('carries bytes, whatever they are, both ways', async () => {
    const { id } = await terminals.unshare(
      { ...NO_UNSHARE, program: ['sh', '-c', 'stty raw -echo; echo go; od -An -tx1 -N4'] },
      80,
      24,
    );
    const page = follow(id);
    await page.until(/go/);
    terminals.input(id, Uint8Array.of(0xff, 0x00, 0xc3, 0x28));
    await page.until(/ff 00 c3 28/);
  });

  it('of a by-hand command is told as what it is, though that is no other program', async () => {
    const { id, pid } = await terminals.run(['sleep', '60'], 'sleep', 80, 24);
    const { inside, before } = await until(id, (info) => info.inside !== null);
    expect(inside).toMatchObject({ pid, comm: 'sleep', namespaces: before });
  });

  it('can be named', async () => {
    const { id } = await terminals.unshare(cat, 80, 24);
    terminals.rename(id, 'my shell');
    expect(terminals.list()).toMatchObject([{ title: 'my shell' }]);
  });

  it('can be moved among the others', async () => {
    const [{ id: a }, { id: b }, { id: c }] = [
      await terminals.unshare(cat, 80, 24),
      await terminals.unshare(cat, 80, 24),
      await terminals.unshare(cat, 80, 24),
    ];
    const order = () => terminals.list().map(({ id }) => id);
    terminals.move(c, 0);
    expect(order()).toEqual([c, a, b]);
    terminals.move(c, 99);
    expect(order()).toEqual([a, b, c]);
    expect(() => terminals.move('none', 0)).toThrow('There is no such terminal');
  });

  it('that still runs is not started again', async () => {
    const { id } = await terminals.unshare(cat, 80, 24);
    await expect(terminals.restart(id)).rejects.toThrow('It still runs.');
  });

  it('that does not exist is said not to', () => {
    const calls = [
      () => terminals.attach('page', 'none', () => {}),
      () => terminals.input('none', Uint8Array.of(1)),
      () => terminals.resize('none', 80, 24),
      () => terminals.acknowledge('page', 'none', 1),
    ];
    for (const call of calls) expect(call).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});
