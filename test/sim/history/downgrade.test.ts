/**
 * Locks that are shared after a while: what is allowed besides them, and what is found wrong.
 */

import { describe, expect, test } from 'vitest';
import type { Lock } from '../../../src/peer/lock.ts';
import { drawPlan } from '../../../src/sim/draw-plan.ts';
import { checkHistory } from '../../../src/sim/history/check-history.ts';
import type { HistoryOperation } from '../../../src/sim/history/operation.ts';
import { recordPeer } from '../../../src/sim/history/record-peer.ts';
import { HistoryRecorder } from '../../../src/sim/history/recorder.ts';
import { modelOfPlan, RunHistory } from '../../../src/sim/history/run-history.ts';
import { runPlan } from '../../../src/sim/run-plan.ts';
import { runSim } from '../../../src/sim/run-sim.ts';

type Rest = Partial<HistoryOperation>;

/** At one moment, so that there is but one order. */
function did(
  at: number,
  client: string,
  op: HistoryOperation['op'],
  rest: Rest = {},
): HistoryOperation {
  return { client, op, names: ['x'], call: 2 * at, return: 2 * at + 1, result: 'ok', ...rest };
}

const shared: Rest = { mode: 'shared' };

function verdictOf(...history: readonly HistoryOperation[]): string {
  const [quick, thorough] = [false, true].map((searchesAll) => {
    return checkHistory(history, { searchesAll, strict: true }).verdict;
  });
  expect(quick).toBe(thorough);
  return String(quick);
}

describe('a lock that is downgraded', () => {
  const begun = [did(0, 'a', 'acquire'), did(1, 'a', 'downgrade')];

  test('lets those in who share it, and nobody before', () => {
    expect(verdictOf(...begun, did(2, 'b', 'acquire', shared))).toBe('ok');
    const early = [
      did(0, 'a', 'acquire'),
      did(1, 'b', 'acquire', shared),
      did(2, 'a', 'downgrade'),
    ];
    expect(verdictOf(...early)).toBe('illegal');
  });

  test('lets nobody in who wants it alone, until it is released', () => {
    expect(verdictOf(...begun, did(2, 'b', 'acquire'))).toBe('illegal');
    expect(verdictOf(...begun, did(2, 'a', 'release'), did(3, 'b', 'acquire'))).toBe('ok');
  });

  test('is held until it is over, and is not downgraded then', () => {
    const over = did(2, 'a', 'release');
    expect(verdictOf(...begun, did(2, 'a', 'look', { result: 'held' }))).toBe('ok');
    expect(verdictOf(...begun, did(2, 'a', 'look', { result: 'gone' }))).toBe('illegal');
    expect(verdictOf(...begun, over, did(3, 'a', 'downgrade'))).toBe('illegal');
    expect(verdictOf(...begun, over, did(3, 'a', 'downgrade', { result: 'gone' }))).toBe('ok');
    expect(verdictOf(did(0, 'a', 'downgrade'))).toBe('illegal');
  });

  test('may be downgraded again, or have been shared before', () => {
    expect(verdictOf(...begun, did(2, 'a', 'downgrade'), did(3, 'a', 'release'))).toBe('ok');
    const was = [did(0, 'a', 'acquire', shared), did(1, 'a', 'downgrade')];
    expect(verdictOf(...was, did(2, 'b', 'acquire', shared))).toBe('ok');
  });

  test('has no reason left to refuse those who share it', () => {
    const busy: Rest = { result: 'busy' };
    expect(verdictOf(...begun, did(2, 'b', 'try', { ...shared, ...busy }))).toBe('illegal');
    expect(verdictOf(...begun, did(2, 'b', 'try', busy))).toBe('ok');
  });

  test('on several names is shared on all of them', () => {
    const names = [{ name: 'x' }, { name: 'y', mode: 'shared' as const }];
    const both = [did(0, 'a', 'acquire', { names }), did(1, 'a', 'downgrade', { names })];
    const sharing = did(2, 'b', 'acquire', { names: ['x', 'y'], mode: 'shared' });
    expect(verdictOf(...both, sharing)).toBe('ok');
    expect(verdictOf(...both, did(2, 'b', 'acquire', { names: ['y'] }))).toBe('illegal');
  });

  test('at an unknown moment lets in whoever comes, or nobody', () => {
    const perhaps = did(1, 'a', 'downgrade', { result: 'unknown', return: null });
    const grant = did(0, 'a', 'acquire');
    expect(verdictOf(grant, perhaps, did(2, 'b', 'acquire', shared))).toBe('ok');
    expect(verdictOf(grant, perhaps, did(2, 'b', 'try', { ...shared, result: 'busy' }))).toBe('ok');
    expect(verdictOf(grant, perhaps, did(2, 'b', 'acquire'))).toBe('illegal');
  });

  test('has a token that those must exceed whom it lets in', () => {
    const begin = [did(0, 'a', 'acquire', { token: 5 }), did(1, 'a', 'downgrade')];
    expect(verdictOf(...begin, did(2, 'b', 'acquire', { ...shared, token: 6 }))).toBe('ok');
    expect(verdictOf(...begin, did(2, 'b', 'acquire', { ...shared, token: 4 }))).toBe('illegal');
  });

  test('is told of as one that is shared', () => {
    const judged = checkHistory([...begun, did(2, 'b', 'acquire')]);
    expect(judged).toMatchObject({
      verdict: 'illegal',
      unplaced: 2,
      because: [0, 1, 2],
      reason: 'a shares "x" by operation 1, which still is held',
    });
  });

  test.each(['exclusive', 'fenced', 'semaphore:2'] as const)('is nothing for %s', (model) => {
    const history = [did(0, 'a', 'acquire', { token: 1 }), did(1, 'a', 'downgrade')];
    expect(() => checkHistory(history, { model })).toThrow(
      `Cannot judge history as ${model}: operation 2 is shared`,
    );
  });
});

