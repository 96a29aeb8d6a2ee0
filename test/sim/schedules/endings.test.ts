/**
 * Coordinators that die, and holders that end while their connections do.
 */

import { describe, expect } from 'vitest';
import { simTest } from '../../../src/sim/vitest.ts';
import { ask, failed, granted, lossOf } from './asked.ts';

// The hole of two-phase commit (Gray 1978; Skeen 1981): the coordinator dies after the voters have
// said yes and before they hear what was decided. They may neither commit nor abort.
//
// Here what they said is good for a lease: the session of the dead incarnation expires, and takes
// its entries with it (rules 4.6, 4.9); those that may have been held raise the floor (4.6). With a
// unanimous quorum the mesh does wait for the dead voter, and says so.
describe('schedule 14: the coordinator dies between prepare and commit', () => {
  simTest('while its question is under way', { network: 1 }, async (sim) => {
    ask(sim, 'a', 'x');
    await sim.at('prepare sent', { node: 'a', with: 'c' });
    sim.node('a').crash({ network: 'reset' });
    const diedAt = sim.now;
    await sim.sleep(5);
    const second = ask(sim, 'b', 'x');
    await sim.node('a').restart();
    await granted(sim, second);
    expect(sim).toHaveWitnessed('a voter kept entries of an older incarnation');
    expect(sim.effects['leases expired']).toBe(2);
    expect(second.grantedAt - diedAt).toBeGreaterThan(sim.mesh.lease - 2);
    expect(second.grantedAt - diedAt).toBeLessThan(sim.mesh.lease + 10);
  });

  simTest('when it has decided, and COMMIT is lost with it', { network: 1 }, async (sim) => {
    const first = ask(sim, 'a', 'x');
    await sim.at('commit sent', { node: 'a', with: 'c' });
    const lostBefore = sim.effects['messages lost'] ?? 0;
    sim.node('a').crash({ network: 'reset, tail lost' });
    const diedAt = sim.now;
    const token = first.lock?.token ?? Number.POSITIVE_INFINITY;
    const heard = sim.at('commit delivered', { timeout: 5 });
    expect(await heard.then(Boolean, () => false)).toBe(false);
    expect(sim.effects['messages lost']).toBe(lostBefore + 2);

    const second = ask(sim, 'b', 'x');
    const lock = await granted(sim, second);
    expect(second.grantedAt - diedAt).toBeLessThan(sim.mesh.lease + 10);
    // Nobody knows that it was held, but for its application; the voters allow for it.
    expect(lock.token).toBeGreaterThan(token);
  });

  const nodes = ['a', 'b', 'c'].map((id) => ({ id, clock: { drift: 0, offset: 0 } }));
  simTest('and an older call takes its place', { nodes, network: 1 }, async (sim) => {
    const links = ['a', 'c'].map((id) => sim.link('b', id));
    for (const link of links) link.hold();
    const second = ask(sim, 'b', 'x');
    await sim.sleep(5);
    const first = ask(sim, 'a', 'x');
    await sim.at('commit sent', { node: 'a', with: 'c' });
    const token = first.lock?.token ?? Number.POSITIVE_INFINITY;
    sim.node('a').crash({ network: 'reset, tail lost' });
    for (const link of links) link.release();

    // Its ticket is smaller than the token that a has had.
    const lock = await granted(sim, second);
    expect(sim).toHaveWitnessed('a token was raised');
    expect(lock.token).toBeGreaterThan(token);
  });

  const unanimous = { network: 1, peer: { quorum: 'unanimous' } } as const;
  simTest('unanimous: nothing is granted until it is back', unanimous, async (sim) => {
    ask(sim, 'a', 'x');
    await sim.at('prepare sent', { node: 'a', with: 'c' });
    sim.node('a').crash({ network: 'reset' });
    await sim.sleep(5);
    const second = ask(sim, 'b', 'x');
    expect(await failed(sim, second)).toBe('ERR_NO_QUORUM');
    await sim.sleep(sim.mesh.lease);
    expect(sim.effects['leases expired']).toBe(2);

    await sim.node('a').restart();
    await expect(sim).toConvergeWithin(sim.mesh.lease);
    await granted(sim, ask(sim, 'b', 'x'), 10);
  });
});

