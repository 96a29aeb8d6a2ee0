/**
 * What a core answers to its application.
 */

import { describe, expect, test } from 'vitest';
import { claimId } from '../../../src/protocol/ids.ts';
import { Answers } from '../../../src/sim/checks/answers.ts';
import { MadeUp } from './made-up.ts';

function madeUp(): MadeUp {
  return new MadeUp((setup, books) => new Answers(setup, books));
}

describe('Answers', () => {
  test('is content with one answer to each claim, in the order asked', () => {
    const it = madeUp().ask('a', 1).ask('a', 2).grant('a', 1).release('a', 1);
    const failure = {
      type: 'failed',
      claim: claimId(2),
      failure: { reason: 'claims-max' },
    } as const;
    expect(it.step('a', { type: 'wake' }, failure).found).toEqual([]);
  });

  test('finds a claim that is granted twice', () => {
    expect(madeUp().ask('a', 1).grant('a', 1).grant('a', 1).found[0]).toMatch(
      /granted, which is held/,
    );
  });

  test('finds a claim that is granted after it was released', () => {
    const it = madeUp().ask('a', 1).release('a', 1).grant('a', 1);
    expect(it.found[0]).toMatch(/a tells that claim 1 is granted, which is not open/);
  });

  test('finds a claim that is lost before it was granted', () => {
    expect(madeUp().ask('a', 1).lose('a', 1).found[0]).toMatch(/lost, which is waiting/);
  });

  test('finds a claim granted before an older one in its way, of the same peer only', () => {
    const it = madeUp().ask('b', 1).ask('a', 1).ask('a', 2).grant('a', 2);
    expect(it.found).toHaveLength(1);
    expect(it.found[0]).toMatch(/out of order: a's claim 2 .*; a's claim 1 on x, still waits/);
  });

  test('lets a claim pass an older one that it does not conflict with', () => {
    const it = madeUp()
      .ask('a', 1)
      .ask('a', 2, { names: ['y'] })
      .grant('a', 2);
    expect(it.found).toEqual([]);
  });

  test('finds a round that has the number of another', () => {
    expect(madeUp().ask('a', 1).grant('a', 1, { number: 2 }).found[0]).toMatch(/is numbered 2/);
  });

  test('counts no round for a claim that was refused at once', () => {
    const failure = {
      type: 'failed',
      claim: claimId(1),
      failure: { reason: 'claims-max' },
    } as const;
    const it = madeUp().ask('a', 1).step('a', { type: 'wake' }, failure);
    expect(it.ask('a', 2).grant('a', 2, { number: 1 }).found).toEqual([]);
  });
});
