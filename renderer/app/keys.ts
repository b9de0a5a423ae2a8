/** The keys there are, for people: those of shortcuts.ts, of lists, and of the dock's terminals. */
export interface KeyHelp {
  readonly title: string;
  readonly keys: readonly (readonly [keys: string, words: string])[];
}

export const KEYS: readonly KeyHelp[] = [
  {
    title: 'Everywhere',
    keys: [
      ['Ctrl K', 'search and commands'],
      ['Ctrl 1 … 6', 'the views, in the order of the rail'],
      ['F6', 'to the next part of the window, with Shift to the one before'],
      ['/', 'filter'],
      ['Ctrl `', 'show or hide the shells'],
      ['Alt ← Alt →', 'back and forward'],
      ['Esc', 'close, unpin, select nothing'],
    ],
  },
  {
    title: 'In trees and lists',
    keys: [
      ['↑ ↓ Home End', 'move'],
      ['← →', 'fold and unfold'],
      ['Enter', 'open'],
      ['Space', 'pin the inspector'],
      ['letters', 'to the next row that begins with them'],
    ],
  },
  {
    title: 'In a terminal',
    keys: [
      ['Ctrl Shift C, V', 'copy, paste'],
      ['Ctrl Shift F, L', 'search, the links in it'],
      ['Ctrl Shift Enter', 'a shell of your own on this machine'],
      ['Ctrl Shift ⌫', 'close it'],
      ['Ctrl Shift ↑ ↓', 'the tab before, the next one'],
      ['Ctrl Shift D, O', 'another shell beside it, the next one in sight'],
      ['Ctrl Shift M', 'as large as the window'],
      ['Ctrl Shift + − 0', 'letters larger, smaller, as usual'],
      ['Ctrl Shift `', 'hide the shells'],
    ],
  },
];
