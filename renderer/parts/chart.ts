/** What a chart needs besides drawing: a scale of round numbers, the last minutes as x, gaps where nobody looked. */

/** How long a chart looks back, s. */
export const CHART_SECONDS = 300;
/** Nobody looked for longer than this, ms: a line across would claim what nobody knows. */
const GAP_MILLIS = 6000;

export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

const STEPS = [1, 2, 2.5, 5, 10];

const stepFor = (top: number, intervals: number): number => {
  const raw = top / intervals;
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * (STEPS.find((step) => step * power >= raw * (1 - 1e-9)) ?? 10);
};

/** From zero to a round number not below `top`, three or four steps; `whole`: no step below 1. With `mirror` to both sides. */
export const roundScale = (top: number, { whole = false, mirror = false } = {}): Scale => {
  const least = Number.isFinite(top) && top > 1e-12 ? top : 1;
  const step = Math.max(stepFor(least, mirror ? 2 : 3), whole ? 1 : 0);
  const count = Math.max(1, Math.ceil(least / step - 1e-9));
  const up = Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(12)));
  const max = up[count]!;
  if (!mirror) return { min: 0, max, ticks: up };
  const down = up.slice(1).map((tick) => -tick).reverse(); // prettier-ignore
  return { min: -max, max, ticks: [...down, ...up] };
};

export interface Timed {
  /** Seconds before `now`, ascending, 0 at most. */
  readonly seconds: number[];
  readonly rows: (number | null)[][];
}

/** What lies in the window, with an empty moment in each gap. `at`: ms since 1970, ascending. */
export const timed = (at: readonly number[], series: readonly (readonly (number | null)[])[], now: number): Timed => {
  const seconds: number[] = [];
  const rows: (number | null)[][] = series.map(() => []);
  for (const [index, moment] of at.entries()) {
    if (moment < now - CHART_SECONDS * 1000) continue;
    const before = at[index - 1];
    if (before !== undefined && moment - before > GAP_MILLIS && seconds.length > 0) {
      seconds.push((before + 1 - now) / 1000);
      for (const row of rows) row.push(null);
    }
    seconds.push((moment - now) / 1000);
    for (const [which, row] of rows.entries()) row.push(series[which]![index] ?? null);
  }
  return { seconds, rows };
};

/** `now`, `12 s ago`, `2 min 13 s ago`. */
export const agoInWords = (seconds: number): string => {
  const whole = Math.round(-seconds);
  if (whole < 1) return 'now';
  return whole < 60 ? `${whole} s ago` : `${Math.floor(whole / 60)} min ${whole % 60} s ago`;
};

/** Lowest, highest and last of what is known; `null` of nothing. */
export const extremes = (values: readonly (number | null)[]): { min: number; max: number; last: number } | null => {
  const known = values.filter((value) => value !== null);
  const last = known.at(-1);
  return last === undefined ? null : { min: Math.min(...known), max: Math.max(...known), last };
};
