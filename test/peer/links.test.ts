/**
 * Links between honest peers: dialling, crossing, redial, replacement, closing.
 */

import { describe, expect, test } from 'vitest';
import { defaultLinkLimits } from '../../src/peer/link-types.ts';
import { peerId } from '../../src/protocol/ids.ts';
import { LinksWorld, linkedTo, statusOf, urlOf } from '../harness/links-world.ts';

const [a, b] = [peerId('a'), peerId('b')];

/** Two voters, linked, with their events forgotten. */
async function linkedPair() {
  const world = new LinksWorld(['a', 'b']);
  const [one, other] = [world.join('a'), world.join('b')];
  await world.advance(1_000);
  expect([linkedTo(one), linkedTo(other)]).toEqual([['b'], ['a']]);
  one.events.length = 0;
  other.events.length = 0;
  return { world, one, other };
}

describe('Links', () => {
  test('links all voters, by one connection each pair', async () => {
    for (let seed = 0; seed < 50; seed++) {
      const world = new LinksWorld(['a', 'b', 'c', 'd'], seed);
      const peers = world.voters.map((id) => world.join(id));
      await world.advance(1_000);
      for (const peer of peers) {
        expect(linkedTo(peer)).toHaveLength(3);
        expect(peer.refusals).toEqual([]);
        for (const other of peers) {
          if (other === peer) continue;
          expect(world.network.connectionCount(peer.url, other.url)).toBe(1);
        }
      }
    }
  });

  test('tells the incarnation of whom it has linked', async () => {
    const world = new LinksWorld(['a', 'b']);
    const [one, other] = [world.join('a', { incarnation: 7 }), world.join('b', { incarnation: 9 })];
    await world.advance(1_000);
    expect([one.events, other.events]).toEqual([['up b 9'], ['up a 7']]);
  });

  test('keeps one link when two dial at once, however their messages meet', async () => {
    for (const [first, second] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      for (let seed = 0; seed < 400; seed++) {
        const delivered = seed % 20;
        const world = new LinksWorld(['a', 'b'], seed);
        const early = world.join(first);
        await world.settle();
        // The first has dialled in vain, and its next dial is due; the second dials as it starts.
        world.nowMs += 60;
        const late = world.join(second);
        await Promise.resolve();
        await Promise.resolve();
        for (let count = 0; count < delivered; count++) world.network.deliver();
        early.links.wake();
        await world.settle();
        await world.advance(200);
        expect([early.events, late.events]).toEqual([[`up ${second} 1`], [`up ${first} 1`]]);
        expect(world.network.connectionCount(early.url, late.url)).toBe(1);
      }
    }
  });

  test('takes the dial of a peer that its own does not reach', async () => {
    const world = new LinksWorld(['a', 'b']);
    const one = world.join('a', { addresses: new Map([[b, 'ws://dark:1']]) });
    world.network.silence(one.url, 'ws://dark:1');
    await world.settle();
    const other = world.join('b');
    await world.advance(1);
    expect([linkedTo(one), linkedTo(other)]).toEqual([['b'], ['a']]);
  });

  test('carries messages both ways once linked', async () => {
    const { world, one, other } = await linkedPair();
    one.links.send(b, new Uint8Array([1, 2]));
    other.links.send(a, new Uint8Array([3]));
    await world.settle();
    expect(other.events).toEqual(['message a 1,2']);
    expect(one.events).toEqual(['message b 3']);
  });

  test('links again after a cut, at once', async () => {
    const { world, one, other } = await linkedPair();
    await world.advance(1_000);
    world.network.cut(one.url, other.url);
    world.network.mend(one.url, other.url);
    await world.advance(1);
    expect(one.events).toEqual(['down b', 'up b 1']);
    expect(other.events).toEqual(['down a', 'up a 1']);
  });

  test('goes on dialling while there is no way, and says why it fails', async () => {
    const { world, one, other } = await linkedPair();
    world.network.cut(one.url, other.url);
    await world.advance(60_000);
    expect(one.events).toEqual(['down b']);
    expect(statusOf(one, 'b')).toMatchObject({
      state: 'down',
      address: 'ws://b:1',
      lastError: 'connect ECONNREFUSED ws://b:1',
    });
    world.network.mend(one.url, other.url);
    await world.advance(1_000);
    expect(linkedTo(one)).toEqual(['b']);
  });

  test('gives up a dial that nobody answers, and tries again', async () => {
    const { world, one, other } = await linkedPair();
    world.network.silence(one.url, other.url);
    one.links.drop(b, 'Silent');
    other.links.drop(a, 'Silent');
    await world.advance(20_000);
    expect(statusOf(one, 'b')).toMatchObject({
      attempts: 3,
      lastError: 'ws://b:1 did not answer within 5000 ms',
    });
    expect(one.events).toEqual([]);
    world.network.mend(one.url, other.url);
    await world.advance(7_000);
    expect(linkedTo(one)).toEqual(['b']);
  });

  test('dials a peer that drops it at once less and less often', async () => {
    const { world, one, other } = await linkedPair();
    let links = 0;
    for (let count = 0; count < 2_000; count++) {
      if (linkedTo(one).length > 0) {
        links++;
        other.links.drop(a, 'Go away');
      }
      await world.advance(10);
    }
    expect(links).toBeGreaterThan(10);
    expect(links).toBeLessThan(80);
  });

  test('replaces a link that only the other side knows to be gone', async () => {
    const { world, one, other } = await linkedPair();
    // What b has sent to close its end is lost: to a, the old link still stands.
    world.network.silence(one.url, other.url);
    other.links.drop(a, 'Heard nothing');
    await world.settle();
    world.network.mend(one.url, other.url);
    one.events.length = 0;
    await world.advance(6_000);
    expect([linkedTo(one), linkedTo(other)]).toEqual([['b'], ['a']]);
    expect(other.events).toEqual(['up a 1']);
  });
});

