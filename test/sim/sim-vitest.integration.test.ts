/**
 * Simulations in test runners, as a user runs them: vitest, with matchers and with replay by an
 * environment variable, and Node's own, each as a process of its own.
 */

import { execFile } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { simTest } from '../../src/sim/vitest.ts';
import { root } from '../tidy/sources.ts';

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs a program of this Node to its end. */
function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const { POSTER: _, LOCKMESH_SIM_REPLAY: __, NODE_OPTIONS: ___, ...rest } = process.env;
  const options = { cwd: root, env: { ...rest, NO_COLOR: '1', ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

const vitest = 'node_modules/vitest/vitest.mjs';
const example = [vitest, 'run', '--root', 'examples/simulate-vitest'];

describe('simTest()', () => {
  simTest('has matchers for what was reached, and for recovery', {}, async (sim) => {
    sim.sometimes('begun');
    sim.node('a').crash();
    sim.partition([['b']]);
    await expect(sim).toConvergeWithin(20_000);
    expect(sim).toHaveWitnessed('begun');
    expect(sim).not.toHaveWitnessed('ended');
    expect(() => expect(sim).toHaveWitnessed('ended')).toThrow('"ended" is expected; witnessed: ');
    sim.node('a').crash();
    await expect(expect(sim).toConvergeWithin(0)).rejects.toThrow('The mesh does not converge');
  });

  simTest.skip('can be skipped', {}, () => {
    throw new Error('It is skipped');
  });

  test('of a careless service fails, and prints the line that repeats it', async () => {
    const { code, output } = await run(example, { POSTER: 'careless' });
    expect(code).toBe(1);
    const line = /Repeat it: LOCKMESH_SIM_REPLAY=(\S+) npx vitest run poster\.test\.ts -t '(.+)'/;
    const [, token = '', name = ''] = line.exec(output) ?? [];
    expect(name).toBe('nobody posts once another has been elected');
    const first = /Seed \d+ fails after .+/.exec(output)?.[0];
    expect(first).toBeDefined();

    const again = await run([...example, '-t', name], {
      POSTER: 'careless',
      LOCKMESH_SIM_REPLAY: token,
    });
    expect(again.code).toBe(1);
    expect(again.output).toContain(first);
  });

  test('of the mended service passes with every seed', async () => {
    const { code, output } = await run(example);
    expect(output).toContain('1 passed');
    expect(code).toBe(0);
  });

  test('is skipped when a run of other options is to be repeated', async () => {
    const { code, output } = await run(example, { LOCKMESH_SIM_REPLAY: 'sim1-00000000-1' });
    expect(output).toContain('1 skipped');
    expect(code).toBe(0);
  });
});

describe('node:test', () => {
  test('runs simulations, too', async () => {
    const { code, output } = await run(['--test', 'dist/test/sim/node-test.js']);
    expect(output).toContain('# pass 2');
    expect(code).toBe(0);
  });
});
