/**
 * Milliseconds since 1970 as the clock stood when this thread began, and from there without the steps that the clock takes
 * when it is set: for rates. It stands still while the machine sleeps, as what is counted does; man 2 clock_gettime.
 */
export const steadyMillis = (): number => performance.timeOrigin + performance.now();
