/**
 * A holder that asks to be told that others want its lock is told.
 */

import { describe, expect, test } from 'vitest';
import {
  claimId,
  leaseTimeMs,
  type Message,
  type Output,
  peerId,
  roundNumber,
  stamp,
} from '../../../src/protocol/index.ts';
import { Polite } from '../../../src/sim/checks/polite.ts';
import { MadeUp } from './made-up.ts';
import { prepare, vote } from './made-up-messages.ts';

const contended: Message = { type: 'contended', round: roundNumber(1) };
const heed = { type: 'heed', claim: claimId(1) } as const;
const wanted: Output = { type: 'wanted', claim: claimId(1) };
const again = prepare(1, { committed: true, lingers: true });

/** a holds x. */
function holding(): MadeUp {
  const it = new MadeUp((setup, books) => new Polite(setup, books));
  it.tellVoting('a')
    .link('a', 'b')
    .link('a', 'c')
    .ask('a', 1)
    .hear('a', 'b', [vote(1)]);
  return it.grant('a', 1, { token: 1, number: 1 });
}

/** Its holder has asked, and so have been the voters, in one turn. */
function heeding(): MadeUp {
  const it = holding().step('a', heed);
  const head = { sequence: 1, stamp: leaseTimeMs(1), echo: leaseTimeMs(1), clock: stamp(0) };
  const frame = { ...head, messages: [again] };
  const toB: Output = { type: 'frame', to: peerId('b'), frame };
  const toC: Output = { type: 'frame', to: peerId('c'), frame };
  return it.step('a', { type: 'flush' }, toB, toC);
}

describe('Polite', () => {
  test('is content when the voters are asked, and their word is passed on', () => {
    const it = heeding().hear('a', 'b', [contended], { outputs: [wanted] });
    expect(it.found).toEqual([]);
  });

  test('finds a voter that is not asked', () => {
    expect(holding().step('a', heed).say('a', 'b', again).found).toEqual([
      expect.stringMatching(/a's claim 1 on x.*: c is not asked to tell who wants it/),
    ]);
  });

  test('finds that a voter’s word is not passed on', () => {
    expect(heeding().hear('a', 'b', [contended]).found).toEqual([
      expect.stringMatching(/a's claim 1 on x.*, is not told that others want it/),
    ]);
  });

  test('finds that another claim of the same peer is not told of', () => {
    expect(heeding().ask('a', 2).found).toHaveLength(1);
    expect(heeding().ask('a', 2, { names: ['y'] }).found).toEqual([]);
  });

  test('finds that one which waits already is not told of at once', () => {
    expect(holding().ask('a', 2).step('a', heed).found).toHaveLength(1);
    expect(holding().ask('a', 2).step('a', heed, wanted).found).toEqual([]);
    expect(holding().ask('a', 2).release('a', 2).step('a', heed).found).toEqual([]);
  });

  test('counts nobody of before it was shared, but who conflicts with it still', () => {
    const share = { type: 'downgrade', claim: claimId(1) } as const;
    const told = holding().hear('a', 'b', [contended]).step('a', share).step('a', heed);
    expect(told.found).toEqual([]);
    const wishes = { mode: 'shared' } as const;
    expect(holding().ask('a', 2, wishes).step('a', share).step('a', heed).found).toEqual([]);
    expect(holding().ask('a', 2).step('a', share).step('a', heed).found).toHaveLength(1);
  });

  test('asks nothing for who has not asked, or is told, or no longer holds', () => {
    expect(holding().hear('a', 'b', [contended]).found).toEqual([]);
    const told = heeding().hear('a', 'b', [contended], { outputs: [wanted] });
    expect(told.hear('a', 'c', [contended]).ask('a', 2).found).toEqual([]);
    expect(heeding().release('a', 1).ask('a', 2).found).toEqual([]);
  });
});
