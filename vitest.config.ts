import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // One more than cores: some tests wait for sockets and for other processes.
    maxWorkers: 3,
    // Nothing is left behind by a file: the same modules serve the next one.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

export default config;
