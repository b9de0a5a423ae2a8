/** Which terminals are in sight together, from left to right or from top to bottom, and which of them is worked in. */

export interface Sight {
  /** Each once. */
  readonly ids: readonly string[];
  /** One of {@link ids}; `null` while there is none. */
  readonly active: string | null;
}

/** A fifth would leave a terminal less than forty columns of a window of usual size. */
export const MOST_IN_SIGHT = 4;
/** So much of the whole each keeps when a divider is dragged. */
export const LEAST_SHARE = 0.1;

/** This one is worked in: in its own place if it is in sight, in place of the active one otherwise. */
export const lookingAt = ({ ids, active }: Sight, id: string): Sight => {
  if (ids.includes(id)) return { ids, active: id };
  return { ids: ids.length === 0 ? [id] : ids.map((other) => (other === active ? id : other)), active: id };
};

/** This one stands behind the active one, and is worked in. */
export const withBeside = (sight: Sight, id: string): Sight => {
  if (sight.ids.includes(id) || sight.ids.length >= MOST_IN_SIGHT) return lookingAt(sight, id);
  const at = sight.active === null ? sight.ids.length : sight.ids.indexOf(sight.active) + 1;
  return { ids: sight.ids.toSpliced(at, 0, id), active: id };
};

/**
 * The same sight of another list of terminals. One that was started again stands where the former stood in the list, and
 * comes into its place; what is gone leaves its place to the others, or to the tab that moved up.
 */
export const sightOf = (sight: Sight, before: readonly string[], now: readonly string[]): Sight => {
  const again = (id: string): string => {
    const at = before.indexOf(id);
    const there = now[at];
    return at < 0 || now.includes(id) || there === undefined || before.includes(there) ? id : there;
  };
  const renewed = [...new Set(sight.ids.map(again))];
  const ids = renewed.filter((id) => now.includes(id));
  const active = sight.active === null ? null : again(sight.active);
  if (active !== null && ids.includes(active)) return { ids, active };
  const place = Math.max(0, active === null ? 0 : renewed.indexOf(active));
  const neighbour = ids[Math.min(place, ids.length - 1)];
  if (neighbour !== undefined) return { ids, active: neighbour };
  const at = sight.active === null ? -1 : before.indexOf(sight.active);
  const next = at < 0 ? now.at(-1) : now[Math.min(at, now.length - 1)];
  return next === undefined ? { ids: [], active: null } : { ids: [next], active: next };
};

/** The shares of the whole that so many have: those given, if they are as many, else equal ones. */
export const sharesOf = (shares: readonly number[], count: number): readonly number[] =>
  shares.length === count ? shares : Array.from({ length: count }, () => 1 / count);

/** The divider behind place `at` moves by a part of the whole, as far as both neighbours allow. */
export const dividerMoved = (shares: readonly number[], at: number, by: number): readonly number[] => {
  const [before = 0, after = 0] = [shares[at], shares[at + 1]];
  const least = Math.min(LEAST_SHARE, before, after);
  const moved = Math.min(Math.max(by, least - before), after - least);
  return shares.with(at, before + moved).with(at + 1, after - moved);
};
