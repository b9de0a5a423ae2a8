import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogAssembler, type LogLine } from '../../../renderer/views/containers/logs/log-assembler.ts';
import { rowStarts } from '../../../renderer/views/containers/logs/log-breaks.ts';
import { finderOf, foundIn, linesWith, markSpans } from '../../../renderer/views/containers/logs/log-find.ts';
import { LogKeep } from '../../../renderer/views/containers/logs/log-keep.ts';
import { LogLayout } from '../../../renderer/views/containers/logs/log-layout.ts';
import { cutSpans, lookAfter, plainText, spansOf } from '../../../renderer/views/containers/logs/sgr.ts';

const TIME = '2026-11-23T22:59:01.123456789Z';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const framed = (kind: number, text: string): Uint8Array => {
  const content = bytes(text);
  const whole = new Uint8Array(8 + content.length);
  whole[0] = kind;
  new DataView(whole.buffer).setUint32(4, content.length);
  whole.set(content, 8);
  return whole;
};
const line = (seq: number, text: string, stream: LogLine['stream'] = 'stdout'): LogLine => ({
  seq,
  stream,
  time: null,
  text,
});

describe('lines of a log', () => {
  it('have their stream and their time, and keep their order', () => {
    const log = new LogAssembler(false);
    const lines = [framed(1, `${TIME} one\n`), framed(2, `${TIME} two\n`), framed(1, `${TIME} \n`)].flatMap((frame) =>
      log.push(frame),
    );
    expect(lines).toEqual([
      { seq: 0, stream: 'stdout', time: TIME, text: 'one' },
      { seq: 1, stream: 'stderr', time: TIME, text: 'two' },
      { seq: 2, stream: 'stdout', time: TIME, text: '' },
    ]);
  });

  it('are whole though the engine cut them, and the other stream wrote in between', () => {
    const log = new LogAssembler(false);
    const parts = [framed(1, `${TIME} long `), framed(2, `${TIME} error\n`), framed(1, `${TIME} line\n`)];
    expect(parts.flatMap((frame) => log.push(frame)).map(({ text }) => text)).toEqual(['error', 'long line']);
  });

  it('come raw from a terminal, cut anywhere, a character in the middle too', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (cuts) => {
        const log = new LogAssembler(true);
        const raw = bytes(`${TIME} grüße 🐳\r\n2026-11-23T23:59:01+01:00 zwei\r\n`);
        const lines: LogLine[] = [];
        for (let at = 0, turn = 0; at < raw.length; turn++) {
          const next = at + (cuts[turn % cuts.length] ?? 1);
          lines.push(...log.push(raw.subarray(at, next)));
          at = next;
        }
        expect(lines.map(({ text, stream }) => [stream, text])).toEqual([
          ['tty', 'grüße 🐳'],
          ['tty', 'zwei'],
        ]);
        expect(lines[1]?.time).toBe('2026-11-23T23:59:01+01:00');
      }),
    );
  });

  it('longer than 16 KiB come in pieces with the same time, which stands once', () => {
    const long = 'ü'.repeat(8192);
    const raw = `${TIME} ${long}${TIME} ${long}${TIME} end\r\n${TIME} next\r\n`;
    expect(new LogAssembler(true).push(bytes(raw)).map(({ text }) => text)).toEqual([`${long}${long}end`, 'next']);
    const framedLog = new LogAssembler(false);
    const pieces = [bytes(`${TIME} x`), new Uint8Array([0xc3])];
    const first = new Uint8Array([...pieces[0]!, ...pieces[1]!]);
    const second = new Uint8Array([...bytes(`${TIME} `), 0xbc, 0x0a]);
    const frame = (content: Uint8Array) => {
      const whole = new Uint8Array(8 + content.length);
      whole[0] = 1;
      new DataView(whole.buffer).setUint32(4, content.length);
      whole.set(content, 8);
      return whole;
    };
    expect([...framedLog.push(frame(first)), ...framedLog.push(frame(second))].map(({ text }) => text)).toEqual(['xü']);
  });

  it('end where the log does, and go on in a next one when they do not end', () => {
    const log = new LogAssembler(true);
    expect(log.push(bytes('no newline'))).toEqual([]);
    expect(log.rest()).toMatchObject([{ text: 'no newline' }]);
    const long = new LogAssembler(true);
    const pieces = [...long.push(bytes('x'.repeat(200_000))), ...long.rest()];
    expect(pieces.map(({ text }) => text).join('')).toBe('x'.repeat(200_000));
    expect(Math.max(...pieces.map(({ text }) => text.length))).toBeLessThanOrEqual(65_576);
  });
});

