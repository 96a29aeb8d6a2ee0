/**
 * Links between peers that are not what they should be: strangers, impostors, doubles, revenants.
 */

import { describe, expect, test } from 'vitest';
import { encode } from '../../src/peer/codec.ts';
import { intervalMs } from '../../src/peer/refusal-reports.ts';
import type { Connection } from '../../src/peer/transport.ts';
import { peerId } from '../../src/protocol/ids.ts';
import { protocolVersions } from '../../src/protocol/version.ts';
import { LinksWorld, linkedTo, type PeerOfWorld, statusOf } from '../harness/links-world.ts';
import { Recorder } from '../harness/transport-suite.ts';

const leaseMs = 10_000;

/** Lets time pass while these peers send each other heartbeats. */
async function advanceTalking(
  world: LinksWorld,
  peers: readonly PeerOfWorld[],
  ms: number,
): Promise<void> {
  for (let passed = 0; passed < ms; passed += leaseMs / 5) {
    for (const { links, isDead } of peers) {
      if (isDead) continue;
      for (const { peer } of links.status()) links.send(peer, new Uint8Array([0]));
    }
    await world.advance(leaseMs / 5);
  }
}

describe('two live processes with one id', () => {
  test('the second is refused, with both addresses named, and told that it is one', async () => {
    const world = new LinksWorld(['a', 'b', 'c']);
    const peers = ['a', 'b', 'c'].map((id) => world.join(id, { incarnation: 5 }));
    await advanceTalking(world, peers, 4_000);
    const second = world.join('a', { incarnation: 6, url: 'ws://elsewhere:1' });
    await advanceTalking(world, peers, leaseMs);

    const [first, one, other] = peers;
    expect(linkedTo(second)).toEqual([]);
    expect(second.events.filter((event) => event === 'duplicate')).toHaveLength(1);
    expect(second.refusals.every(({ code, byUs }) => code === 'duplicate' && !byUs)).toBe(true);
    expect(second.refusals.map(({ peer }) => peer).sort()).toEqual(['b', 'c']);
    for (const voter of [one, other]) {
      expect(voter?.refusals).toMatchObject([{ code: 'duplicate', byUs: true, peer: 'a' }]);
      const detail = voter?.refusals[0]?.detail;
      expect(detail).toMatch(/^Two processes run as a: one at a:\d+, which [bc] still hears, /);
      expect(detail).toMatch(/, and another at elsewhere:\d+; each needs an id of its own$/);
    }
    const undisturbed = first?.events.filter((event) => !event.startsWith('message'));
    expect(new Set(undisturbed)).toEqual(new Set(['up b 5', 'up c 5']));
  });

  test('the second is not told so before half a lease has passed', async () => {
    const world = new LinksWorld(['a', 'b']);
    const peers = ['a', 'b'].map((id) => world.join(id));
    await advanceTalking(world, peers, 4_000);
    const second = world.join('a', { incarnation: 6, url: 'ws://elsewhere:1' });
    await advanceTalking(world, peers, leaseMs / 2 - leaseMs / 5);
    expect(second.events).toEqual(['refused by b duplicate']);
  });
});

describe('a peer that starts again', () => {
  test('is linked at once when its connections have closed', async () => {
    const world = new LinksWorld(['a', 'b']);
    const [first, other] = [world.join('a'), world.join('b')];
    await world.advance(2_000);
    world.crash(first);
    await world.settle();
    world.join('a', { incarnation: 2 });
    await world.advance(10);
    expect(other.events).toEqual(['up a 1', 'down a', 'up a 2']);
  });

  test('is linked within half a lease when its machine has gone silent', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const world = new LinksWorld(['a', 'b', 'c'], seed);
      const peers = ['a', 'b', 'c'].map((id) => world.join(id));
      await advanceTalking(world, peers, 4_000);
      const [first, ...others] = peers;
      if (first !== undefined) world.kill(first);
      const again = world.join('a', { incarnation: 2, url: 'ws://elsewhere:1' });
      await advanceTalking(world, others, leaseMs / 2);
      expect(linkedTo(again)).toEqual(['b', 'c']);
      expect(again.events).not.toContain('duplicate');
      for (const other of others) {
        const about = other.events.filter((event) => /(up|down) a/.test(event));
        expect(about).toEqual(['up a 1', 'down a', 'up a 2']);
      }
    }
  });

  test('under an older incarnation is refused, and told the newest', async () => {
    const world = new LinksWorld(['a', 'b']);
    const [first, other] = [world.join('a', { incarnation: 9 }), world.join('b')];
    await world.advance(2_000);
    world.crash(first);
    await world.settle();
    const again = world.join('a', { incarnation: 8 });
    await world.advance(20_000);
    expect(again.events.filter((event) => event.startsWith('stale'))).toEqual(['stale 9']);
    expect(linkedTo(again)).toEqual([]);
    expect(other.refusals[0]).toMatchObject({ code: 'stale-incarnation', byUs: true, peer: 'a' });
    void again.links.close();
    await world.settle();
    world.join('a', { incarnation: 10 });
    await world.advance(20_000);
    expect(linkedTo(other)).toEqual(['a']);
  });
});

