/**
 * Which held claims are looked at after a step: all of few, and each of many before long.
 */

import { describe, expect, test } from 'vitest';
import { type ClaimId, claimId } from '../../../src/protocol/ids.ts';
import { HeldLooks } from '../../../src/sim/checks/held-looks.ts';
import { MadeUpCore } from './made-up-core.ts';

interface Looked {
  readonly asked: { readonly claim: ClaimId };
  validForMs: number;
  overdueMs: number;
}

class Holder {
  readonly core = new MadeUpCore('a', 1, 0);
  readonly held = new Set<Looked>();
  readonly mesh = { leaseMs: 10_000 };
  leaseMs = 0;
  readonly looks = new HeldLooks<Looked>(this);

  constructor(count: number) {
    for (let claim = 1; claim <= count; claim += 1) this.hold(claim);
  }

  hold(claim: number): Looked {
    const held = { asked: { claim: claimId(claim) }, validForMs: 0, overdueMs: 0 };
    this.core.validity.set(claimId(claim), 1_000);
    this.held.add(held);
    this.looks.add(held);
    return held;
  }

  /** @returns those that were looked at after it */
  step(ms: number): readonly Looked[] {
    this.leaseMs += ms;
    this.looks.pass(ms);
    this.looks.look();
    return [...this.looks.after];
  }
}

describe('HeldLooks', () => {
  test('looks at all of few after each step', () => {
    const holder = new Holder(64);
    for (let step = 0; step < 3; step += 1) expect(holder.step(1)).toEqual([...holder.held]);
  });

  test('tells for how long each was overdue when the next step began', () => {
    const holder = new Holder(2);
    holder.step(1);
    holder.step(1_250);
    for (const { overdueMs } of holder.looks.before) expect(overdueMs).toBe(250);
    expect([...holder.looks.before]).toHaveLength(2);
  });

  test('of many, looks at some in turn, so that none is left out', () => {
    const holder = new Holder(1_000);
    expect(holder.step(1)).toHaveLength(1_000);
    const seen = new Set<Looked>();
    for (let step = 0; step < 17; step += 1) {
      const looked = holder.step(1);
      expect(looked.length).toBeLessThanOrEqual(64);
      for (const claim of looked) seen.add(claim);
    }
    expect(seen).toEqual(holder.held);
  });

  test('of many, looks at those just granted, and at all when that is asked for', () => {
    const holder = new Holder(1_000);
    holder.step(1);
    const granted = holder.hold(1_001);
    expect(holder.step(1)).toContain(granted);
    holder.looks.lookAtAll();
    expect(holder.step(1)).toHaveLength(1_001);
  });

  test('of many, looks at all again each quarter of a lease', () => {
    const holder = new Holder(1_000);
    holder.step(1);
    expect(holder.step(2_499).length).toBeLessThan(100);
    expect(holder.step(1)).toHaveLength(1_000);
  });
});
