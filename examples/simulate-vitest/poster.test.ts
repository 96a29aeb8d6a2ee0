/**
 * Simulations as tests of vitest: whoever is elected posts prices to a board. With
 * `POSTER=careless` the test finds what is wrong with one that does not look whether it still is.
 */

import { env } from 'node:process';
import { type SimProcess, swarm } from 'lockmesh/sim';
import { simTest } from 'lockmesh/sim/vitest';
import { expect } from 'vitest';

/** A board outside. It refuses posters older than the latest, if they say how old they are. */
class Board {
  readonly tokens: number[] = [];

  post(token: number, fence?: number): void {
    if (fence !== undefined && fence < (this.tokens.at(-1) ?? 0)) throw new Error('Too old');
    this.tokens.push(token);
  }
}

/** The service: posts ten prices, and lets others have a turn. */
async function postPrices({ peer, request, sleep }: SimProcess, board: Board): Promise<void> {
  await using lock = await peer.acquire('poster');
  for (let price = 0; price < 10; price += 1) {
    if (env.POSTER === 'careless') await request(() => board.post(lock.token));
    else {
      lock.throwIfLost();
      await request(() => board.post(lock.token, lock.token));
    }
    await sleep(100);
  }
}

const options = { nodes: 3, seeds: 10, peer: { lease: 1_000 }, faults: swarm({ for: 20_000 }) };

simTest('nobody posts once another has been elected', options, async (sim) => {
  const board = new Board();
  for (const node of sim.nodes) {
    void node.run(async (process) => {
      for (;;) await postPrices(process, board).catch(() => process.sleep(100));
    });
  }
  await sim.sleep(25_000);
  await expect(sim).toConvergeWithin(10_000);
  expect(board.tokens.length).toBeGreaterThan(10);
  expect(board.tokens).toEqual(board.tokens.toSorted((one, other) => one - other));
});
