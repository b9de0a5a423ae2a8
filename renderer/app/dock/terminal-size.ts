/**
 * The size a terminal is drawn in. While its program runs that is the host's, for which the program draws, and the same on
 * every page; a page in which something is done asks for what fits into its own. Where the host's does not fit it is drawn in
 * smaller letters, so that nothing is cut off.
 */
import { FitAddon } from '@xterm/addon-fit';
import type { Terminal } from '@xterm/xterm';

export interface Size {
  readonly cols: number;
  readonly rows: number;
}

export interface SizeReports {
  /** What fits here, when that has changed or is wanted back. */
  readonly resized: (size: Size) => void;
  /** The size that was set elsewhere, while it is not the one that fits here. */
  readonly foreign: (size: Size | null) => void;
}

/** The window's size changes many times a second while it is dragged; the program hears of the last. */
const RESIZE_MILLIS = 80;
/** Smaller letters than these, px, nobody reads; what then does not fit is cut off. */
const LEAST_FONT_PX = 4;

const same = (a: Size | null, b: Size | null): boolean => a?.cols === b?.cols && a?.rows === b?.rows;
const holds = (outer: Size, inner: Size): boolean => outer.cols >= inner.cols && outer.rows >= inner.rows;

export class TerminalSize {
  readonly #term: Terminal;
  readonly #addon = new FitAddon();
  readonly #reports: SizeReports;
  #fontSize: number;
  /** What fits here in letters of the wanted size; `null` before the place was measured. */
  #own: Size | null = null;
  /** What the program draws for; `null` if there is none any more, or no word from it. */
  #hosts: Size | null = null;
  #drawn: Size | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;

  constructor(term: Terminal, fontSize: number, reports: SizeReports) {
    this.#term = term;
    this.#fontSize = fontSize;
    this.#reports = reports;
    term.loadAddon(this.#addon);
  }

  /** The place may have another size now. One without a size (hidden) changes nothing. */
  measure(): void {
    this.#letters(this.#fontSize);
    const own = this.#fitting();
    const changed = own !== null && !same(own, this.#own);
    if (changed) this.#own = own;
    this.#draw();
    if (changed) this.#ask();
  }

  /** The host says which size it has; `null`: nobody says any more. */
  follow(hosts: Size | null): void {
    if (same(hosts, this.#hosts)) return;
    this.#hosts = hosts;
    this.#letters(this.#fontSize);
    this.#draw();
  }

  /** Something is done here, so it should fit here. */
  want(): void {
    if (this.#own !== null && !same(this.#own, this.#hosts)) this.#ask();
  }

  setFontSize(px: number): void {
    if (this.#fontSize === px) return;
    this.#fontSize = px;
    this.measure();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  #ask(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#own !== null && this.#reports.resized(this.#own), RESIZE_MILLIS);
  }

  #fitting(): Size | null {
    const size = this.#addon.proposeDimensions();
    return size !== undefined && size.cols >= 2 && size.rows >= 2 ? { cols: size.cols, rows: size.rows } : null;
  }

  #letters(px: number): void {
    if (this.#term.options.fontSize !== px) this.#term.options.fontSize = px;
  }

  #draw(): void {
    const size = this.#hosts ?? this.#own;
    const foreign = this.#hosts !== null && this.#own !== null && !same(this.#hosts, this.#own);
    this.#reports.foreign(foreign ? this.#hosts : null);
    if (foreign && this.#hosts !== null) this.#shrink(this.#hosts);
    if (size === null || same(size, this.#drawn)) return;
    this.#drawn = size;
    // After what is still to be drawn, which was written for the size before.
    this.#term.write('', () => {
      if (!this.#disposed && same(size, this.#drawn)) this.#term.resize(size.cols, size.rows);
    });
  }

  #shrink(size: Size): void {
    for (let px = this.#fontSize, fits = this.#own; fits !== null && !holds(fits, size) && px > LEAST_FONT_PX;) {
      px = Math.max(LEAST_FONT_PX, px - 1);
      this.#letters(px);
      fits = this.#fitting();
    }
  }
}