describe('peers that differ', () => {
  test('over the secret refuse each other, and say so once', async () => {
    const world = new LinksWorld(['a', 'b']);
    const one = world.join('a', { secrets: ['one secret'] });
    const other = world.join('b', { secrets: ['other secret'] });
    await world.advance(intervalMs - 1_000);
    expect([linkedTo(one), linkedTo(other)]).toEqual([[], []]);
    for (const peer of [one, other]) {
      expect(peer.refusals.filter(({ byUs }) => byUs)).toMatchObject([
        { code: 'secret', suppressed: 0 },
      ]);
      expect(peer.refusals.filter(({ byUs }) => !byUs)).toHaveLength(1);
    }
    await world.advance(intervalMs);
    const later = one.refusals.filter(({ byUs }) => byUs).slice(1);
    expect(later).toHaveLength(1);
    expect(later[0]?.suppressed).toBeGreaterThan(2);
    expect(statusOf(one, 'b')).toMatchObject({
      lastError:
        'Refused it (secret): The proof of b does not match: ' +
        'the secret must be the same on both peers',
    });
  });

  test('over the lease refuse each other, naming it and both values', async () => {
    const world = new LinksWorld(['a', 'b']);
    const one = world.join('a', { mesh: { leaseMs: 3_000 } });
    const other = world.join('b');
    await world.advance(1_000);
    const details = [...one.refusals, ...other.refusals].map(({ detail }) => detail);
    expect(details.length).toBeGreaterThan(1);
    for (const detail of details) expect(detail).toMatch(/^lease must be equal, and is .*3000/);
  });

  test('link once the difference is mended', async () => {
    const world = new LinksWorld(['a', 'b']);
    const one = world.join('a', { mesh: { leaseMs: 3_000 } });
    const other = world.join('b');
    await world.advance(30_000);
    world.crash(one);
    world.join('a', { incarnation: 2 });
    await world.advance(10);
    expect(linkedTo(other)).toEqual(['a']);
  });

  test('from what the url promised are refused', async () => {
    const world = new LinksWorld(['a', 'b']);
    const wrong = new Map([[peerId('b'), 'ws://a:1']]);
    const one = world.join('a', { addresses: wrong });
    await world.advance(1_000);
    expect(one.refusals.map(({ code }) => code)).toEqual(['wrong-peer', 'wrong-peer']);
    expect(one.refusals.find(({ byUs }) => byUs)?.detail).toBe(
      'A peer named a, as this one, dialled it',
    );
  });
});

