/** Bundles the page into dist/page, for `app://` and for `porthole serve` alike: relative addresses, no inline anything. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [svelte()],
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'chrome140',
    // The content security policy has no `data:` for fonts and scripts, so nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The page is read from this machine; the layout of graphs is a file of its own that only its worker loads.
    chunkSizeWarningLimit: 2000,
  },
});
