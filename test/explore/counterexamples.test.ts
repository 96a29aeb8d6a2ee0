/**
 * The scenarios that are kept of planted bugs: without the bug, each keeps every promise along the
 * very way on which it breaks one with it. `npm run explore -- --scenarios` plays both.
 */

import { readdirSync, readFileSync } from 'node:fs';
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

  test('is that to a bug that is still planted', () => {
    expect(names.length).toBeGreaterThan(8);
    const known = canaries.map(({ name }) => name);
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });

  test.each(names)('of %s is told alike to people and to the simulator', (name) => {
    const [told, made] = ['txt', 'ts'].map((kind) => {
      return readFileSync(new URL(`${name}.${kind}`, folder), 'utf8').split('\n');
    });
    const moves = (told ?? []).filter((line) => /^\d+\. /.test(line));
    expect(moves.length).toBeGreaterThan(1);
    const beginnings = moves.map((line) => `// ${line.slice(0, 30)}`);
    expect(made?.filter((line) => beginnings.some((each) => line.includes(each)))).toHaveLength(
      moves.length,
    );
  });
});