describe('a stranger', () => {
  /** A linked pair, and a stranger's way to knock at b. */
  async function besieged() {
    const world = new LinksWorld(['a', 'b']);
    const peers = [world.join('a'), world.join('b')] as const;
    await world.advance(1_000);
    const dial = async (): Promise<{ connection: Connection; events: Recorder }> => {
      const connection = world.network.transport('ws://stranger:1').dial('ws://b:1');
      const events = new Recorder();
      connection.attach(events);
      await world.settle();
      return { connection, events };
    };
    return { world, peers, victim: peers[1], dial };
  }

  test('that sends garbage is refused and reported once, and nobody else notices', async () => {
    const { world, victim, dial } = await besieged();
    for (let count = 0; count < 50; count++) {
      const { connection, events } = await dial();
      connection.send(Buffer.from('garbage'));
      await world.settle();
      expect(events.events).toEqual(['open', 'message', 'close']);
    }
    expect(victim.events).toEqual(['up a 1', 'refused null malformed']);
    expect(linkedTo(victim)).toEqual(['a']);
  });

  test('that sends too much is refused and reported', async () => {
    const { world, victim, dial } = await besieged();
    const { connection, events } = await dial();
    connection.send(new Uint8Array(2 * 1024 * 1024));
    await world.settle();
    expect(events.events).toEqual(['open', 'close']);
    expect(victim.refusals).toMatchObject([
      { code: 'malformed', detail: 'Max payload size exceeded', peer: null, byUs: true },
    ]);
  });

  test('that says nothing is cut and reported when its time is over', async () => {
    const { world, victim, dial } = await besieged();
    const { events } = await dial();
    await world.advance(4_999);
    expect(events.events).toEqual(['open']);
    await world.advance(1);
    await world.settle();
    expect(events.events).toEqual(['open', 'close']);
    expect(victim.refusals).toMatchObject([{ code: 'timeout', peer: null }]);
  });

  test('that replays what it has seen is refused', async () => {
    const world = new LinksWorld(['a', 'b']);
    const seen: Uint8Array[] = [];
    world.network.onSend = ({ from, bytes }) => {
      if (from === 'ws://a:1') seen.push(Uint8Array.from(bytes));
      return bytes;
    };
    const one = world.join('a');
    await world.settle();
    const victim = world.join('b', { addresses: new Map() });
    await world.advance(1_000);
    expect(linkedTo(victim)).toEqual(['a']);
    expect(seen.length).toBe(2);
    world.crash(one);
    await world.settle();

    const connection = world.network.transport('ws://stranger:1').dial('ws://b:1');
    const events = new Recorder();
    connection.attach(events);
    await world.settle();
    for (const bytes of seen) {
      connection.send(bytes);
      await world.settle();
    }
    expect(events.events).toEqual(['open', 'message', 'message', 'close']);
    expect(victim.refusals).toMatchObject([{ code: 'secret', peer: 'a', byUs: true }]);
    expect(linkedTo(victim)).toEqual([]);
  });

  test('cannot make a peer think that it is a duplicate, or stale', async () => {
    const [{ world, victim, dial }, { min, max }] = [await besieged(), protocolVersions];
    for (let count = 0; count < 100; count++) {
      const { connection } = await dial();
      const greeting = encode([min, max, 'a', 9, new Uint8Array(32)]);
      connection.send(encode(['lockmesh', 'greet', greeting, []]));
      await world.settle();
      connection.send(encode(['lockmesh', 'refuse', encode(['duplicate', 'x', 99]), []]));
      await world.advance(100);
    }
    expect(victim.events).toEqual(['up a 1', 'refused by a malformed']);
  });

  test('cannot keep peers out by its number', async () => {
    const world = new LinksWorld(['a', 'b']);
    const victim = world.join('b', { addresses: new Map() });
    await world.settle();
    for (let count = 0; count < 500; count++) {
      world.network.transport('ws://stranger:1').dial('ws://b:1');
    }
    await world.settle();
    expect(world.network.connectionCount('ws://stranger:1', 'ws://b:1')).toBe(64);
    world.join('a');
    await world.advance(1_000);
    expect(linkedTo(victim)).toEqual(['a']);
    expect(victim.refusals).toHaveLength(1);
  });

  test('counts until its connection is gone, though it was refused', async () => {
    const { world, dial } = await besieged();
    world.network.onSend = ({ bytes }) => bytes;
    for (let count = 0; count < 200; count++) {
      const { connection } = await dial();
      connection.send(Buffer.from('garbage'));
    }
    expect(world.network.connectionCount('ws://stranger:1', 'ws://b:1')).toBeLessThan(65);
  });
});

describe('a linked peer that misbehaves', () => {
  test('by a message that is too large is cut, reported, and linked again later', async () => {
    const world = new LinksWorld(['a', 'b']);
    const [one, other] = [world.join('a'), world.join('b')];
    await world.advance(2_000);
    one.links.send(peerId('b'), new Uint8Array(2 * 1024 * 1024));
    await world.settle();
    expect(other.refusals).toMatchObject([{ code: 'malformed', peer: 'a', byUs: true }]);
    expect(other.events).toContain('down a');
    await world.advance(10_000);
    expect(linkedTo(other)).toEqual(['a']);
  });
});