describe('what is kept', () => {
  it('is the last of it, within its bound, and what went is counted', () => {
    const keep = new LogKeep(10_000);
    keep.add(Array.from({ length: 500 }, (_, seq) => line(seq, 'a line')));
    expect(keep.lines.at(-1)?.seq).toBe(499);
    expect(keep.dropped + keep.lines.length).toBe(500);
    expect(keep.lines.length * 112).toBeLessThan(10_000);
    expect(keep.lines[0]?.seq).toBe(keep.dropped);
  });
});

describe('what is counted from stderr', () => {
  it('is of what is kept, not of all that came', () => {
    const keep = new LogKeep(10_000);
    keep.add(Array.from({ length: 500 }, (_, seq) => line(seq, 'a line', seq % 2 === 0 ? 'stderr' : 'stdout')));
    expect(keep.errors).toBe(keep.lines.filter(({ stream }) => stream === 'stderr').length);
    expect(keep.errors).toBeLessThan(keep.lines.length);
  });
});

describe('what is found', () => {
  const words = (query: string) => finderOf(query, false);
  const expression = (query: string) => finderOf(query, true);

  it('is found by its words in any case, colours or not', () => {
    const lines = [line(3, 'Wrong'), line(4, '\u001b[31mwr\u001b[0mong'), line(5, 'right (a|b)+')];
    expect(linesWith(lines, words('wrong'))).toEqual([3, 4]);
    expect(linesWith(lines, words(''))).toEqual([]);
    expect(linesWith(lines, words('(A|b)+'))).toEqual([5]);
    expect(foundIn('İstanbul', words('stan'))).toEqual([[1, 5]]);
  });

  it('is found by a regular expression, and one that is none is said to be so', () => {
    const lines = [line(0, 'GET /a 200'), line(1, 'GET /b 503'), line(2, '')];
    expect(linesWith(lines, expression(' 5\\d\\d$'))).toEqual([1]);
    expect(linesWith(lines, expression('x*'))).toEqual([]);
    expect(expression('(').problem).toMatch(/\S/);
    expect(expression('(').find).toBeNull();
  });

  it.each(['(a+)+$', '(a|aa)*b', '(\\w*x){2,}'])('is not looked for by %j, which might never end', (query) => {
    expect(expression(query)).toMatchObject({ find: null, problem: expect.stringContaining('forever') });
  });
  it.each(['(GET|PUT) \\S+', '(?:\\d+\\.)\\d', 'a{2,3}', '\\(x\\)+'])('is looked for by %j', (query) => {
    expect(expression(query)).toMatchObject({ problem: null });
  });

  it('is marked over changes of colour and broken rows, and nothing is lost', () => {
    const text = 'a \u001b[31mwr\u001b[32mong\u001b[0m word';
    const found = foundIn(plainText(text), words('wrong'));
    const pieces = markSpans(spansOf(text), 0, found);
    expect(pieces.filter((piece) => piece.found).map((piece) => piece.text)).toEqual(['wr', 'ong']);
    expect(pieces.map((piece) => piece.text).join('')).toBe('a wrong word');
    const second = markSpans(cutSpans(spansOf(text), 4, 12), 4, found);
    expect(
      second
        .filter((piece) => piece.found)
        .map((piece) => piece.text)
        .join(''),
    ).toBe('ong');
  });
});

