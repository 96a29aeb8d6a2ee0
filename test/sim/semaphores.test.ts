/**
 * Semaphores in a mesh in which things go wrong: never more holders than permits, and each slot has
 * one, by the judgement of the history checker.
 */

import { expect, test } from 'vitest';
import { checkHistory } from '../../src/sim/history/check-history.ts';
import type { HistoryOperation } from '../../src/sim/history/operation.ts';
import { recordPeer } from '../../src/sim/history/record-peer.ts';
import { HistoryRecorder } from '../../src/sim/history/recorder.ts';
import { runSim, type Sim, swarm } from '../../src/sim/index.ts';

const permits = 2;

/** Each slot is a lock; of the semaphore, a permit is one of its name. */
function asSemaphore(history: readonly HistoryOperation[]): readonly HistoryOperation[] {
  return history.map((operation) => ({ ...operation, names: [{ name: 'pool' }] }));
}

/** Instances that take a permit, keep it for a while, and give it back, or lose it. */
async function takeTurns(sim: Sim, recorder: HistoryRecorder): Promise<void> {
  for (const node of sim.nodes) {
    void node.run(async ({ peer, random, sleep }) => {
      const pool = recordPeer(peer, recorder).semaphore('pool', permits);
      for (;;) {
        await sleep(random() * 50);
        const permit = await pool.acquire({ timeout: 500 }).catch(() => null);
        if (permit === null) continue;
        await sleep(random() * 100);
        await permit.release();
      }
    });
  }
  await sim.sleep(8_000);
}

test('a try is granted a permit while one is free, however many try at once', async () => {
  let grants = 0;
  for (const quorum of ['majority', 'unanimous'] as const) {
    await runSim({ nodes: 5, seeds: 10, network: 'local', peer: { quorum } }, async (sim) => {
      const tries = sim.nodes.map(({ peer }) => peer.semaphore('pool', 8).tryAcquire());
      for (const permit of await Promise.all(tries)) if (permit !== null) grants += 1;
    });
  }
  expect(grants).toBe(2 * 10 * 5);
});

test('no more hold one than it has permits, whatever goes wrong', async () => {
  let grants = 0;
  let losses = 0;
  let most = 0;
  const kinds = ['partition', 'pause', 'hold', 'half-open', 'reset', 'lag', 'suspend'] as const;
  const faults = swarm({ for: 6_000, kinds: [...kinds] });
  const nodes = ['a', 'b', 'c', 'd', 'e'];
  await runSim({ nodes, seeds: 12, peer: { lease: 500 }, faults }, async (sim) => {
    const recorder = new HistoryRecorder({ now: () => sim.now });
    await takeTurns(sim, recorder);
    const history = recorder.operations;
    expect(checkHistory(history, { model: 'fenced' })).toMatchObject({ verdict: 'ok' });
    const model = `semaphore:${permits}` as const;
    expect(checkHistory(asSemaphore(history), { model })).toMatchObject({ verdict: 'ok' });
    const granted = history.filter(({ op, result }) => op === 'acquire' && result === 'ok');
    grants += granted.length;
    losses += history.filter(({ op }) => op === 'lost').length;
    // That two hold at once is used: one permit would be too few.
    const { verdict } = checkHistory(asSemaphore(history), { model: 'semaphore:1' });
    if (verdict === 'illegal') most += 1;
  });
  expect(grants).toBeGreaterThan(1_000);
  expect(losses).toBeGreaterThan(5);
  expect(most).toBe(12);
});
