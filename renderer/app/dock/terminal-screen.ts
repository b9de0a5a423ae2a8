/** One xterm with what a terminal of the dock needs. It owns no state of the app; it reports. */
import '@xterm/xterm/css/xterm.css';
import { SearchAddon } from '@xterm/addon-search';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal } from '@xterm/xterm';
import { hyperlink, linkNumber } from '../../../shared/terminal-hyperlinks.ts';
import { webAddress } from '../../../shared/web-address.ts';
import type { TerminalSink } from '../../store/terminals.svelte.ts';
import { linksIn } from './link-list.ts';
import { isAskedFirst, pasteOf, type Paste } from './paste.ts';
import { screenText } from './screen-text.ts';
import type { SearchQuery } from './search-query.ts';
import { followsLink } from './terminal-links.ts';
import { leaveQueriesToHost } from './terminal-queries.ts';
import { terminalKey, type TerminalKey } from './terminal-keys.ts';
import { TerminalSize, type Size, type SizeReports } from './terminal-size.ts';
import { searchColours, terminalTheme, tokenColour } from './terminal-theme.ts';

export interface ScreenReports extends SizeReports {
  /** What was typed, as the bytes the program shall read. */
  readonly input: (bytes: Uint8Array) => void;
  readonly key: (key: TerminalKey) => void;
  /** A paste that might do more than it seems; {@link TerminalScreen.paste} does it. */
  readonly askPaste: (paste: Paste) => void;
  /** Which match of how many; index -1 while there are more than are counted. */
  readonly found: (index: number, count: number) => void;
  /** Where the link under the pointer really leads; `null` once the pointer has left. */
  readonly link: (address: string | null) => void;
  readonly rang: () => void;
}

/** JetBrains Mono is 1.32 em high; this makes a line of 17 px (--lh-term) at 12 px. */
const LINE_HEIGHT = 1.07;
/** As many lines as the host keeps for a replay. */
const SCROLLBACK_LINES = 5000;
/** Scrollbar, with the places of what was found beside it. */
const SCROLLBAR_PX = 10;
/** CAN ends whatever sequence was cut off, RIS resets: in the stream, so that it comes after what is still to be drawn. */
const RESET = '\u0018\u001bc';

export class TerminalScreen implements TerminalSink {
  readonly #term: Terminal;
  readonly #size: TerminalSize;
  readonly #search = new SearchAddon();
  readonly #reports: ScreenReports;
  readonly #command: string;
  #webgl: WebglAddon | null = null;
  #wantsFocus = false;
  #shown = false;
  /** Where it draws, once the font is there. */
  #place: HTMLElement | null = null;
  #disposed = false;
  #name = '';

