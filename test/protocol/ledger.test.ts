/** Until when votes count (rules 6.4 and 6.5). */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  generation,
  incarnation,
  leaseTimeMs,
  peerId,
  sessionNumber,
  stamp,
} from '../../src/protocol/ids.ts';
import { leadSlackMs } from '../../src/protocol/lease-clock.ts';
import { countMs, Ledger, type SessionOf } from '../../src/protocol/ledger.ts';
import type { CastVote } from '../../src/protocol/round.ts';
import { nodeOptions } from '../harness/node-options.ts';

const options = nodeOptions({ leaseMs: 10_000 });
const counted = countMs(options);
const b = peerId('b');
const at = leaseTimeMs;

function session(of: number, number: number): SessionOf {
  return { incarnation: incarnation(of), session: sessionNumber(number) };
}

function voteOf(of: SessionOf): CastVote {
  const token = stamp(5);
  return { ...of, generation: generation(1), token, pending: [], floor: stamp(0) };
}

describe('countMs()', () => {
  test('is shorter than a lease by drift and slack, at any lease', () => {
    for (const leaseMs of [200, 1_000, 10_000, 60_000]) {
      const ms = countMs(nodeOptions({ leaseMs, maxClockDrift: 0.01 }));
      expect(ms).toBeLessThanOrEqual(leaseMs * 0.99 - leadSlackMs);
      expect(ms).toBeGreaterThan(leaseMs / 2);
    }
  });
});

describe('Ledger', () => {
  test('counts a vote for as long after the newest stamp that was echoed', () => {
    const ledger = new Ledger(options);
    const first = session(1, 1);
    ledger.enter(b, first, at(0));
    expect(ledger.limitOf(b, voteOf(first))).toBe(Number.NEGATIVE_INFINITY);
    ledger.renew(b, at(1_000), at(1_100));
    expect(ledger.limitOf(b, voteOf(first))).toBe(1_000 + counted);
    ledger.renew(b, at(500), at(1_200));
    expect(ledger.limitOf(b, voteOf(first))).toBe(1_000 + counted);
  });

  test('counts its own vote without end', () => {
    const ledger = new Ledger(options);
    const own = session(1, 1);
    ledger.enter(options.id, own, at(0));
    expect(ledger.limitOf(options.id, voteOf(own))).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([
    ['session', session(1, 2)],
    ['incarnation', session(2, 1)],
  ])('lets no newer %s move the limit of an older vote', (_, newer) => {
    const ledger = new Ledger(options);
    const first = session(1, 1);
    ledger.enter(b, first, at(0));
    ledger.renew(b, at(1_000), at(1_000));
    expect(ledger.enter(b, newer, at(2_000))).toBe(true);
    ledger.renew(b, at(2_000), at(2_000));
    expect(ledger.limitOf(b, voteOf(first))).toBe(1_000 + counted);
    expect(ledger.limitOf(b, voteOf(newer))).toBe(2_000 + counted);
  });

  test('revives no vote whose session ended after its limit', () => {
    const ledger = new Ledger(options);
    const first = session(1, 1);
    const late = at(1_000 + counted);
    ledger.enter(b, first, at(0));
    ledger.renew(b, at(1_000), at(1_000));
    ledger.enter(b, session(1, 2), late);
    ledger.renew(b, late, late);
    expect(ledger.limitOf(b, voteOf(first))).toBeLessThanOrEqual(late);
  });

  test('says when votes count again that had stopped', () => {
    const ledger = new Ledger(options);
    ledger.enter(b, session(1, 1), at(0));
    expect(ledger.renew(b, at(1_000), at(1_000))).toBe(true);
    expect(ledger.renew(b, at(2_000), at(2_000))).toBe(false);
    expect(ledger.renew(b, at(15_000), at(15_000))).toBe(true);
  });

  test('is the same after a snapshot, at another time', () => {
    const anyStep = fc.record({ of: fc.integer({ min: 1, max: 3 }), echo: fc.nat(20_000) });
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 10 }), fc.nat(1_000_000), (steps, shift) => {
        const ledger = new Ledger(options);
        let now = 0;
        for (const { of, echo } of steps) {
          now = Math.max(now, echo);
          ledger.enter(b, session(of, of), at(now));
          ledger.renew(b, at(echo), at(now));
        }
        const restored = new Ledger(options);
        restored.restore(ledger.snapshot(at(now)), at(now + shift));
        expect(restored.presentOf(b)).toEqual(movedBy(ledger.presentOf(b), shift));
        for (const of of [1, 2, 3]) {
          const vote = voteOf(session(of, of));
          expect(restored.limitOf(b, vote)).toBe(ledger.limitOf(b, vote) + shift);
        }
      }),
    );
  });
});

/** A session's limit is a moment, too. */
function movedBy(of: (SessionOf & { limit?: number }) | undefined, ms: number): unknown {
  return of?.limit === undefined ? of : { ...of, limit: of.limit + ms };
}
