/** The time of day for ages on the screen. It ticks only while something on the screen reads it. */
import { createSubscriber } from 'svelte/reactivity';

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 1000);
  return () => clearInterval(timer);
});

/** Milliseconds since 1970; whoever reads it in a component is drawn anew each second. */
export const now = (): number => {
  subscribe();
  return Date.now();
};
