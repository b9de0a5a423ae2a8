/** Where one is and was: a list of places and an index, as a browser keeps it. Immutable. */
import type { Subject } from './subject.ts';

export interface Place {
  readonly view: string;
  readonly params: Readonly<Record<string, string>>;
  readonly subject: Subject | null;
}

export interface Trail {
  readonly places: readonly Place[];
  readonly at: number;
}

/** More are forgotten, oldest first. */
const MOST_PLACES = 200;

export const here = (trail: Trail): Place => trail.places[trail.at] as Place;

/** Goes on to a new place; what lay ahead is forgotten. */
export const pushed = (trail: Trail, place: Place): Trail => {
  const places = [...trail.places.slice(0, trail.at + 1), place].slice(-MOST_PLACES);
  return { places, at: places.length - 1 };
};

/** The present place becomes another; no step. */
export const replaced = (trail: Trail, place: Place): Trail => ({
  ...trail,
  places: trail.places.with(trail.at, place),
});

/** `-1` back, `1` forward; the same trail at either end. */
export const stepped = (trail: Trail, step: -1 | 1): Trail => {
  const at = trail.at + step;
  return at < 0 || at >= trail.places.length ? trail : { ...trail, at };
};
