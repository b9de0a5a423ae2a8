/**
 * Hyperlinks that a program writes (OSC 8) as xterm keeps them, which its public interface does not tell: with each cell
 * the number of a link, and the links by their numbers. As of xterm 6.0.0, for its headless part and the page's alike.
 */

export interface Hyperlink {
  /** Cells that are far apart are one link if a program says so. */
  readonly id?: string | undefined;
  readonly uri: string;
}

interface Cell {
  readonly extended?: { readonly urlId?: number };
  hasExtendedAttrs?(): number;
}

/** 0 for none. */
export const linkNumber = (cell: object | undefined): number => {
  const inside = cell as Cell | undefined;
  return inside?.hasExtendedAttrs?.() ? (inside.extended?.urlId ?? 0) : 0;
};

interface Core {
  readonly _oscLinkService?: { getLinkData(number: number): Hyperlink | undefined };
  readonly _inputHandler?: { readonly _curAttrData?: Cell };
}

const coreOf = (terminal: object): Core | undefined => (terminal as { readonly _core?: Core })._core;

/** Of a number that {@link linkNumber} gave; `undefined` for 0 and for one whose lines are all gone. */
export const hyperlink = (terminal: object, number: number): Hyperlink | undefined =>
  number === 0 ? undefined : coreOf(terminal)?._oscLinkService?.getLinkData(number);

/** Of the link that the next character written will be part of. */
export const openLinkNumber = (terminal: object): number => linkNumber(coreOf(terminal)?._inputHandler?._curAttrData);
