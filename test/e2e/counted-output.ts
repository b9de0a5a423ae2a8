/** What arrives at a page of each terminal, byte for byte, and whether the page could still breathe meanwhile. */
import type { Page } from 'playwright-core';

export interface Arrived {
  readonly bytes: number;
  /** FNV-1a of those bytes, 32 bits. */
  readonly sum: number;
}

export interface Breath {
  /** Duration of each task of the page over 50 ms, ms; PerformanceObserver `longtask`. */
  readonly longTasks: readonly number[];
  /** The longest time between two turns of a timer that was to come every 10 ms, ms. */
  readonly longestWait: number;
}

interface Counting {
  readonly arrived: Record<string, { bytes: number; sum: number }>;
  longTasks: number[];
  longestWait: number;
}
type Counted = typeof globalThis & { counting: Counting };

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** As the page counts it. */
export const sumOf = (bytes: Uint8Array, from = FNV_OFFSET): number => {
  let sum = from;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, FNV_PRIME);
  return sum >>> 0;
};

/** To be called before the page is opened: listens to its socket before the page does. */
export const countOutput = async (page: Page): Promise<void> => {
  await page.addInitScript(
    ({ offset, prime }) => {
      const counting: Counting = { arrived: {}, longTasks: [], longestWait: 0 };
      (globalThis as Counted).counting = counting;
      const receive = (data: unknown): void => {
        if (!(data instanceof ArrayBuffer)) return;
        const length = new DataView(data).getUint32(0);
        const header = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
        if (header.k !== 'term-out') return;
        const bytes = new Uint8Array(data, 4 + length);
        const count = (counting.arrived[header.terminal] ??= { bytes: 0, sum: offset });
        count.bytes += bytes.length;
        let { sum } = count;
        for (let at = 0; at < bytes.length; at++) sum = Math.imul(sum ^ (bytes[at] ?? 0), prime);
        count.sum = sum >>> 0;
      };
      const Native = WebSocket;
      globalThis.WebSocket = class extends Native {
        constructor(url: string | URL) {
          super(url);
          this.addEventListener('message', ({ data }) => receive(data));
        }
      };
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) counting.longTasks.push(duration);
      }).observe({ type: 'longtask' });
      let before = performance.now();
      setInterval(() => {
        const now = performance.now();
        counting.longestWait = Math.max(counting.longestWait, now - before);
        before = now;
      }, 10);
    },
    { offset: FNV_OFFSET, prime: FNV_PRIME },
  );
};

/** Everything that came since the last {@link forget}. */
export const arrivedOf = (page: Page, terminal: string): Promise<Arrived | null> =>
  page.evaluate((id) => (globalThis as Counted).counting.arrived[id] ?? null, terminal);

export const breathOf = (page: Page): Promise<Breath> =>
  page.evaluate(() => {
    const { longTasks, longestWait } = (globalThis as Counted).counting;
    return { longTasks, longestWait };
  });

/** Counting begins again: for every terminal, and for the page's breath. */
export const forget = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const { counting } = globalThis as Counted;
    for (const id of Object.keys(counting.arrived)) delete counting.arrived[id];
    counting.longTasks = [];
    counting.longestWait = 0;
  });
