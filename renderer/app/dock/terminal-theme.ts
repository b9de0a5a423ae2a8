import type { ITheme } from '@xterm/xterm';
import type { ISearchDecorationOptions } from '@xterm/addon-search';

type Colour = (token: string) => string;

/** The value of a token of tokens.css as it stands now. */
export const tokenColour: Colour = (token) => getComputedStyle(document.documentElement).getPropertyValue(token).trim();

/** The sixteen colours a program may ask for, out of the tokens; the bright ones are told apart by weight, not by hue. */
export const terminalTheme = (colour: Colour): ITheme => {
  const hues = {
    red: colour('--danger'),
    green: colour('--term-prompt'),
    yellow: colour('--warn'),
    blue: colour('--term-path'),
    magenta: colour('--ns-usr-text'),
    cyan: colour('--ns-ipc-text'),
  };
  return {
    background: colour('--bg-term'),
    foreground: colour('--term-ink'),
    cursor: colour('--term-caret'),
    cursorAccent: colour('--bg-term'),
    overviewRulerBorder: colour('--bg-term'),
    selectionBackground: colour('--accent-line'),
    scrollbarSliderBackground: colour('--line-2'),
    scrollbarSliderHoverBackground: colour('--line-3'),
    scrollbarSliderActiveBackground: colour('--line-3'),
    black: colour('--bg-3'),
    white: colour('--term-ink'),
    ...hues,
    brightBlack: colour('--term-dim'),
    brightWhite: colour('--ink-1'),
    brightRed: hues.red,
    brightGreen: hues.green,
    brightYellow: hues.yellow,
    brightBlue: hues.blue,
    brightMagenta: hues.magenta,
    brightCyan: hues.cyan,
  };
};

/** How found text is drawn; the search addon takes six-digit hex only, which the tokens are. */
export const searchColours = (colour: Colour): ISearchDecorationOptions => ({
  matchBackground: colour('--bg-3'),
  matchBorder: colour('--line-3'),
  matchOverviewRuler: colour('--line-3'),
  activeMatchBackground: colour('--accent-line'),
  activeMatchBorder: colour('--accent'),
  activeMatchColorOverviewRuler: colour('--accent'),
});