describe('Links.drop()', () => {
  test('closes the link without telling its own side, and links again', async () => {
    const { world, one, other } = await linkedPair();
    one.links.drop(b, 'No heartbeat');
    expect(linkedTo(one)).toEqual([]);
    await world.advance(1_000);
    expect(one.events).toEqual(['up b 1']);
    expect(other.events).toEqual(['down a', 'up a 1']);
  });

  test('ignores a peer that is not linked', async () => {
    const { one } = await linkedPair();
    one.links.drop(peerId('c'), 'Never met');
    one.links.send(peerId('c'), new Uint8Array([1]));
    expect(one.events).toEqual([]);
  });
});

describe('Links.refuse()', () => {
  test('closes the link, reports, and stays away for longer', async () => {
    const { world, one } = await linkedPair();
    one.links.refuse(b, 'Sequence is not a number');
    expect(one.refusals).toEqual([
      {
        code: 'malformed',
        detail: 'Sequence is not a number',
        peer: 'b',
        remote: expect.any(String),
        byUs: true,
        suppressed: 0,
      },
    ]);
    await world.settle();
    expect(linkedTo(one)).toEqual([]);
    await world.advance(15_000);
    expect(linkedTo(one)).toEqual(['b']);
  });
});

describe('Links.send()', () => {
  test('closes a link with too much waiting to leave', async () => {
    const world = new LinksWorld(['a', 'b']);
    const limits = { ...defaultLinkLimits, backlogBytesMax: 1_000 };
    const [one, other] = [world.join('a', { limits }), world.join('b')];
    await world.advance(1_000);
    one.links.send(b, new Uint8Array(900));
    await world.settle();
    expect(linkedTo(one)).toEqual(['b']);
    one.links.send(b, new Uint8Array(900));
    one.links.send(b, new Uint8Array(900));
    one.links.send(b, new Uint8Array(900));
    expect(one.events.at(-1)).toBe('up b 1');
    await world.settle();
    expect(one.events.at(-1)).toBe('down b');
    expect(other.events.at(-1)).toBe('down a');
    expect(statusOf(one, 'b')).toMatchObject({
      lastError: 'Too slow: more than 1000 bytes were waiting to leave',
    });
  });
});

describe('Links.close()', () => {
  test('lets what was sent leave, tells the others, and its own side nothing more', async () => {
    const { world, one, other } = await linkedPair();
    one.links.send(b, new Uint8Array([1]));
    const closed = one.links.close();
    await world.advance(100);
    await closed;
    expect(other.events).toEqual(['message a 1', 'down a']);
    expect(one.events).toEqual([]);
    expect(one.links.nextWakeMs()).toBeUndefined();
    await world.advance(5_000);
    expect(linkedTo(one)).toEqual([]);
    expect(one.events).toEqual([]);
  });

  test('does not listen any more, nor dial', async () => {
    const { world, one, other } = await linkedPair();
    const closed = Promise.all([one.links.close(), one.links.close()]);
    await world.settle();
    await closed;
    await world.advance(10_000);
    expect(statusOf(other, 'a')).toMatchObject({
      state: 'down',
      lastError: 'connect ECONNREFUSED ws://a:1',
    });
  });

  test('ends dials and handshakes that are under way', async () => {
    const world = new LinksWorld(['a', 'b']);
    const one = world.join('a');
    world.join('b');
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    world.network.deliver();
    world.network.deliver();
    const closed = one.links.close();
    await world.settle();
    await closed;
    expect(one.events).toEqual([]);
  });

  test('stops a start that is under way', async () => {
    const world = new LinksWorld(['a', 'b']);
    const one = world.join('a');
    await one.links.close();
    const other = world.join('b');
    await world.advance(1_000);
    expect([one.events, linkedTo(other)]).toEqual([[], []]);
  });
});

describe('Links.status()', () => {
  test('lists the voters in order, with what is known of each', async () => {
    const world = new LinksWorld(['a', 'b', 'c']);
    const one = world.join('a');
    world.join('b', { incarnation: 5 });
    await world.advance(2_000);
    expect(one.links.status()).toMatchObject([
      { peer: 'b', state: 'up', incarnation: 5, remote: expect.any(String) },
      { peer: 'c', state: 'down', sinceMs: 1_000, address: urlOf('c') },
    ]);
  });

  test('knows no address of a voter that is not to be dialled', async () => {
    const world = new LinksWorld(['a', 'b']);
    const one = world.join('a', { addresses: new Map([[b, '']]) });
    await world.advance(2_000);
    expect(statusOf(one, 'b')).toMatchObject({ state: 'down', address: null, attempts: 0 });
    world.join('b');
    await world.advance(2_000);
    expect(linkedTo(one)).toEqual(['b']);
  });
});
