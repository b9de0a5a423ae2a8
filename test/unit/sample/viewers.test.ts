import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Viewers } from '../../../electron/host/sample/viewers.ts';
import { apply, type WorldDelta } from '../../../shared/delta.ts';
import { decodeUtf8 } from '../../../shared/frames.ts';
import type { World } from '../../../shared/model.ts';
import { worldOf } from '../shared/any-world.ts';

interface Sent {
  readonly viewer: string;
  readonly seq: number;
  readonly base: number | null;
  readonly json: string;
}

const setUp = () => {
  const sent: Sent[] = [];
  const viewers = new Viewers((viewer, seq, base, json) => sent.push({ viewer, seq, base, json: decodeUtf8(json) }));
  return { viewers, sent };
};
const world = (takenAt: number): World =>
  ({
    takenAt,
    uptimeSeconds: 0,
    scanMillis: 0,
    scanCpuMillis: 0,
    processes: [],
    namespaces: [],
    containers: [],
    engines: [],
  }) as unknown as World;
const publish = (viewers: Viewers, ...seqs: number[]) =>
  seqs.forEach((seq) => viewers.publish({ seq, world: world(seq) }));
const numbers = (sent: readonly Sent[]) => sent.map(({ seq, base }) => [seq, base]);

describe('viewers', () => {
  it('get a whole world first, then differences to the last one they took', () => {
    const { viewers, sent } = setUp();
    viewers.attach('a');
    publish(viewers, 1);
    viewers.ready('a', 1);
    publish(viewers, 2);
    expect(numbers(sent)).toEqual([
      [1, null],
      [2, 1],
    ]);
  });

  it('that are slow miss what lies between, and nothing queues for them', () => {
    const { viewers, sent } = setUp();
    viewers.attach('slow');
    publish(viewers, 1, 2, 3, 4);
    expect(numbers(sent)).toEqual([[1, null]]);
    viewers.ready('slow', 1);
    expect(numbers(sent)).toEqual([
      [1, null],
      [4, 1],
    ]);
    viewers.ready('slow', 4);
    expect(sent).toHaveLength(2);
  });

  it('are not served for an answer to a frame they did not get', () => {
    const { viewers, sent } = setUp();
    viewers.attach('a');
    publish(viewers, 1, 2);
    for (const seq of [0, 2, -1, NaN]) viewers.ready('a', seq);
    viewers.ready('stranger', 1);
    expect(numbers(sent)).toEqual([[1, null]]);
  });

  it('that come later get the newest world at once, whole; that come again too', () => {
    const { viewers, sent } = setUp();
    viewers.attach('a');
    publish(viewers, 1, 2);
    viewers.attach('b');
    viewers.attach('a');
    expect(sent.map(({ viewer, seq, base }) => [viewer, seq, base])).toEqual([
      ['a', 1, null],
      ['b', 2, null],
      ['a', 2, null],
    ]);
  });

  it('that come after nobody was there are not given a world of then', () => {
    const { viewers, sent } = setUp();
    viewers.attach('a');
    publish(viewers, 1);
    viewers.detach('a');
    viewers.attach('b');
    expect(sent).toHaveLength(1);
    publish(viewers, 2);
    expect(sent[1]).toMatchObject({ viewer: 'b', seq: 2, base: null });
  });

  it('each end up with the world as it is, however fast each one is', () => {
    const events = fc.array(fc.oneof(worldOf, fc.constantFrom('a', 'b', 'c')), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(events, worldOf, (happens, last) => {
        const { viewers, sent } = setUp();
        const seen = new Map<string, { seq: number; world: World }>();
        const take = (viewer: string) => {
          const frame = sent.findLast((one) => one.viewer === viewer);
          if (frame === undefined) return;
          const held = seen.get(viewer);
          if (held?.seq !== frame.seq) {
            const value = JSON.parse(frame.json) as World & WorldDelta;
            if (frame.base !== null && frame.base !== held?.seq)
              throw new Error('a difference to a world it does not have');
            seen.set(viewer, {
              seq: frame.seq,
              world: frame.base === null || held === undefined ? value : apply(held.world, value),
            });
          }
          viewers.ready(viewer, frame.seq);
        };
        for (const viewer of ['a', 'b', 'c']) viewers.attach(viewer);
        let seq = 0;
        for (const event of happens) {
          if (typeof event === 'string') take(event);
          else viewers.publish({ seq: ++seq, world: event });
        }
        viewers.publish({ seq: ++seq, world: last });
        for (const viewer of ['a', 'b', 'c']) {
          take(viewer);
          take(viewer);
          expect(seen.get(viewer)?.world).toEqual(last);
        }
      }),
      { numRuns: 300 },
    );
  });
});
