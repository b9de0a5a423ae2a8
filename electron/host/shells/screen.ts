/** A terminal's screen as the host keeps it, so that a page can come later, or come back, and see the same. */
import { SerializeAddon } from '@xterm/addon-serialize';
// CommonJS: only the default export is there for Node.
import headless, { type ITerminalAddon } from '@xterm/headless';
import { openedLink, withLinks } from './linked-screen.ts';
import { UnicodeGraphemesAddon } from './graphemes.ts';
import { unfinished } from './unfinished.ts';

/** Lines kept above the screen. About 5 MB for a full one of 80 columns. */
export const SCROLLBACK_LINES = 5000;

/** What the program's output does besides being drawn. */
export interface ScreenReports {
  /** OSC 0 and 2. */
  readonly titled: (title: string) => void;
  /** BEL, where it ends no string. */
  readonly rang: () => void;
}

const encoder = new TextEncoder();

/**
 * What the serializer writes to stay where it is, in a line that is blank up to where it wraps: a terminal takes 0 for 1 there
 * (ECMA-48, 8.3.20 and 8.3.18).
 */
// eslint-disable-next-line no-control-regex -- this is how a terminal is told to move
const NO_MOVE = /\u001b\[0[CD]/g;

/**
 * From the last cell of a blank line, which was full and then erased: behind it, where only a character leads to, and that one
 * erased from there (EL 1).
 */
const BEHIND_BLANK = '-\u001b[1K';
/** A step of the cursor, after which there are colours and modes at most. */
// eslint-disable-next-line no-control-regex -- as above
const MOVES_AT_LAST = /\u001b\[\d+[A-D](?:\u001b\[[\d;?]*[mhl])*$/;
/** Longer than that may be. */
const TAIL = 500;

export class Screen {
  readonly #terminal: InstanceType<typeof headless.Terminal>;
  readonly #serializer = new SerializeAddon();
  /** Takes twice as long. */
  readonly #withLinks = new SerializeAddon();
  /** Whether there ever was a hyperlink. */
  #linked = false;
  #unfinished: Uint8Array = new Uint8Array(0);
  #cursorHidden = false;
  #disposed = false;

  /** `answer` gets what a terminal sends back by itself, when asked for its kind or the cursor's place. */
  constructor(cols: number, rows: number, answer: (bytes: Uint8Array) => void, reports?: ScreenReports) {
    const terminal = new headless.Terminal({
      cols,
      rows,
      scrollback: SCROLLBACK_LINES,
      allowProposedApi: true,
      // By default it complains on stderr of each byte of a binary that begins no sequence: a hundred bytes for each one.
      logLevel: 'off',
    });
    terminal.loadAddon(this.#serializer);
    (this.#withLinks as ITerminalAddon).activate(withLinks(terminal));
    terminal.parser.registerOscHandler(8, () => {
      this.#linked = true;
      return false; // and let the terminal do it
    });
    terminal.loadAddon(new UnicodeGraphemesAddon());
    terminal.onData((text) => answer(encoder.encode(text)));
    if (reports) {
      terminal.onTitleChange(reports.titled);
      terminal.onBell(reports.rang);
    }
    this.#followCursor(terminal);
    this.#terminal = terminal;
  }

  /** `parsed` is called once the screen shows them. */
  write(bytes: Uint8Array, parsed: () => void): void {
    this.#unfinished = unfinished(this.#unfinished, bytes);
    this.#terminal.write(bytes, parsed);
  }

  /**
   * Everything written before this call, as bytes that draw it on an empty terminal; given once it has been parsed. What is
   * written from now on continues it, even from the middle of a sequence or a hyperlink (OSC 8); only an emoji joined of several, cut just now between two of them, will be drawn as two.
   */
  replay(give: (bytes: Uint8Array) => void): void {
    const rest = this.#unfinished;
    this.#terminal.write('', () => {
      // It was closed while this waited behind a flood.
      if (this.#disposed) return;
      const serializer = this.#linked ? this.#withLinks : this.#serializer;
      const drawn = serializer.serialize({ scrollback: SCROLLBACK_LINES }).replace(NO_MOVE, '');
      const hidden = this.#cursorHidden ? '\u001b[?25l' : '';
      const text = encoder.encode(drawn + this.#place(drawn) + openedLink(this.#terminal) + hidden);
      const whole = new Uint8Array(text.length + rest.length);
      whole.set(text);
      whole.set(rest, text.length);
      give(whole);
    });
  }

  /** After what was written before, which was meant for the size before. */
  resize(cols: number, rows: number): void {
    this.#terminal.write('', () => this.#disposed || this.#terminal.resize(cols, rows));
  }

  /** Forgets all but the line that the cursor is in, as a page's terminal does. */
  clear(): void {
    this.#terminal.write('', () => this.#disposed || this.#terminal.clear());
  }

  /** Of the screen and above it; an alternate screen adds none. */
  get lines(): number {
    return this.#terminal.buffer.normal.length;
  }

  /** Forgets the oldest lines, so that about so many are left. */
  trim(lines: number): void {
    this.#terminal.options.scrollback = Math.max(0, lines - this.#terminal.rows);
    this.#terminal.options.scrollback = SCROLLBACK_LINES;
  }

  dispose(): void {
    this.#disposed = true;
    this.#terminal.dispose();
  }

  /** Where the cursor is, if that is not where `drawn` leaves it: it takes steps from behind a full line, where one begins before. */
  #place(drawn: string): string {
    const { cols, buffer, modes } = this.#terminal;
    const { cursorX, cursorY, baseY } = buffer.active;
    if (cursorX === cols)
      return buffer.active.getLine(baseY + cursorY)?.translateToString(true) === '' ? BEHIND_BLANK : '';
    return MOVES_AT_LAST.test(drawn.slice(-TAIL)) && !modes.originMode ? `\u001b[${cursorY + 1};${cursorX + 1}H` : '';
  }

  /** DECTCEM, which the serializer leaves out. */
  #followCursor(terminal: InstanceType<typeof headless.Terminal>): void {
    const set = (hidden: boolean) => (params: (number | number[])[]) => {
      if (params.includes(25)) this.#cursorHidden = hidden;
      return false; // and let the terminal do it
    };
    const reset = () => {
      this.#cursorHidden = false;
      return false;
    };
    terminal.parser.registerCsiHandler({ prefix: '?', final: 'h' }, set(false));
    terminal.parser.registerCsiHandler({ prefix: '?', final: 'l' }, set(true));
    terminal.parser.registerCsiHandler({ intermediates: '!', final: 'p' }, reset);
    terminal.parser.registerEscHandler({ final: 'c' }, reset);
  }
}
