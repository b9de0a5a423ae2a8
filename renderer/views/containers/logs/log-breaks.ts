/** Where a line is broken so that each row fits: by the cells that its characters take, never inside of one. */

// One cell each, and nothing that joins with its neighbour.
const PLAIN = /^[\u0020-\u007e\u00a1-\u02ff]*$/;

/** Two cells in a terminal: East Asian wide and fullwidth (UAX 11), and what is shown as an emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Index of the first character of each row; `null` where each row but the last simply has `columns` of them. */
export const rowStarts = (text: string, columns: number): readonly number[] | null => {
  if (PLAIN.test(text)) return null;
  const starts = [0];
  let cells = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    const width = WIDE.test(segment) ? 2 : 1;
    if (cells > 0 && cells + width > columns) {
      starts.push(index);
      cells = 0;
    }
    cells += width;
  }
  return starts;
};
