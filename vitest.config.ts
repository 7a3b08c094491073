import { defineConfig } from 'vitest/config';

const results = process.env['WINDLASS_TEST_RESULTS'] ?? '.windlass/test-results.json';

// Minutes for each round: `make interleave` and `make canaries` alone play them.
const longForms = [
  ...(process.env['WINDLASS_INTERLEAVINGS'] === undefined ? ['test/end-to-end/interleave/**'] : []),
  ...(process.env['WINDLASS_CANARIES'] === undefined ? ['test/end-to-end/canaries.test.ts'] : []),
];

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Vitest's own second is too short for a server on a busy machine.
    expect: { poll: { timeout: 30_000 } },
    globalSetup: ['test/setup/global.ts'],
    reporters: ['default', ['json', { outputFile: results }]],
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/end-to-end/**', 'test/chaos/**'],
        },
      },
      {
        // Whole deploys, after everything else; two at a time: a third only takes the others' cores.
        extends: true,
        test: {
          name: 'end-to-end',
          include: ['test/end-to-end/**/*.test.ts'],
          exclude: longForms,
          maxWorkers: 2,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
