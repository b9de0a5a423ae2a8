/**
 * Node, but with modules resolved and compiled as for a browser: so that runes in a `.svelte.ts` are the signals that the
 * page runs, not the plain fields of server rendering. There is no document here; what draws is tested in Chromium.
 * @type {import('vitest/environments').Environment}
 */
export default {
  name: 'page',
  viteEnvironment: 'client',
  setup: () => ({ teardown: () => undefined }),
};
