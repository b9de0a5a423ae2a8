import { describe, expect, it } from 'vitest';
import { severalLines } from '../../../renderer/views/run/several-lines.ts';

describe('several lines pasted at once', () => {
  it('are read as an env file is: without comments and empty lines, values as they stand', () => {
    expect(severalLines('# shop\nA=1 \r\n\n  B="x # y"\nC=\n')).toEqual(['A=1 ', 'B="x # y"', 'C=']);
    expect(severalLines('#\n\n#')).toEqual([]);
  });

  it('are not made of one line, however it ends', () => {
    expect(severalLines('A=1')).toBeNull();
    expect(severalLines('A=1\n')).toBeNull();
    expect(severalLines('')).toBeNull();
  });
});
