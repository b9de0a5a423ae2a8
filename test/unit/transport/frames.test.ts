import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, PortholeError } from '../../../shared/frames.ts';

describe('frames', () => {
  it('come out as they went in', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.uint8Array(), (header, bytes) => {
        const back = decodeFrame(encodeFrame({ header, bytes }));
        expect(back.header).toEqual(JSON.parse(JSON.stringify(header)));
        expect(back.bytes).toEqual(bytes);
      }),
    );
  });

  it('of any other bytes are refused, never misread', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        try {
          decodeFrame(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(PortholeError);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
