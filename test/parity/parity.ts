/**
 * Runs one scenario in both worlds, and compares what it has come to.
 */

import { runSim } from '../../src/sim/run-sim.ts';
import type { Net } from './net.ts';
import { RealNet } from './real-net.ts';
import type { ParityScenario } from './scenario.ts';
import { Story } from './story.ts';

/** Each is another world: other clocks, delays and chance. The story must be the same in all. */
export const simSeeds = 5;

/** How a scenario has come out. */
export interface ParityResult {
  readonly name: string;
  readonly agrees: boolean;
  /** What differs, as lines for people; none if it agrees. */
  readonly differences: readonly string[];
  /** Locks granted in the real run. */
  readonly grants: number;
  /** How long the real run took, in milliseconds. */
  readonly realMs: number;
}

/** What one run has come to. */
interface Told {
  readonly lines: readonly string[];
  readonly grants: number;
}

export async function compareWorlds(scenario: ParityScenario): Promise<ParityResult> {
  const { name, tells } = scenario;
  const startedMs = performance.now();
  const real = await tellReal(scenario);
  const realMs = Math.round(performance.now() - startedMs);
  const simulated = await tellSimulated(scenario);
  const differences = [
    ...simulated.flatMap(({ lines }, at) =>
      difference(`the simulator, seed ${at + 1}`, lines, tells),
    ),
    ...difference('the real run', real.lines, tells),
  ];
  return { name, agrees: differences.length === 0, differences, grants: real.grants, realMs };
}

/** On real sockets. What the scenario throws is its last line. */
export async function tellReal(scenario: ParityScenario): Promise<Told> {
  const net = await RealNet.open(scenario.options, scenario.pauses);
  try {
    return await tell(net, scenario);
  } finally {
    await net.close();
  }
}

/** In the simulator, with each of the seeds. */
export async function tellSimulated(scenario: ParityScenario): Promise<readonly Told[]> {
  const told: Told[] = [];
  try {
    await runSim({ network: 5, ...scenario.options, seeds: simSeeds }, async (sim) => {
      told.push(await tell(sim, scenario));
    });
  } catch (error) {
    told.push({ lines: [`failed: ${messageOf(error)}`], grants: 0 });
  }
  return told;
}

async function tell(net: Net, scenario: ParityScenario): Promise<Told> {
  const story = new Story(net);
  const { play, effects, unordered = [] } = scenario;
  // When peers meet, some messages are lost with connections that give way to others.
  const before = { ...net.effects };
  try {
    await play(net, story);
  } catch (error) {
    story.tell('failed', messageOf(error));
  }
  for (const effect of effects) {
    const count = (net.effects[effect] ?? 0) - (before[effect] ?? 0);
    if (count <= 0) story.tell('no effect', effect);
  }
  return { lines: story.lines(unordered), grants: story.grants };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function difference(
  where: string,
  lines: readonly string[],
  tells: readonly string[],
): readonly string[] {
  const at = tells.findIndex((line, index) => line !== lines[index]);
  if (at < 0 && lines.length === tells.length) return [];
  const place = at < 0 ? tells.length : at;
  const found = lines[place] ?? 'nothing more';
  return [
    `${where}, line ${place + 1}: "${found}", not "${tells[place] ?? 'nothing more'}"`,
    ...lines.map((line) => `  ${line}`),
  ];
}
