/** The user's own shell on this machine, and what a program does besides drawing. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Terminals } from '../../electron/host/shells/terminals.ts';
import type { TerminalInfo } from '../../shared/terminal.ts';

let terminals: Terminals;
beforeEach(() => {
  vi.stubEnv('SHELL', '/bin/sh');
  terminals = new Terminals({ namespacesOf: async () => null });
});
afterEach(async () => {
  await terminals.shutdown();
  vi.unstubAllEnvs();
});

const until = (id: string, holds: (info: TerminalInfo) => boolean): Promise<TerminalInfo> =>
  new Promise((resolve) => {
    const look = (list: readonly TerminalInfo[]): void => {
      const info = list.find((terminal) => terminal.id === id);
      if (info && holds(info)) resolve(info);
    };
    terminals.onChange(look);
    look(terminals.list());
  });
const type = (id: string, text: string): void => terminals.input(id, Buffer.from(text));

describe('a shell on this machine', () => {
  it('is the program that SHELL names, as it is', async () => {
    const info = await terminals.shell(80, 24);
    expect(info).toMatchObject({ how: 'shell', argv: ['/bin/sh'], title: 'sh · host', named: false });
    type(info.id, 'exit 7\n');
    expect(await until(info.id, ({ ended }) => ended !== null)).toMatchObject({ ended: { exitCode: 7 } });
  });

  it('is told apart from one that the user named, also when it is started again', async () => {
    const { id } = await terminals.shell(80, 24);
    terminals.rename(id, 'mine');
    type(id, 'exit\n');
    await until(id, ({ ended }) => ended !== null);
    expect(await terminals.restart(id)).toMatchObject({ title: 'mine', named: true });
  });
});

describe('what a program does besides drawing', () => {
  it('is told: the name it gives its terminal, cut where it is endless, the bell, how much it wrote', async () => {
    const { id, signs } = await terminals.shell(80, 24);
    expect(signs).toBeUndefined();
    type(id, "printf '\\033]2;a name\\007\\007\\007'\n");
    const rang = await until(id, (info) => info.signs?.bells === 2);
    expect(rang.signs).toMatchObject({ said: 'a name', bells: 2 });
    expect(rang.signs?.wrote).toBeGreaterThan(10);
    type(id, "printf '\\033]0;%01000d\\007' 1\n");
    expect((await until(id, (info) => info.signs?.said !== 'a name')).signs?.said).toMatch(/^0{200}$/);
  });

  it('is told no more than a few times, however often it is done', async () => {
    const { id } = await terminals.shell(80, 24);
    let told = 0;
    terminals.onChange(() => told++);
    type(id, "i=0; while [ $i -lt 3000 ]; do printf '\\033]0;%d\\007\\007' $i; i=$((i+1)); done; exit\n");
    await until(id, ({ ended }) => ended !== null);
    expect(told).toBeLessThan(100);
  });
});
