/**
 * The history of peers on real sockets, by the clock of this machine.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { Peer } from '../../../src/peer/peer.ts';
import { checkHistory } from '../../../src/sim/history/check-history.ts';
import { recordPeer } from '../../../src/sim/history/record-peer.ts';
import { HistoryRecorder } from '../../../src/sim/history/recorder.ts';
import { RealMesh } from '../../harness/real-mesh.ts';

let mesh: RealMesh | null = null;

afterEach(async () => {
  await mesh?.close();
});

async function contend(peer: Peer, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const mode = round % 3 === 0 ? 'shared' : 'exclusive';
    await using lock = await peer.acquire('x', { mode });
    await sleep(1);
    expect(lock.held).toBe(true);
    await peer.tryAcquire('y').then((other) => other?.release());
  }
}

test('a mesh on the loopback makes a history that is in order', async () => {
  mesh = await RealMesh.create(['a', 'b', 'c'], {});
  const recorder = new HistoryRecorder({ now: () => Number(process.hrtime.bigint()) });
  const peers = (await mesh.openAll()).map((peer) => recordPeer(peer, recorder));
  await Promise.all(peers.map((peer) => contend(peer, 12)));
  const { operations } = recorder;
  const granted = operations.filter(({ op, result }) => op === 'acquire' && result === 'ok');
  expect(granted).toHaveLength(36);
  expect(checkHistory(operations)).toEqual({
    ...{ verdict: 'ok', model: 'shared-fenced', operations: operations.length },
  });
  const alike = operations.map((each) => (each.token === undefined ? each : { ...each, token: 5 }));
  expect(checkHistory(alike).verdict).toBe('illegal');
});
