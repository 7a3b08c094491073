import { defineConfig } from 'vitest/config';

// What takes too long for every run: one loss, one death after the other, each on a whole deploy.
export default defineConfig({
  test: {
    pool: 'forks',
    include: ['test/chaos/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
});
