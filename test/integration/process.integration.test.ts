/**
 * What a peer leaves behind: a file if so asked, and nothing that keeps the process alive.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createPeer } from '../../src/peer/create-peer.ts';
import { RealMesh } from '../harness/real-mesh.ts';

test('a state file on disk outlives its peer', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lockmesh-state-'));
  const stateFile = join(folder, 'new', 'state');
  const first = await createPeer({ stateFile, logger: false });
  const { token } = await first.acquire('x');
  await first.close();
  const second = await createPeer({ stateFile, logger: false });
  expect((await second.acquire('x')).token).toBeGreaterThan(token);
  expect(second.status().incarnation).toBeGreaterThan(first.status().incarnation);
  await second.close();
  await rm(folder, { recursive: true });
});

test('a closed peer leaves nothing that keeps the process alive', async () => {
  const count = (): number => {
    const kinds = ['TCPServerWrap', 'TCPSocketWrap', 'Timeout'];
    return process.getActiveResourcesInfo().filter((kind) => kinds.includes(kind)).length;
  };
  const before = count();
  const mesh = await RealMesh.create(['a', 'b', 'c'], { lease: 1_000 });
  const [a, b] = await mesh.openAll();
  await a?.acquire('x');
  const waiting = b?.acquire('x', { timeout: 60_000 });
  waiting?.catch(() => {});
  expect(count()).toBeGreaterThan(before);
  await mesh.close();
  await sleep(50);
  expect(count()).toBeLessThanOrEqual(before);
});