describe('colours', () => {
  it('are carried out, and nothing else is', () => {
    const spans = spansOf(
      '\u001b[1;31mred\u001b[0m \u001b[38;5;208mo\u001b[48;2;1;2;3mn\u001b[2J\u0007\u001b]0;t\u0007',
    );
    expect(spans.map(({ text }) => text).join('')).toBe('red on\\e[2J\\x07\\e]0;t\\x07');
    expect(spans[0]).toMatchObject({ looks: ['bold'], colour: 'var(--danger)' });
    expect(spans.at(-1)).toMatchObject({ colour: 'rgb(255 135 0)', background: 'rgb(1 2 3)' });
  });

  it('leave the text as it is searched, whatever the bytes', () => {
    const parts = fc.constantFrom('\u001b[', '3', '8', ';', '5', 'm', '\t', 'word', '\u0000', '\u202e', '<b>', '\r');
    fc.assert(
      fc.property(fc.array(parts), (pieces) => {
        const text = pieces.join('');
        const spans = spansOf(text);
        const shown = spans.map(({ text }) => text).join('');
        expect(shown).toBe(plainText(text));
        // eslint-disable-next-line no-control-regex -- none may be left
        expect(shown).not.toMatch(/[\u0000-\u001f\u202e]/);
        for (const { colour } of spans)
          if (colour !== null) expect(colour).toMatch(/^(var\(--[a-z-]+\)|rgb\([\d ]+\))$/);
      }),
    );
  });

  it('go on in the next line, as in a terminal, until they are taken back', () => {
    const log = new LogAssembler(false);
    const text = ['\u001b[1;31mred', 'still', '\u001b[0mplain', 'end'].map((one) => `${TIME} ${one}\n`).join('');
    const lines = [...log.push(framed(1, text)), ...log.push(framed(2, `${TIME} other\n`))];
    expect(lines.map(({ text, look }) => spansOf(text, look)[0]?.colour)).toEqual([
      'var(--danger)',
      'var(--danger)',
      null,
      null,
      null,
    ]);
    expect(lines[2]?.look?.looks).toEqual(['bold']);
    expect(lookAfter(null, 'no escapes')).toBeNull();
  });

  it('are cut with their text', () => {
    const cut = cutSpans(spansOf('\u001b[31mabc\u001b[0mdef'), 2, 5);
    expect(cut.map(({ text, colour }) => [text, colour])).toEqual([
      ['c', 'var(--danger)'],
      ['de', null],
    ]);
  });
});

describe('rows', () => {
  it('break by the cells of their characters, and in none', () => {
    expect(rowStarts('plain text', 4)).toBeNull();
    expect(rowStarts('日本語です', 4)).toEqual([0, 2, 4]);
    expect(rowStarts('a日本', 4)).toEqual([0, 2]);
    expect(rowStarts('e\u0301e\u0301e\u0301', 2)).toEqual([0, 4]);
    const family = '👨‍👩‍👧';
    expect(rowStarts(family + family, 3)).toEqual([0, family.length]);
    expect(rowStarts(family, 1)).toEqual([0]);
  });

  it('are as many as a line needs, and are found by its number', () => {
    const layout = new LogLayout(10);
    layout.append([line(5, 'short'), line(6, 'x'.repeat(25)), line(7, '')]);
    expect(layout.rows).toBe(5);
    expect(layout.slice(1, 4).map(({ line, from }) => [line.seq, from])).toEqual([
      [6, 0],
      [6, 10],
      [6, 20],
    ]);
    expect(layout.rowOf(7)).toBe(4);
    expect(layout.rowOf(4)).toBeNull();
    expect(layout.dropBefore(7)).toBe(4);
    expect(layout.rows).toBe(1);
    expect(layout.slice(0, 9).map(({ line }) => line.seq)).toEqual([7]);
  });

  it('hold every character once, whatever the lines', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 12 }), (texts, columns) => {
        const layout = new LogLayout(columns);
        const lines = texts.map((text, seq) => line(seq, text));
        for (const one of lines) layout.append([one]);
        const rows = layout.slice(0, layout.rows);
        expect(rows.length).toBe(layout.rows);
        const shown = lines.map(({ seq }) =>
          rows
            .filter((row) => row.line.seq === seq)
            .flatMap((row) => cutSpans(spansOf(row.line.text), row.from, row.to))
            .map(({ text }) => text)
            .join(''),
        );
        expect(shown).toEqual(texts.map(plainText));
      }),
    );
  });
});
