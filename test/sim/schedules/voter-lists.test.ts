/**
 * Peers that were given different lists of voters.
 */

import { expect, test } from 'vitest';
import { type Host, urlOf } from '../../../src/sim/host.ts';
import { World } from '../../../src/sim/world.ts';

// MinIO 7652: servers started with different lists of endpoints. Each counts a quorum of its own
// list, two quorums need not meet, and locks are granted twice.
//
// Here the voters are part of the mesh's fingerprint (section 10): peers that differ refuse each
// other in the handshake, and say in what. A simulation gives all nodes one list, so this one puts
// its hosts into a world by itself.
test('schedule 11: peers with different voter lists refuse each other', async () => {
  const world = new World({ seed: 1, latency: { kind: 'constant', us: 1_000 } });
  const hosts = ['a', 'b', 'c'].map((id) => addHost(world, id, ['a', 'b', 'c']));
  const odd = addHost(world, 'd', ['b', 'c', 'd']);
  const warnings: string[] = [];
  odd.onStarted = (peer) => peer.on('warning', ({ message }) => warnings.push(message));

  await play(world, async (sleep) => {
    const [a, , c] = await Promise.all(hosts.map((host) => host.start()));
    const d = await odd.start();
    await a?.ready();
    const lock = await a?.acquire('x');
    const refused = await codeOf(d.acquire('x', { timeout: 1_000 }));
    expect(refused).toBe('ERR_LOCK_TIMEOUT');
    await sleep(30_000);

    expect(lock?.held).toBe(true);
    expect(await c?.tryAcquire('x')).toBe(null);
    expect(d.status()).toMatchObject({ state: 'starting', held: 0 });
    const states = d.status().voters.map(({ id, state }) => `${id} ${state}`);
    expect(states).toEqual(['b unreachable', 'c unreachable', 'd voting']);
    expect(warnings.some((message) => message.includes('voters'))).toBe(true);
  });
});

function addHost(world: World, id: string, voters: readonly string[]): Host {
  return world.add({
    name: id,
    clock: { offsetMs: 0, driftPpm: 0 },
    hasDisk: false,
    peer: {
      ...{ id, insecure: true, listen: { port: 7400 } },
      voters: Object.fromEntries(voters.map((voter) => [voter, urlOf(voter)])),
    },
  });
}

/** Lets a world live until `scenario` has ended. */
async function play(
  { kernel }: World,
  scenario: (sleep: (ms: number) => Promise<void>) => Promise<void>,
): Promise<void> {
  const sleep = (ms: number): Promise<void> => {
    return new Promise((resolve) => {
      const run = (): void => {
        kernel.noteMicrotasks();
        resolve();
      };
      kernel.after(ms * 1_000, { kind: 'sleep', actor: null, detail: '', run });
    });
  };
  let isOver = false;
  kernel.noteMicrotasks();
  const played = scenario(sleep).finally(() => {
    isOver = true;
  });
  played.catch(() => {});
  expect(await kernel.run(() => isOver, 600_000_000)).toBe(null);
  await played;
}

async function codeOf(call: Promise<unknown>): Promise<unknown> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
}