describe('recordPeer()', () => {
  test('notes a downgrade, without which the reader that it lets in is a fault', async () => {
    let recorder = new HistoryRecorder({ now: () => 0 });
    await runSim({ nodes: 3, seeds: 1 }, async (sim) => {
      let moment = 0;
      recorder = new HistoryRecorder({ now: () => ++moment });
      const [a, b] = sim.nodes.map(({ peer }) => recordPeer(peer, recorder));
      const lock: Lock | undefined = await a?.acquire('x');
      await lock?.downgrade();
      await lock?.downgrade();
      const reader = await b?.acquire('x', { mode: 'shared' });
      expect(lock?.held).toBe(true);
      await lock?.release();
      await reader?.release();
      await expect(lock?.downgrade()).resolves.toBe(undefined);
    });
    const { operations } = recorder;
    const acts = operations.map(({ op, result }) => `${op} ${result}`);
    expect(acts.filter((act) => act === 'downgrade ok')).toHaveLength(1);
    expect(checkHistory(operations, { strict: true })).toMatchObject({
      ...{ verdict: 'ok', model: 'shared-fenced' },
    });
    expect(checkHistory(operations.filter(({ op }) => op !== 'downgrade')).verdict).toBe('illegal');
  });

  test('notes that there was nothing left to downgrade', async () => {
    let recorder = new HistoryRecorder({ now: () => 0 });
    await runSim({ nodes: 3, seeds: 1 }, async (sim) => {
      let moment = 0;
      recorder = new HistoryRecorder({ now: () => ++moment });
      const peer = recordPeer(sim.node(0).peer, recorder);
      const lock = await peer.acquire('x', { maxHold: 50 });
      await sim.sleep(100);
      await expect(lock.downgrade()).rejects.toMatchObject({ code: 'ERR_LOCK_LOST' });
    });
    expect(recorder.operations.map(({ op, result }) => `${op} ${result}`)).toEqual([
      ...['acquire ok', 'lost ok'],
    ]);
  });
});

test('the history of a run of the swarm has the downgrades that let readers in', async () => {
  let neededCount = 0;
  for (let seed = 1; seed <= 400; seed += 1) {
    const plan = drawPlan(seed);
    const model = modelOfPlan(plan);
    const shares = plan.steps.some(({ act }) => act.do === 'acquire' && act.patience === 'share');
    if (model === null || model === 'tokens' || !shares) continue;
    const recorded = new RunHistory();
    await runPlan(plan, { checks: 'none', history: recorded });
    const { operations } = recorded;
    expect({ seed, ...checkHistory(operations, { model }) }).toMatchObject({ seed, verdict: 'ok' });
    const others = operations.filter(({ op }) => op !== 'downgrade');
    neededCount += Number(checkHistory(others, { model }).verdict === 'illegal');
  }
  expect(neededCount).toBeGreaterThan(3);
});
