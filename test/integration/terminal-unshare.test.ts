/** A real shell in real namespaces, from start to end. */
import { execFileSync } from 'node:child_process';
import { existsSync, readlinkSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
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
const follow = (id: string): { text: () => string; until: (pattern: RegExp) => Promise<string> } => {
  let text = '';
  let arrived = (): void => {};
  const decoder = new TextDecoder();
  terminals.attach('page', id, (bytes) => {
    text += decoder.decode(bytes, { stream: true });
    terminals.acknowledge('page', id, bytes.length);
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
  },
);
