/**
 * A claim fails for a deadlock that there was, as its youngest.
 */

import { describe, expect, test } from 'vitest';
import {
  claimId,
  type Hop,
  type Output,
  peerId,
  type RoundId,
  roundNumber,
  stamp,
} from '../../../src/protocol/index.ts';
import { Deadlocks } from '../../../src/sim/checks/deadlocks.ts';
import { MadeUp } from './made-up.ts';
import { prepare } from './made-up-messages.ts';

/** a holds x and b holds y; then a asks for y, and b for x; both have been said to c. */
function circle(): MadeUp {
  const it = new MadeUp((setup, books) => new Deadlocks(setup, books));
  for (const [one, other] of ['ab', 'ba', 'ac', 'bc', 'ca', 'cb']) it.link(one ?? '', other ?? '');
  it.ask('a', 1, { names: ['x'] }).grant('a', 1);
  it.ask('b', 1, { names: ['y'] }).grant('b', 1);
  it.ask('a', 2, { names: ['y'], holding: [1] }).say('a', 'c', prepare(2, { names: ['y'] }));
  it.ask('b', 3, { names: ['x'], holding: [1] });
  return it.say('b', 'c', prepare(2, { ticket: 3 }));
}

function hop(it: MadeUp, peer: string, of: Partial<Hop> = {}): Hop {
  return {
    ...{ peer: peerId(peer), incarnation: it.core(peer).incarnation, voter: peerId('c') },
    ...{ round: roundNumber(2), via: roundNumber(1), holds: [], wants: [] },
    ...of,
  };
}

/** b fails, or another. */
function fail(it: MadeUp, name = 'b', claim = 3, cycle = [hop(it, 'a'), hop(it, 'b')]): MadeUp {
  const failure = { reason: 'deadlock', cycle } as const;
  const output: Output = { type: 'failed', claim: claimId(claim), failure };
  return it.step(name, { type: 'wake' }, output);
}

describe('Deadlocks', () => {
  test('is content with a circle whose youngest fails', () => {
    expect(fail(circle()).found).toEqual([]);
  });

  test('finds one that fails, though another is younger', () => {
    const it = circle();
    const found = fail(it, 'a', 2, [hop(it, 'b'), hop(it, 'a')]).found;
    expect(found[0]).toMatch(/b's claim 3 on x, is younger/);
  });

  test('finds what was no circle at one moment', () => {
    const it = circle();
    it.release('a', 2);
    // What it gave up before the probe came round was not there then.
    const search = { origin: it.round('b', 2), ticket: stamp(3), attempt: 0 };
    const path = [hop(it, 'a')];
    const chase = { type: 'chase', round: roundNumber(1), isShared: false } as const;
    it.hear('b', 'c', [{ ...chase, ...search, path, passed: 1 }]);
    expect(fail(it).found[0]).toMatch(/not at one moment/);
    const before = circle();
    before.hear('b', 'c', [{ ...chase, ...search, path, passed: 1 }]).release('a', 2);
    expect(fail(before).found).toEqual([]);
  });

  test('finds what waits for nothing of the circle', () => {
    const shared = circle();
    shared.step('a', { type: 'downgrade', claim: claimId(1) });
    expect(fail(shared).found).toEqual([]);
    const unheld = circle();
    const away = [hop(unheld, 'a', { via: roundNumber(2) }), hop(unheld, 'b')];
    expect(fail(unheld, 'b', 3, away).found[0]).toMatch(/not at one moment/);
  });

  test('finds what ends with the one that fails', () => {
    const it = circle();
    it.core('b').validity.clear();
    expect(fail(it).found[0]).toMatch(/claim 1 ends without a word/);
  });

  test('finds an attempt that is passed on from a claim once more', () => {
    const it = circle();
    const origin: RoundId = it.round('b', 2);
    const probe = { type: 'probe', round: roundNumber(2), origin, ticket: stamp(3) } as const;
    const first = { ...probe, attempt: 0, path: [hop(it, 'a')], passed: 1 };
    it.say('a', 'c', first)
      .say('a', 'b', first)
      .say('a', 'c', { ...first, attempt: 1 });
    expect(it.found).toEqual([]);
    expect(it.say('a', 'c', first).found[0]).toMatch(/passes attempt 0 of .* once more/);
  });
});
