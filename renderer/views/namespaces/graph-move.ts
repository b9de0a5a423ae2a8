/** Which part is next, seen from one, in the direction of an arrow key. */
import type { Part } from './graph-scene.ts';
import type { Box } from './graph-sizes.ts';

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/** Off the line costs more than far along it: a person means what lies straight ahead. */
const ASIDE = 3;
/** Of two straight ahead the one whose middle is nearer to the line. */
const ASKEW = 0.1;

interface Span {
  readonly from: number;
  readonly to: number;
}
const across = ({ x, width }: Box): Span => ({ from: x, to: x + width });
const down = ({ y, height }: Box): Span => ({ from: y, to: y + height });
/** How far apart, 0 where they overlap. */
const apart = (a: Span, b: Span): number => Math.max(0, a.from - b.to, b.from - a.to);
const askew = (a: Span, b: Span): number => Math.abs(a.from + a.to - b.from - b.to) / 2;

/** `null` where nothing lies that way. */
export const nextPart = (parts: Iterable<Part>, from: Part, arrow: Arrow): Part | null => {
  const [along, aside] = arrow === 'ArrowLeft' || arrow === 'ArrowRight' ? [across, down] : [down, across];
  const back = arrow === 'ArrowLeft' || arrow === 'ArrowUp';
  let best: Part | null = null;
  let least = Infinity;
  for (const part of parts) {
    const [near, far] = back ? [along(part.box), along(from.box)] : [along(from.box), along(part.box)];
    const gap = far.from - near.to;
    const off = apart(aside(part.box), aside(from.box));
    // Beyond the diagonal it lies in another direction.
    if (part.id === from.id || gap < 0 || off > gap * 2 + 60) continue;
    const cost = gap + off * ASIDE + askew(aside(part.box), aside(from.box)) * ASKEW;
    if (cost < least) [least, best] = [cost, part];
  }
  return best;
};
