/**
 * Nothing but what vitest does by itself: `npx vitest run --root examples/simulate-vitest`.
 */

import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({});

export default config;
