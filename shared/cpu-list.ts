/** Lists of CPUs and memory nodes as the kernel writes them: `0-3,8`. bitmap_parselist() in lib/bitmap-str.c. */

/** CONFIG_NR_CPUS goes no further on any architecture. */
const MOST = 8192;

/** The numbers in it, ascending; `null` if it is no such list. `''` is the empty one. */
export const parseCpuList = (text: string): readonly number[] | null => {
  const found = new Set<number>();
  for (const part of text.trim() === '' ? [] : text.trim().split(',')) {
    const [, first, last = first] = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (!(from <= to) || to >= MOST) return null;
    for (let at = from; at <= to; at++) found.add(at);
  }
  return [...found].sort((a, b) => a - b);
};

/** As the kernel prints it: runs of two and more as ranges. */
export const cpuListText = (numbers: readonly number[]): string => {
  const parts: string[] = [];
  for (let at = 0; at < numbers.length; at++) {
    const from = numbers[at]!;
    while (numbers[at + 1] === numbers[at]! + 1) at++;
    const to = numbers[at]!;
    parts.push(from === to ? String(from) : `${from}-${to}`);
  }
  return parts.join(',');
};
