/** A terminal as the serialize addon (0.14.0) shall see it: with the hyperlinks, which that leaves out, among the characters. */
import type { IBuffer, IBufferLine, Terminal } from '@xterm/headless';
import { hyperlink, linkNumber, openLinkNumber } from '../../../shared/terminal-hyperlinks.ts';

const CLOSE = '\u001b]8;;\u001b\\';

/** Fields of an xterm cell, which its public methods read; common/buffer/Constants.ts of xterm 6.0.0. */
interface RawCell {
  bg: number;
  content: number;
  combinedData: string;
}
/** In `content`: the characters are in `combinedData`. */
const IS_COMBINED = 0x20_0000;
/** In `bg`: there is a link or an underline of another kind. Whatever is a link counts as underlined by it. */
const HAS_EXTENDED = 0x1000_0000;

/** Begins a link; one that the program gave no id gets one, so that its parts stay one link. */
const opening = (terminal: Terminal, number: number): string => {
  const link = hyperlink(terminal, number);
  return link === undefined ? '' : `\u001b]8;id=${link.id ?? `porthole-${number}`};${link.uri}\u001b\\`;
};

/** What begins the link in which the next character will stand; `''` if in none. */
export const openedLink = (terminal: Terminal): string => opening(terminal, openLinkNumber(terminal));

/** The same terminal, but that the first character of a link on each line opens it, and the last one closes it. */
export const withLinks = (terminal: Terminal): Terminal =>
  changed(terminal, {
    buffer: (buffers) =>
      changed(buffers, {
        normal: (buffer) => linked(terminal, buffer),
        alternate: (buffer) => linked(terminal, buffer),
      }),
    // What the next character will look like.
    _core: (core: { readonly _inputHandler: { readonly _curAttrData: RawCell } }) => {
      const attributes = core._inputHandler._curAttrData;
      const bg = linkNumber(attributes) === 0 ? attributes.bg : attributes.bg & ~HAS_EXTENDED;
      return { _inputHandler: { _curAttrData: Object.create(attributes, { bg: { value: bg } }) as RawCell } };
    },
  });

const linked = (terminal: Terminal, buffer: IBuffer): IBuffer =>
  changed(buffer, { getLine: (getLine) => (y: number) => linkedLine(terminal, getLine.call(buffer, y)) });

const linkedLine = (terminal: Terminal, line: IBufferLine | undefined): IBufferLine | undefined =>
  line && {
    length: line.length,
    isWrapped: line.isWrapped,
    translateToString: (...how) => line.translateToString(...how),
    getCell: (x, into) => {
      const cell = line.getCell(x, into);
      const number = linkNumber(cell);
      if (cell === undefined || number === 0) return cell;
      const numberAt = (at: number): number => linkNumber(line.getCell(at));
      const chars = cell.getChars();
      const raw = cell as unknown as RawCell;
      raw.bg &= ~HAS_EXTENDED;
      if (chars === '') return cell;
      const open = x === 0 || numberAt(x - 1) !== number ? opening(terminal, number) : '';
      const close = numberAt(x + cell.getWidth()) === number ? '' : CLOSE;
      raw.content |= IS_COMBINED;
      raw.combinedData = `${open}${chars}${close}`;
      return cell;
    },
  };

/** An object as it is, but for some properties. */
const changed = <T extends object>(
  object: T,
  changes: { readonly [Name in keyof T]?: (value: T[Name]) => T[Name] } & Readonly<Record<string, unknown>>,
): T =>
  new Proxy(object, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      const change = (changes as Readonly<Record<string | symbol, ((value: unknown) => unknown) | undefined>>)[name];
      if (change) return change(value);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
