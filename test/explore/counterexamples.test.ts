/**
 * The scenarios that are kept of planted bugs: without the bug, each keeps every promise along the
 * very way on which it breaks one with it. `npm run explore -- --scenarios` plays both.
 */

import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runSim } from '../../src/sim/index.ts';
import { canaries } from '../canaries/patches.ts';
import type { Scenario } from './scenario-worker.ts';

const folder = new URL('./counterexamples/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
const names = files.map((file) => file.slice(0, -3));

describe('the way to a planted bug', () => {
  test.each(names)('of %s breaks no promise without it', async (name) => {
    const { options, play }: Scenario = await import(new URL(`${name}.ts`, folder).href);
    const report = await runSim(options, play);
    expect(report.messages).toBeGreaterThan(10);
    expect(report.grants).toBeGreaterThan(3);
  });

  test('is kept for people and for the simulator', () => {
    expect(names.length).toBeGreaterThan(8);
    const known = canaries.map(({ name }) => name);
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    const told = names.map((name) => fileURLToPath(new URL(`${name}.txt`, folder)));
    expect(told.filter((path) => !existsSync(path))).toEqual([]);
  });
});