// Curator 1193: the connection is gone while a lock is released; the delete is lost or retried
// without end, and the lock stays with one who does not want it.
//
// Here a release takes effect at once for its holder. Voters hear of it as soon as they are reached
// again: LIVE does not name it (rule 3.4); if they are not, their session expires (6.3).
describe('schedule 15: RELEASE during connection loss', () => {
  simTest('the connections come back', { network: 1 }, async (sim) => {
    const first = await sim.node('a').peer.acquire('x');
    const second = ask(sim, 'b', 'x');
    await sim.sleep(50);
    const partition = sim.partition('isolate', { breaks: true });
    await first.release();
    expect(first.held).toBe(false);
    await sim.sleep(1_000);
    expect(second.lock).toBe(null);

    partition.heal();
    const healedAt = sim.now;
    const lock = await granted(sim, second);
    // What a redial waits at most, and some trips.
    expect(second.grantedAt - healedAt).toBeLessThan(1_100);
    expect(lock.token).toBeGreaterThan(first.token);
    expect(sim).toHaveWitnessed('an entry was ended by not being named');
  });

  simTest('they do not come back', { network: 1 }, async (sim) => {
    const first = await sim.node('a').peer.acquire('x');
    const second = ask(sim, 'b', 'x');
    await sim.sleep(50);
    const cutAt = sim.now;
    sim.partition('isolate', { breaks: true });
    await first.release();
    const lock = await granted(sim, second);
    expect(second.grantedAt - cutAt).toBeLessThan(sim.mesh.lease + 10);
    expect(lock.token).toBeGreaterThan(first.token);
  });
});

// A deploy sends SIGTERM to a holder. Where that is a crash, the next one waits for a whole lease;
// where shutdown waits for servers that do not answer, it hangs until it is killed.
//
// Here `close` releases what is held, in one message (section 7), and waits for nobody for longer
// than the second that its connections have.
describe('schedule 15: SIGTERM', () => {
  simTest('while holding: the next is granted at once', { network: 1 }, async (sim) => {
    const first = await sim.node('a').peer.acquire('x');
    const loss = lossOf(sim, first);
    const second = ask(sim, 'b', 'x');
    await sim.sleep(50);
    const calledAt = sim.now;
    await sim.node('a').stop();
    expect(sim.now - calledAt).toBeLessThan(100);
    expect(loss).toEqual({ at: calledAt, code: 'ERR_PEER_CLOSED' });
    const lock = await granted(sim, second);
    expect(second.grantedAt - calledAt).toBeLessThan(5);
    expect(lock.token).toBeGreaterThan(first.token);
  });

  simTest('while holding: the holder may finish', { network: 1 }, async (sim) => {
    const first = await sim.node('a').peer.acquire('x');
    const second = ask(sim, 'b', 'x');
    const third = ask(sim, 'a', 'y');
    await granted(sim, third);
    await sim.sleep(50);
    const calledAt = sim.now;
    const stopped = sim.node('a').stop({ drain: 5_000 });
    const late = ask(sim, 'a', 'z');
    await sim.sleep(300);
    expect([first.held, second.lock]).toEqual([true, null]);
    expect(late.code).toBe('ERR_PEER_CLOSED');

    await third.lock?.release();
    await first.release();
    await stopped;
    expect(sim.now - calledAt).toBeLessThan(400);
    await granted(sim, second, 10);
  });

  simTest('nobody hears it, and it does not hang', { network: 1 }, async (sim) => {
    const first = await sim.node('a').peer.acquire('x');
    const loss = lossOf(sim, first);
    const waiting = ask(sim, 'b', 'x');
    await sim.sleep(50);
    sim.partition('isolate');
    const calledAt = sim.now;
    const other = ask(sim, 'a', 'y');
    await sim.node('a').stop({ drain: 500 });
    expect(other.code).toBe('ERR_PEER_CLOSED');
    expect(loss.code).toBe('ERR_PEER_CLOSED');
    expect(loss.at - calledAt).toBeLessThan(501);
    expect(sim.now - calledAt).toBeLessThan(500 + 1_000 + 100);
    expect(sim.effects['messages held']).toBeGreaterThan(0);

    const lock = await granted(sim, waiting);
    expect(waiting.grantedAt - calledAt).toBeLessThan(sim.mesh.lease + 10);
    expect(lock.token).toBeGreaterThan(first.token);
  });
});
