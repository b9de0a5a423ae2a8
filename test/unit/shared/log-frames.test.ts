import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutputFrames } from '../../../shared/log-frames.ts';

const framed = (kind: number, bytes: Uint8Array): Uint8Array => {
  const whole = new Uint8Array(8 + bytes.length);
  whole[0] = kind;
  new DataView(whole.buffer).setUint32(4, bytes.length);
  whole.set(bytes, 8);
  return whole;
};
const encoder = new TextEncoder();

describe('frames of output', () => {
  it('are the same however the stream was cut', () => {
    const sent = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 40 })), { maxLength: 12 });
    fc.assert(
      fc.property(sent, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (frames, cuts) => {
        const stream = Buffer.concat(frames.map(([kind, bytes]) => framed(kind, bytes)));
        const parser = new OutputFrames();
        const got: unknown[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const next = at + (cuts[turn % cuts.length] ?? 1);
          for (const { stream: of, bytes } of parser.push(stream.subarray(at, next))) got.push([of, [...bytes]]);
          at = next;
        }
        expect(got).toEqual(frames.map(([kind, bytes]) => [kind === 1 ? 'stdout' : 'stderr', [...bytes]]));
      }),
    );
  });

  it('take the engine’s own errors for stderr', () => {
    expect(new OutputFrames().push(framed(3, encoder.encode('broken')))).toMatchObject([{ stream: 'stderr' }]);
  });

  it('throw a RangeError on anything else, and on nothing but that', () => {
    expect(() => new OutputFrames().push(encoder.encode('raw words of a terminal'))).toThrow(RangeError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          new OutputFrames().push(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
