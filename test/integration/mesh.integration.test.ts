/**
 * A mesh on real sockets: links that break, peers that go and come back.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { createPeer } from '../../src/peer/create-peer.ts';
import { LockLostError, NoQuorumError } from '../../src/peer/errors.ts';
import type { PeerOptions } from '../../src/peer/options.ts';
import type { Peer } from '../../src/peer/peer.ts';
import { nextEvent, RealMesh } from '../harness/real-mesh.ts';

const leaseMs = 1_500;
/** As long as the lease lets it be: a busy machine may answer late. */
const prepareTimeout = 700;
const ids = ['a', 'b', 'c'];

describe('a mesh', { concurrent: false }, () => {
  const meshes: RealMesh[] = [];

  afterEach(async () => {
    await Promise.all(meshes.splice(0).map((mesh) => mesh.close()));
  });

  async function createMesh(voters = ids, options: PeerOptions = {}): Promise<RealMesh> {
    const mesh = await RealMesh.create(voters, { lease: leaseMs, prepareTimeout, ...options });
    meshes.push(mesh);
    return mesh;
  }

  async function three(): Promise<{ mesh: RealMesh; a: Peer; b: Peer; c: Peer }> {
    const mesh = await createMesh();
    const [a, b, c] = await mesh.openAll();
    if (a === undefined || b === undefined || c === undefined) throw new Error('Not three');
    return { mesh, a, b, c };
  }

  /** Whether a promise settles within `ms`. */
  async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
    const late = Symbol('late');
    return (await Promise.race([promise, sleep(ms, late)])) !== late;
  }

  test('of three has one holder at a time, with greater and greater tokens', async () => {
    const { a, b, c } = await three();
    const tokens: number[] = [];
    let inside = 0;
    const rounds = [a, b, c].map(async (peer) => {
      for (let round = 0; round < 20; round++) {
        await peer.locks.request('hot', async (lock) => {
          expect(++inside).toBe(1);
          tokens.push(lock.token);
          await sleep(1);
          inside--;
        });
      }
    });
    await Promise.all(rounds);
    expect(tokens).toHaveLength(60);
    expect(tokens).toEqual([...tokens].sort((one, other) => one - other));
    expect(new Set(tokens).size).toBe(60);
  });

  test('hands over at once when the holder closes', async () => {
    const { a, b } = await three();
    await a.acquire('x');
    const waiting = b.acquire('x');
    await sleep(50);
    void a.close();
    expect(await settlesWithin(waiting, leaseMs / 2)).toBe(true);
  });

  test('grants within a lease and a little after the holder crashed', async () => {
    const { mesh, a, b } = await three();
    const held = await a.acquire('x');
    const waiting = b.acquire('x');
    await sleep(50);
    await mesh.crash(a);
    expect(await settlesWithin(waiting, 1.5 * leaseMs)).toBe(true);
    expect((await waiting).token).toBeGreaterThan(held.token);
  });

  test('of one needs nothing else', async () => {
    const peer = await createPeer({ logger: false });
    const lock = await peer.acquire('x');
    expect(lock.held).toBe(true);
    expect(await peer.tryAcquire('x')).toBeNull();
    await peer.close();
    expect(lock.held).toBe(false);
  });

  test('of two works, and stands still while one is missing', async () => {
    const mesh = await createMesh(['a', 'b']);
    const [a, b] = await mesh.openAll();
    if (a === undefined || b === undefined) throw new Error('Not two');
    await (await a.acquire('x')).release();
    await (await b.acquire('x')).release();
    await mesh.crash(b);
    await expect(a.acquire('x')).rejects.toBeInstanceOf(NoQuorumError);
    const again = await mesh.open('b');
    await again.ready();
    expect((await a.acquire('x', { timeout: 3_000 })).held).toBe(true);
  });

  test('redials a peer after their link was cut', async () => {
    const { mesh, a } = await three();
    const gone = nextEvent(a, 'voter', (voter, state) => voter === 'b' && state === 'unreachable');
    mesh.cut('a', 'b');
    await gone;
    const back = nextEvent(a, 'voter', (voter, state) => voter === 'b' && state === 'voting');
    mesh.mend('a', 'b');
    expect(await settlesWithin(back, 2_500)).toBe(true);
  });

  test('gives up a link that has fallen silent, within a lease', async () => {
    const { mesh, a } = await three();
    const gone = nextEvent(a, 'voter', (voter, state) => voter === 'b' && state === 'unreachable');
    mesh.silence('a', 'b');
    expect(await settlesWithin(gone, leaseMs)).toBe(true);
  });

  test('goes on when two peers lose their link and both reach the third', async () => {
    const { mesh, a, b } = await three();
    mesh.cut('a', 'b');
    const lock = await a.acquire('x');
    const waiting = b.acquire('x');
    // Held by the votes of a and c for longer than a lease, and b queues at c.
    expect(await settlesWithin(waiting, 1.5 * leaseMs)).toBe(false);
    expect(lock.held).toBe(true);
    await lock.release();
    expect(await settlesWithin(waiting, leaseMs)).toBe(true);
    expect((await waiting).token).toBeGreaterThan(lock.token);
  });

  test('tells a holder that hears nobody of its loss before another is granted', async () => {
    const { mesh, a, b } = await three();
    const lock = await a.acquire('x');
    const order: string[] = [];
    lock.signal.addEventListener('abort', () => order.push(`lost ${lock.held}`));
    const waiting = b.acquire('x').then(() => order.push('granted'));
    await sleep(50);
    mesh.silence('a', 'b');
    mesh.silence('a', 'c');
    await waiting;
    expect(order).toEqual(['lost false', 'granted']);
    expect(lock.signal.reason).toBeInstanceOf(LockLostError);
  });

  test('keeps what is held and waited for while a voter restarts', async () => {
    const { mesh, a, b, c } = await three();
    const lock = await a.acquire('x');
    const waiting = b.acquire('x');
    await sleep(50);
    await mesh.crash(c);
    const again = await mesh.open('c');
    await again.ready();
    expect(await settlesWithin(waiting, 1.5 * leaseMs)).toBe(false);
    expect(lock.held).toBe(true);
    await lock.release();
    expect(await settlesWithin(waiting, leaseMs)).toBe(true);
    const voting = again.status().voters.map(({ state }) => state);
    expect(voting).toEqual(['voting', 'voting', 'voting']);
  });

  test('comes back when all voters restart at once, with greater tokens', async () => {
    const { mesh, a, b, c } = await three();
    const before = await a.acquire('x');
    await Promise.all([a, b, c].map((peer) => mesh.crash(peer)));
    const [again] = await mesh.openAll();
    const lock = await again?.acquire('x', { timeout: 3 * leaseMs });
    expect(lock?.token).toBeGreaterThan(before.token);
  });

  test('of three with one missing from the start grants after one lease', async () => {
    const mesh = await createMesh();
    const started = performance.now();
    const [a] = await Promise.all([mesh.open('a'), mesh.open('b')]);
    const lock = await a.acquire('x', { timeout: 3 * leaseMs });
    const tookMs = performance.now() - started;
    expect(lock.held).toBe(true);
    expect(tookMs).toBeGreaterThan(0.9 * leaseMs);
    expect(tookMs).toBeLessThan(2 * leaseMs);
  });

  test('takes members that do not vote', async () => {
    const mesh = await createMesh(ids, { members: true });
    const [a] = await mesh.openAll();
    if (a === undefined) throw new Error('Not three');
    const member = await mesh.open('m');
    const other = await mesh.open('n');
    await Promise.all([member.ready(), other.ready()]);
    const lock = await member.acquire('x');
    expect(await a.tryAcquire('x')).toBeNull();
    const waiting = other.acquire('x');
    expect(await settlesWithin(waiting, 100)).toBe(false);
    await lock.release();
    expect((await waiting).token).toBeGreaterThan(lock.token);
    expect(member.url).toBeNull();
    expect(a.status().members).toEqual(['m', 'n']);
    expect(member.status().members).toEqual([]);
  });

  describe('of five, of which three decide on each name', () => {
    // On x those are a, b and d; on y a, c and e.
    const five = ['a', 'b', 'c', 'd', 'e'];

    test('grants a name while two of its three vote, and says which names it cannot', async () => {
      const mesh = await createMesh(five, { replicas: 3 });
      const [a, b, c, d, e] = await mesh.openAll();
      if (!a || !b || !c || !d || !e) throw new Error('Not five');
      const held = await c.acquire('y');
      const first = await c.acquire('x');
      const waiting = e.acquire('x');
      expect(await settlesWithin(waiting, 100)).toBe(false);
      await first.release();
      const second = await waiting;
      expect(second.token).toBeGreaterThan(first.token);
      await second.release();
      expect(a.status().groups).toEqual({ count: 10, quorate: 10, without: [] });

      await Promise.all([mesh.crash(b), mesh.crash(d)]);
      const error = await e.acquire(['x', 'z']).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(NoQuorumError);
      expect(error).toMatchObject({ group: ['a', 'b', 'd'], quorum: 2 });
      expect(String(error)).toContain('1 of 3 voters of "x" answered, 2 must (a: yes; b: unreach');
      expect(held.held).toBe(true);
      await held.release();
      expect((await a.acquire('y')).held).toBe(true);
      const { groups, state } = a.status();
      expect(groups).toMatchObject({ count: 10, quorate: 7 });
      expect(groups.without).toEqual(['abd', 'bcd', 'bde'].map((group) => [...group]));
      expect(state).toBe('unready');
    });
  });
});
