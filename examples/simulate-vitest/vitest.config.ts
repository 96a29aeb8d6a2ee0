/**
 * Nothing but what vitest does by itself: `npx vitest run --root examples/simulate-vitest`. From
 * node_modules it leaves a package to Node; this one stands beside it, and must be named.
 */

import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: { server: { deps: { external: [/\/dist\/src\//] } } },
});

export default config;
