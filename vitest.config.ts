import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/store/postgres-programs.ts', 'test/shared-postgres.ts', 'test/console/build.ts'],
    setupFiles: ['test/equality.ts'],
    // On two cores: much of the time passes in waiting for servers and clocks.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Longer than what tests wait for, such as the 2 s in which a refused connection is told why.
    expect: { poll: { timeout: 20_000 } },
  },
});