  /** @param options.command stands above the output, as if typed; it must hold no control characters. */
  constructor(reports: ScreenReports, { fontSize, command }: { fontSize: number; command: string }) {
    this.#reports = reports;
    this.#command = command;
    const hover = (uri: string): void => reports.link(webAddress(uri));
    this.#term = new Terminal({
      allowProposedApi: true,
      // A binary on the screen is no error of ours: thousands of complaints on the console would cost more than the drawing.
      logLevel: 'off',
      fontFamily: tokenColour('--font-mono'),
      fontSize,
      fontWeightBold: '600',
      lineHeight: LINE_HEIGHT,
      letterSpacing: 0,
      scrollback: SCROLLBACK_LINES,
      cursorInactiveStyle: 'outline',
      minimumContrastRatio: 4.5,
      drawBoldTextInBrightColors: false,
      macOptionIsMeta: true,
      overviewRuler: { width: SCROLLBAR_PX },
      theme: terminalTheme(tokenColour),
      // A link that a program writes (OSC 8) may say one thing and lead elsewhere: the address is shown before it is opened.
      linkHandler: { activate: openLink, hover: (_, uri) => hover(uri), leave: () => reports.link(null) },
    });
    const webLinks = new WebLinksAddon(openLink, { hover: (_, uri) => hover(uri), leave: () => reports.link(null) });
    for (const addon of [this.#search, new UnicodeGraphemesAddon(), webLinks]) this.#term.loadAddon(addon);
    this.#size = new TerminalSize(this.#term, fontSize, reports);
    leaveQueriesToHost(this.#term.parser);
    const utf8 = new TextEncoder();
    this.#term.onData((text) => reports.input(utf8.encode(text)));
    // Mouse reports in the old encodings: each character is one byte.
    this.#term.onBinary((text) => reports.input(Uint8Array.from(text, (character) => character.charCodeAt(0))));
    this.#term.onBell(() => reports.rang());
    this.#term.attachCustomKeyEventHandler((event) => this.#isProgramsKey(event));
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) => reports.found(resultIndex, resultCount));
  }

  /** Draws into `element` once the font is there, for xterm measures a cell once, and once it is in sight. */
  async open(element: HTMLElement): Promise<void> {
    element.addEventListener('paste', this.#onPaste, { capture: true });
    // A font that does not come is no reason to show nothing; the next in the list is measured then.
    await document.fonts.load(`12px ${tokenColour('--font-mono')}`).catch(() => {});
    if (this.#disposed) return;
    this.#place = element;
    if (this.#shown) this.show();
  }

  name(words: string): void {
    this.#name = words;
    this.#term.textarea?.setAttribute('aria-label', words);
  }

  reset(): void {
    this.#term.write(`${RESET}\u001b[90m$ ${this.#command}\u001b[0m\r\n`);
  }

  write(bytes: Uint8Array, drawn: () => void): void {
    this.#term.write(bytes, drawn);
  }

  /** The screen is in sight: it takes the size of its place, and WebGL, of which a page may have only a few at a time. */
  show(): void {
    this.#shown = true;
    if (this.#place === null) return;
    if (this.#term.element === undefined) {
      this.#term.open(this.#place);
      this.name(this.#name);
      if (this.#wantsFocus) this.focus();
    }
    this.#term.textarea?.setAttribute('data-region-focus', '');
    this.fit();
    this.#size.want();
    if (this.#webgl === null) this.#drawWithWebgl();
  }

  hide(): void {
    this.#shown = false;
    this.#term.textarea?.removeAttribute('data-region-focus');
    this.#webgl?.dispose();
    this.#webgl = null;
  }

  /** The place has, or may have, another size. */
  fit(): void {
    if (this.#shown && this.#term.element !== undefined) this.#size.measure();
  }

  /** The size its program draws for; `null` once there is none, or no connection to it. */
  follow(size: Size | null): void {
    this.#size.follow(size);
  }

  /** It is worked in here and not on another page: it should fit here. */
  take(): void {
    if (this.#shown) this.#size.want();
  }

  focus(): void {
    this.#wantsFocus = true;
    this.#term.focus();
  }

  /** The program ended: what it wrote stays, nothing can be typed. */
  end(): void {
    this.#term.options.disableStdin = true;
    this.#term.write('\u001b[?25l');
  }

  recolour(): void {
    this.#term.options.theme = terminalTheme(tokenColour);
  }

  setFontSize(px: number): void {
    this.#size.setFontSize(px);
  }

  selection(): string {
    return this.#term.getSelection();
  }

  /** Scrollback and screen, and the other screen that a full-screen program draws on. */
  text(): string {
    const { normal, alternate, active } = this.#term.buffer;
    return screenText(normal) + (active.type === 'alternate' ? screenText(alternate) : '');
  }

  selectAll(): void {
    this.#term.selectAll();
  }

  /** After what is still to be drawn, which came before it was asked for. */
  clear(): void {
    this.#term.write('', () => this.#disposed || this.#term.clear());
  }

  readAloud(on: boolean): void {
    this.#term.options.screenReaderMode = on;
  }

  /** Whether the program wants the mouse for itself, as vim and htop do. */
  get takesMouse(): boolean {
    return this.#term.modes.mouseTrackingMode !== 'none';
  }

  get takesInput(): boolean {
    return this.#term.options.disableStdin !== true;
  }

  /** Pastes what a terminal may be given of it, or asks first. */
  offerPaste(copied: string): void {
    if (!this.takesInput) return;
    const paste = pasteOf(copied, this.#term.modes.bracketedPasteMode);
    if (isAskedFirst(paste)) this.#reports.askPaste(paste);
    else this.paste(paste);
  }

  /** As if typed, between the marks of bracketed paste where the program asked for them. */
  paste({ text }: Pick<Paste, 'text'>): void {
    this.#term.paste(text);
  }

  /** Where those on the screen and in the scrollback lead, newest first. */
  links(): readonly string[] {
    const buffer = this.#term.buffer.active;
    const cell = buffer.getNullCell();
    return linksIn(buffer, (y) => {
      const line = buffer.getLine(y);
      const numbers = new Set<number>();
      for (let x = 0; x < (line?.length ?? 0); x++) numbers.add(linkNumber(line?.getCell(x, cell)));
      return [...numbers].flatMap((number) => hyperlink(this.#term, number)?.uri ?? []);
    });
  }

  find({ text, ...how }: SearchQuery, direction: 'next' | 'previous' | 'as-typed'): void {
    if (text === '') return this.#search.clearDecorations();
    // The addon (0.16.0) counts again for another text, but not for the same one sought in another way.
    if (direction === 'as-typed') this.#search.clearDecorations();
    const options = { ...how, decorations: searchColours(tokenColour) };
    if (direction === 'previous') this.#search.findPrevious(text, options);
    else this.#search.findNext(text, { ...options, incremental: direction === 'as-typed' });
  }

  stopFinding(): void {
    this.#search.clearDecorations();
  }

  dispose(): void {
    this.#disposed = true;
    this.#size.dispose();
    this.#term.dispose();
  }

  #isProgramsKey(event: KeyboardEvent): boolean {
    const key = terminalKey(event);
    if (key === null) return true;
    // Pasting is left to the browser: its own paste needs no permission to read the clipboard.
    if (key !== 'frame' && key !== 'paste') {
      event.preventDefault();
      if (event.type === 'keydown') this.#reports.key(key);
    }
    return false;
  }

  /** In place of xterm's own, which passes on whatever was copied. */
  readonly #onPaste = (event: ClipboardEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    this.offerPaste(event.clipboardData?.getData('text/plain') ?? '');
  };

  #drawWithWebgl(): void {
    if (isDrawnByProcessor()) return;
    try {
      const webgl = new WebglAddon();
      // The graphics driver may take the context away; without the addon xterm draws with the DOM.
      webgl.onContextLoss(() => {
        webgl.dispose();
        if (this.#webgl === webgl) this.#webgl = null;
      });
      this.#term.loadAddon(webgl);
      this.#webgl = webgl;
    } catch {
      // No WebGL 2 here: the DOM renderer is slower and as right.
      this.#webgl = null;
    }
  }
}

let drawnByProcessor: boolean | null = null;

/**
 * Whether WebGL here is a program that plays graphics card, on the very processors that have to parse what is drawn: then
 * the page's own text is cheaper (measured: `yes` half as fast again). Asked once.
 */
const isDrawnByProcessor = (): boolean => {
  if (drawnByProcessor !== null) return drawnByProcessor;
  const gl = document.createElement('canvas').getContext('webgl2');
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const renderer = gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : '';
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return (drawnByProcessor = /swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer));
};

const openLink = (event: MouseEvent, uri: string): void => {
  if (followsLink(event)) openAddress(uri);
};

/** Opens what leads to the web, and nothing else. */
export const openAddress = (uri: string): void => {
  const address = webAddress(uri);
  if (address !== null) window.open(address, '_blank', 'noopener,noreferrer');
};
