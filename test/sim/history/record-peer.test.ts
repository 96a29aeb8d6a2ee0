/**
 * A recorded peer does what the peer does, and its history says what happened.
 */

import { describe, expect, test } from 'vitest';
import type { Lock } from '../../../src/peer/lock.ts';
import type { Peer } from '../../../src/peer/peer.ts';
import { checkHistory } from '../../../src/sim/history/check-history.ts';
import { recordPeer } from '../../../src/sim/history/record-peer.ts';
import { HistoryRecorder } from '../../../src/sim/history/recorder.ts';
import { runSim } from '../../../src/sim/run-sim.ts';
import type { Sim } from '../../../src/sim/sim.ts';

/** Runs a scenario whose peers are recorded, with a clock that counts. */
async function record(
  scenario: (sim: Sim, peers: readonly Peer[], recorder: HistoryRecorder) => Promise<void>,
): Promise<HistoryRecorder> {
  let moment = 0;
  let recorder = new HistoryRecorder({ now: () => moment });
  await runSim({ nodes: 3, seeds: 1 }, async (sim) => {
    moment = 0;
    recorder = new HistoryRecorder({
      now: () => {
        moment += 1;
        return moment;
      },
    });
    const peers = sim.nodes.map(({ peer }) => recordPeer(peer, recorder));
    await scenario(sim, peers, recorder);
  });
  return recorder;
}

function said({ operations }: HistoryRecorder): readonly string[] {
  return operations.map(({ client, op, result }) => `${client} ${op} ${result}`);
}

function first(peers: readonly Peer[]): readonly [Peer, Peer] {
  const [a, b] = peers;
  if (a === undefined || b === undefined) throw new Error('Cannot run: two peers are needed');
  return [a, b];
}

describe('recordPeer()', () => {
  test('notes calls, grants, refusals, looks and releases', async () => {
    const recorder = await record(async (_, peers) => {
      const [a, b] = first(peers);
      const lock = await a.acquire('x');
      expect(await b.tryAcquire('x')).toBeNull();
      await expect(b.acquire('x', { timeout: 20 })).rejects.toThrow('x');
      expect(lock.held).toBe(true);
      await lock.release();
      await lock.release();
    });
    const [a, b] = recorder.operations.map(({ client }) => client);
    expect(said(recorder)).toEqual([
      ...[`${a} acquire ok`, `${b} try busy`, `${b} acquire timeout`],
      ...[`${a} look held`, `${a} release ok`],
    ]);
    expect(checkHistory(recorder.operations, { model: 'fenced', strict: true }).verdict).toBe('ok');
  });

  test('notes what is called by a callback, and leaves out what is no call', async () => {
    const recorder = await record(async (_, peers) => {
      const [a] = first(peers);
      expect(await a.locks.request('x', (lock: Lock) => lock.name)).toBe('x');
      await expect(a.acquire('')).rejects.toThrow(TypeError);
      const taken = a.locks.request('y', { mode: 'shared' }, () => {
        throw new Error('mine');
      });
      await expect(taken).rejects.toThrow('mine');
    });
    const [a] = recorder.operations.map(({ client }) => client);
    expect(said(recorder)).toEqual([
      ...[`${a} acquire ok`, `${a} release ok`, `${a} acquire ok`, `${a} release ok`],
    ]);
    expect(checkHistory(recorder.operations).model).toBe('shared-fenced');
  });

  test('notes a loss, and looks at those who hold when another is granted', async () => {
    const recorder = await record(async (sim, peers) => {
      const [a, b] = first(peers);
      const lock = await a.acquire('x');
      sim.partition([[sim.nodes[0]?.id ?? ''], sim.nodes.slice(1).map(({ id }) => id)]);
      const next = await b.acquire('x');
      expect(lock.held).toBe(false);
      await next.release();
    });
    expect(said(recorder).some((line) => line.endsWith('lost ok'))).toBe(true);
    expect(checkHistory(recorder.operations, { model: 'fenced' }).verdict).toBe('ok');
  });

  test('sees two holders, if ever there are', async () => {
    const recorder = await record(async (_, peers, notes) => {
      const [a, b] = first(peers);
      const lock = await a.acquire('x');
      // It does not ask anybody.
      const rash: Peer = Object.create(b, { acquire: { value: async () => lock } });
      await recordPeer(rash, notes, { client: 'rash' }).acquire('x');
    });
    const judged = checkHistory(recorder.operations, { model: 'exclusive' });
    expect(judged).toMatchObject({ verdict: 'illegal', unplaced: 1, because: [0, 1] });
  });

  test('a process that dies takes what it holds with it, sooner or later', async () => {
    const recorder = await record(async (sim, peers, notes) => {
      const [a, b] = first(peers);
      await a.acquire('x');
      sim.nodes[0]?.crash();
      notes.died(a.id);
      await (await b.acquire('x')).release();
    });
    expect(said(recorder)[1]).toMatch(/lost unknown$|acquire ok$/);
    expect(checkHistory(recorder.operations).verdict).toBe('ok');
    expect(checkHistory(recorder.operations.filter(({ op }) => op !== 'lost')).verdict).toBe(
      'illegal',
    );
  });
});
