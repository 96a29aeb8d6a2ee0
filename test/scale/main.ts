/**
 * `npm run scale`: meshes that are large in one way each, in the simulator with all of its checks
 * and with real peers in processes of this machine, with something that goes wrong on the way.
 */

import { BadFlag, type Order, parseFlags, usage, type WorldName } from './flags.ts';
import { heldLocks } from './held-locks.ts';
import { manyMembers } from './many-members.ts';
import { manyNames } from './many-names.ts';
import { manyReaders } from './many-readers.ts';
import { manyVoters } from './many-voters.ts';
import { manyWaiters } from './many-waiters.ts';
import {
  type RealShape,
  realHeld,
  realMembers,
  realNames,
  realVoters,
  realWaiters,
} from './real/real-shapes.ts';
import { grouped, type Shape, show } from './shape.ts';

/** What one run has come to. */
interface Outcome {
  readonly checked: readonly string[];
  readonly grants: number;
  /** What is known only where the world is. */
  readonly messages: number | null;
  readonly simulatedMs: number | null;
}

interface Run {
  readonly world: WorldName;
  readonly name: string;
  run(): Promise<Outcome>;
}

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const order = orderOf(args);
  if (order === null) return 2;
  const runs = runsOf(order);
  if (runs.length === 0) {
    process.stderr.write(`No shape has "${order.only}" in its name\n`);
    return 2;
  }
  let failed = 0;
  for (const run of runs) if (!(await tell(run))) failed += 1;
  print(`${runs.length} shapes, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

function orderOf(args: readonly string[]): Order | null {
  try {
    return parseFlags(args);
  } catch (error) {
    if (!(error instanceof BadFlag)) throw error;
    process.stderr.write(`${error.message}\n${usage}\n`);
    return null;
  }
}

function runsOf({ worlds, only, little }: Order): readonly Run[] {
  const of = (full: number, small: number): number => (little ? small : full);
  const simulated = [
    manyVoters({ voters: of(32, 12), restMs: of(100, 800) }),
    manyMembers({ members: of(200, 30), restMs: of(100, 600) }),
    heldLocks(of(100_000, 1_000)),
    manyWaiters(of(10_000, 1_000)),
    manyReaders(of(10_000, 1_000)),
    manyNames(of(1_000_000, 5_000)),
  ];
  // Machines that are busy with other things take their time.
  const leaseMs = of(10_000, 2_000);
  const real = [
    realVoters(of(32, 8), leaseMs),
    realMembers(of(200, 20), leaseMs),
    realHeld(of(100_000, 1_000), leaseMs),
    realWaiters(of(10_000, 1_000), leaseMs),
    realNames(of(1_000_000, 20_000), leaseMs),
  ];
  return [...simulated.map(simulatedRun), ...real.map(realRun)].filter(({ world, name }) => {
    return worlds.includes(world) && name.includes(only);
  });
}

function simulatedRun(shape: Shape): Run {
  return {
    world: 'simulated',
    name: shape.name,
    run: async () => {
      const { checked, report } = await show(shape);
      const { grants, messages, simulatedMs } = report;
      return { checked, grants, messages, simulatedMs };
    },
  };
}

function realRun(shape: RealShape): Run {
  return {
    world: 'real',
    name: shape.name,
    run: async () => ({ ...(await shape.run()), messages: null, simulatedMs: null }),
  };
}

/** Prints one line for it. @returns whether it has passed */
async function tell({ world, name, run }: Run): Promise<boolean> {
  const startedAt = performance.now();
  const took = (): string => `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`;
  const head = `${world}, ${name}`.padEnd(36);
  try {
    const { checked, grants, messages, simulatedMs } = await run();
    const costs = [
      `${took()}`,
      ...(simulatedMs === null ? [] : [`${grouped(Math.round(simulatedMs))} ms simulated`]),
      `${grouped(grants)} grants`,
      ...(messages === null ? [] : [`${grouped(messages)} messages`]),
    ];
    print(`${head} ${costs.join(', ')}: ${checked.join('; ')}`);
    return true;
  } catch (error) {
    print(`${head} FAILED after ${took()}: ${error instanceof Error ? error.message : error}`);
    return false;
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
