export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;
export const pause = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis));

/** CPU time of another process since it began, in seconds; fields 14 and 15 of stat, at the usual 100 ticks a second. */
export const cpuSecondsOf = (stat: string): number => {
  const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(rest[14 - 3]) + Number(rest[15 - 3])) / 100;
};

/** What up to `times` calls answer, at least one; no further one is begun after `millis`. */
export const atMost = <T>(times: number, millis: number, call: () => T): T[] => {
  const until = performance.now() + millis;
  const answers = [call()];
  while (answers.length < times && performance.now() < until) answers.push(call());
  return answers;
};
