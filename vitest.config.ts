import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const PAGE_TESTS = ['test/unit/renderer*/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], exclude: PAGE_TESTS, restoreMocks: true },
      },
      {
        plugins: [svelte({ configFile: false })],
        resolve: { conditions: ['browser', 'development', 'module'] },
        test: {
          name: 'unit-page',
          include: PAGE_TESTS,
          environment: fileURLToPath(new URL('./build/page-environment.mjs', import.meta.url)),
          // Loaded by Node it would be the one for servers.
          server: { deps: { inline: ['svelte'] } },
          restoreMocks: true,
        },
      },
      {
        // These share the machine's kernel and its engines: one file at a time.
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
