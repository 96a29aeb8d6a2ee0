/**
 * The way to one peer: when it is dialled again.
 */

import { expect, test } from 'vitest';
import { type Refused, refuseStranger } from '../../src/peer/handshake-refusals.ts';
import { Way } from '../../src/peer/way.ts';
import { peerId } from '../../src/protocol/ids.ts';

function refused(byUs: boolean): Refused {
  return { ...refuseStranger('malformed', 'A frame of the link', peerId('b')), byUs };
}

/** To a peer that is dialled at `url`, with the longest waits. */
function wayTo(peer: string): Way {
  return new Way({
    us: peerId('a'),
    peer: peerId(peer),
    address: `ws://${peer}:1`,
    leaseMs: 1_000,
    nowMs: 0,
    random: () => 0.999_999,
  });
}

/** How long it waits from `nowMs` on. */
function waitOf(way: Way, nowMs: number): number {
  return Math.round(way.wakeAtMs - nowMs);
}

test('a peer that was away for long and refuses once is dialled again as after one refusal', () => {
  const way = wayTo('b');
  for (let dial = 0; dial < 12; dial += 1) way.ended('failed', 'Nobody answers', 0);
  expect(waitOf(way, 0)).toBe(1_000);
  way.refused(refused(false), 0);
  expect(waitOf(way, 0)).toBe(500);
});

test('a peer that goes on refusing is dialled ever less often', () => {
  const way = wayTo('b');
  const waits = Array.from({ length: 6 }, () => {
    way.refused(refused(true), 0);
    return waitOf(way, 0);
  });
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000]);
  way.ended('failed', 'Nobody answers', 0);
  way.refused(refused(true), 0);
  expect(waitOf(way, 0)).toBe(500);
});
