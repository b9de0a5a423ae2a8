import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCROLLBACK_LINES, Screen } from '../../../electron/host/shells/screen.ts';

const SIZE = { cols: 20, rows: 6 } as const;
const ESC = '\u001b';

const make = (answers: Uint8Array[] = []): Screen => new Screen(SIZE.cols, SIZE.rows, (bytes) => answers.push(bytes));
const write = (screen: Screen, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve) => screen.write(bytes, resolve));
const replayOf = (screen: Screen): Promise<Uint8Array> => new Promise((resolve) => screen.replay(resolve));
const shown = async (screen: Screen): Promise<string> => Buffer.from(await replayOf(screen)).toString();
const drawn = async (...parts: (string | Uint8Array)[]): Promise<string> => {
  const screen = make();
  for (const part of parts) await write(screen, Buffer.from(part));
  const text = await shown(screen);
  screen.dispose();
  return text;
};

describe('a replay', () => {
  it('draws the same again', async () => {
    const text = await drawn(`plain ${ESC}[1;31mred${ESC}[0m\r\nnext`);
    expect(await drawn(text)).toBe(text);
    expect(text).toContain('red');
  });

  it('holds all that was written before it, and nothing that was written after', async () => {
    const screen = make();
    screen.write(Buffer.from('before '), () => {});
    const replay = replayOf(screen);
    screen.write(Buffer.from('after'), () => {});
    expect(Buffer.from(await replay).toString()).toBe('before ');
    screen.dispose();
  });

  it('knows an emoji joined of several as one', async () => {
    expect(await drawn(`👩‍👩‍👧${ESC}[3G|`)).toBe('👩‍👩‍👧|');
  });

  it('keeps a hidden cursor hidden, and a shown one shown', async () => {
    expect(await drawn(`a${ESC}[?25l`)).toContain(`${ESC}[?25l`);
    expect(await drawn(`a${ESC}[?25l${ESC}[?25h`)).not.toContain(`${ESC}[?25l`);
    expect(await drawn(`a${ESC}[?25l${ESC}c`)).not.toContain(`${ESC}[?25l`);
  });

  it('keeps the other screen of a full-screen program', async () => {
    const text = await drawn(`shell${ESC}[?1049h${ESC}[Heditor`);
    expect(await drawn(text, `${ESC}[?1049l`)).toContain('shell');
    expect(text).toContain('editor');
  });

  it('forgets lines beyond the scrollback', async () => {
    const lines = Array.from({ length: SCROLLBACK_LINES + 50 }, (_, line) => `line ${line}`).join('\r\n');
    const text = await drawn(lines);
    expect(text).not.toContain('line 10\r');
    expect(text.split('\r\n')).toHaveLength(SCROLLBACK_LINES + SIZE.rows);
  });
});

const PIECES = [
  'text ',
  'ä€𝄞',
  '👩',
  '\r\n',
  '\t',
  `${ESC}[1;32m`,
  `${ESC}[0m`,
  `${ESC}[3;4H`,
  `${ESC}[2K`,
  `${ESC}]0;a title\u0007`,
  `${ESC}]2;another${ESC}\\`,
  `${ESC}(B`,
  `${ESC}P1$r0m${ESC}\\`,
  `${ESC}[?25l`,
  `${ESC}[?25h`,
  `${ESC}[?7l`,
  `${ESC}[?7h`,
];

describe('joining in the middle', () => {
  it('shows what one shows who was there from the start, wherever the bytes were cut', async () => {
    // But for one thing, see Screen.replay: an emoji joined of several.
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 12 }),
        fc.nat({ max: 10_000 }),
        async (pieces, where) => {
          const all = Buffer.from(`${pieces.join('')}.`);
          const cut = where % (all.length + 1);
          const host = make();
          await write(host, all.subarray(0, cut));
          const replay = await replayOf(host);
          host.dispose();
          expect(await drawn(replay, all.subarray(cut))).toBe(await drawn(all));
        },
      ),
      { numRuns: 150 },
    );
  });
});

it('answers what a terminal is asked', async () => {
  const answers: Uint8Array[] = [];
  const screen = make(answers);
  await write(screen, Buffer.from(`ab${ESC}[6n`));
  expect(Buffer.concat(answers).toString()).toBe(`${ESC}[1;3R`);
  screen.dispose();
});

describe('what is asked of a screen', () => {
  it('comes after what was written before, though that is still to be parsed', async () => {
    const screen = make();
    screen.write(Buffer.from('one\r\ntwo'), () => {});
    screen.clear();
    screen.write(Buffer.from(' three'), () => {});
    expect(await shown(screen)).toBe('two three');
    // At the right edge of the old size, then of the new one.
    screen.write(Buffer.from(`${ESC}[H${ESC}[2J${ESC}[99GX\r\n`), () => {});
    screen.resize(10, 6);
    screen.write(Buffer.from(`${ESC}[99GY`), () => {});
    const text = (await shown(screen)).replaceAll(new RegExp(`${ESC}\\[(\\d*)C`, 'g'), (_, columns: string) =>
      ' '.repeat(Number(columns || 1)),
    );
    expect(text.split('\r\n').map((line) => line.trimEnd().length)).toContain(10);
    screen.dispose();
  });

  it('is to keep fewer lines: the oldest go, and it may grow again', async () => {
    const screen = make();
    const lines = (from: number, to: number): Buffer =>
      Buffer.from(Array.from({ length: to - from + 1 }, (_, at) => `${from + at}\r\n`).join(''));
    await write(screen, lines(1, 3000));
    expect(screen.lines).toBe(3001);
    screen.trim(1000);
    expect(screen.lines).toBe(1000);
    expect((await shown(screen)).split('\r\n')[0]).toBe('2002');
    await write(screen, lines(3001, 6000));
    expect(screen.lines).toBe(4000);
    expect((await shown(screen)).split('\r\n')[0]).toBe('2002');
    screen.dispose();
  });
});
