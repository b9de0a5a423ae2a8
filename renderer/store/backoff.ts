/** How long to wait before the next try, ms: at once-ish, then longer, at most ten seconds: a host that is back is seen soon. */
const FIRST_MILLIS = 250;
const LONGEST_MILLIS = 10_000;

export const backoffMillis = (failures: number): number => Math.min(FIRST_MILLIS * 2 ** failures, LONGEST_MILLIS);
