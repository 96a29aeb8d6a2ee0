/**
 * What happens in a search happens in the simulator: without faults, message by message, along
 * whatever way.
 */

import { describe, expect, test } from 'vitest';
import { explore } from '../../src/sim/explore/engine.ts';
import { listActions, takeAction } from '../../src/sim/explore/mesh-actions.ts';
import { meshModel } from '../../src/sim/explore/mesh-model.ts';
import { movesOf, type ToldMove } from '../../src/sim/explore/mesh-moves.ts';
import { MeshWorld } from '../../src/sim/explore/mesh-world.ts';
import { type MeshScope, noFaults } from '../../src/sim/explore/scope.ts';
import { runSim } from '../../src/sim/index.ts';
import { Stream } from '../../src/sim/random.ts';
import type { Sim } from '../../src/sim/sim.ts';
import { type Claim, meshOf, Staging } from './staging.ts';

const noLimits = { bytesMax: Number.POSITIVE_INFINITY, hasTime: (): boolean => true };

const stepsMax = 40;

const scope: MeshScope = {
  name: 'four',
  voters: 4,
  quorum: 3,
  claims: [0, 1].map((peer) => ({
    peer,
    resources: [{ name: 'x', mode: 'exclusive' }],
    patience: 'wait',
  })),
  budgets: noFaults,
  victims: [],
  seesDown: true,
  jumpsMs: [],
  slowMax: 0,
  isWarm: true,
  isSymmetric: true,
  isReduced: false,
  goals: [],
};

/** Some way through the scope. */
function wayOf(seed: number): readonly ToldMove[] {
  const chance = Stream.of(seed, 'way');
  const world = new MeshWorld(scope);
  world.open();
  const way: number[] = [];
  for (let step = 0; step < stepsMax; step += 1) {
    const actions: number[] = [];
    listActions(world, actions);
    if (actions.length === 0) break;
    const action = chance.pick(actions);
    takeAction(world, action);
    way.push(action);
  }
  // As where no two peers are alike: a way of a search has the names of one that stands for all.
  return movesOf(meshModel({ ...scope, isSymmetric: false }), way);
}

/** Makes the moves, and tells what was heard, in the words of a search. */
async function heardAlong(sim: Sim, moves: readonly ToldMove[]): Promise<readonly string[]> {
  const staging = await Staging.begin(sim);
  const claims = new Map<number, Claim>();
  const heard: string[] = [];
  for (const { move, words } of moves) {
    if (move.do === 'ask') {
      claims.set(move.claim, await staging.ask(sim.node(move.claim).id, 'x'));
    } else if (move.do === 'release') await claims.get(move.claim)?.release();
    else if (move.do === 'hear') {
      const types = typesIn(words);
      const arrivals = types.map((type) => {
        return sim.at(`${type} delivered`, { node: move.at, with: move.from, timeout: 1 });
      });
      await staging.steps.hear(move.at, move.from);
      await Promise.all(arrivals);
      heard.push(words);
    }
  }
  await staging.end('x');
  return heard;
}

const spoken = ['prepare', 'vote', 'queued', 'inquire', 'yield', 'commit', 'release'] as const;

function typesIn(words: string): readonly (typeof spoken)[number][] {
  const firsts = words.split(/: |; /).map((part) => part.split(' ')[0]);
  return spoken.filter((type) => firsts.includes(type));
}

describe('movesOf()', () => {
  test.each([1, 2, 3, 4, 5])(
    'has the same messages arrive in the simulator, way %i',
    async (seed) => {
      const moves = wayOf(seed);
      const wanted = moves.filter(({ move }) => move.do === 'hear').map(({ words }) => words);
      expect(wanted.length).toBeGreaterThan(15);
      expect(wanted.every((words) => typesIn(words).length > 0)).toBe(true);
      await runSim(meshOf(['a', 'b', 'c', 'd'], 3), async (sim) => {
        expect(await heardAlong(sim, moves)).toEqual(wanted);
      });
    },
  );

  test('lets peers that are alike keep their names on a way to a breach', () => {
    // Half of the votes are enough: whoever is asked first decides.
    const broken = { ...scope, quorum: 2 };
    const model = meshModel(broken);
    const { violations } = explore(model, noLimits);
    const [breach] = violations;
    const moves = movesOf(model, breach?.actions ?? []);
    expect(moves.length).toBeGreaterThan(5);
    expect(moves).toHaveLength(breach?.steps.length ?? 0);
    const asked = new Set<string>();
    for (const { move, words } of moves) {
      if (move.do !== 'hear') continue;
      if (words.includes('prepare')) asked.add(`${move.from} asked ${move.at}`);
      if (words.includes('vote')) expect(asked).toContain(`${move.at} asked ${move.from}`);
    }
    expect(asked.size).toBeGreaterThan(1);
  });
});
