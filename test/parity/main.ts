/**
 * `npm run parity`: runs scenarios in the simulator and over real sockets, one by one, and fails
 * when they are not the same story.
 */

import { BadFlag, type Order, parseFlags, usage } from './flags.ts';
import { compareWorlds, type ParityResult, simSeeds } from './parity.ts';
import { scenarios } from './scenarios.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const order = orderOf(args);
  if (order === null) return 2;
  const results: ParityResult[] = [];
  for (const scenario of order.scenarios) {
    const result = await compareWorlds(scenario);
    results.push(result);
    print(describe(result));
  }
  const realMs = results.reduce((sum, each) => sum + each.realMs, 0);
  const agree = results.filter(({ agrees }) => agrees).length;
  print(
    `${agree} of ${results.length} scenarios agree between ${simSeeds} simulated runs and a real ` +
      `one; ${(realMs / 1_000).toFixed(1)} s of real time`,
  );
  const summary = { scenarios: results.length, agree, simSeeds, realMs, results };
  if (order.json) print(JSON.stringify(summary));
  return agree === results.length ? 0 : 1;
}

function orderOf(args: readonly string[]): Order | null {
  try {
    return parseFlags(args, scenarios);
  } catch (error) {
    if (!(error instanceof BadFlag)) throw error;
    process.stderr.write(`${error.message}\n${usage}\n`);
    return null;
  }
}

function describe({ name, agrees, differences, grants, realMs }: ParityResult): string {
  const head = `${agrees ? 'agrees ' : 'DIFFERS'}  ${name}`;
  const line = `${head.padEnd(40)} ${grants} grants, ${(realMs / 1_000).toFixed(1)} s`;
  return [line, ...differences.map((difference) => `  ${difference}`)].join('\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
