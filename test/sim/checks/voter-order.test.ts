/**
 * A voter keeps to its order, and forgets nothing that it has voted for.
 */

import { describe, expect, test } from 'vitest';
import { VoterOrder } from '../../../src/sim/checks/voter-order.ts';
import { MadeUp } from './made-up.ts';
import { about, decided, live, prepare, vote } from './made-up-messages.ts';

/** The voter a, out of recovery, is asked by b for its round 1, and by c for its round 2. */
function asked(wishes: Parameters<typeof prepare>[1] = {}): MadeUp {
  const it = new MadeUp((setup, books) => new VoterOrder(setup, books));
  it.tellVoting('a').link('a', 'b').link('a', 'c');
  return it.hear('a', 'b', [prepare(1, wishes)]).hear('a', 'c', [prepare(2)]);
}

/** It has voted for b's. */
function voted(wishes: Parameters<typeof prepare>[1] = {}): MadeUp {
  return asked(wishes).say('a', 'b', vote(1, { of: 1 }));
}

const alone = vote(2, { of: 2 });

describe('VoterOrder', () => {
  test('is content when the second vote comes after the first round', () => {
    const it = voted();
    expect(it.say('a', 'c', vote(2, { of: 2, after: [it.round('b', 1)] })).found).toEqual([]);
  });

  test('finds a second vote that does not', () => {
    const { found } = voted().say('a', 'c', alone);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/a votes for c\/3\/2 on x \(#2\) and not after b\/2\/1, .* \(#1\)/);
  });

  test.each(['abort', 'release'] as const)('is content after its %s', (type) => {
    expect(
      voted()
        .hear('a', 'b', [decided(type, 1)])
        .say('a', 'c', alone).found,
    ).toEqual([]);
  });

  test('is content after it was given back, and finds the newer vote forgotten', () => {
    const it = voted()
      .hear('a', 'b', [about('yield', 1, 1)])
      .say('a', 'c', alone);
    expect(it.found).toEqual([]);
    it.say('a', 'b', vote(1, { of: 3 }));
    expect(it.found[0]).toMatch(/a votes for b\/2\/1 on x \(#3\) and not after c\/3\/2/);
  });

  test('knows no place of a vote that was given back before it left', () => {
    const it = asked()
      .hear('a', 'b', [about('yield', 1, 1)])
      .say('a', 'b', vote(1, { of: 1 }));
    expect(it.say('a', 'c', alone).found).toEqual([]);
  });

  test('is content after a LIVE that does not name it, not after one that does', () => {
    expect(
      voted()
        .hear('a', 'b', [live(1)])
        .say('a', 'c', alone).found,
    ).toEqual([]);
    expect(
      voted()
        .hear('a', 'b', [live(1, 1)])
        .say('a', 'c', alone).found,
    ).toHaveLength(1);
  });

  test('is content when the session has expired, and not a moment before', () => {
    expect(voted().pass(999).hear('a', 'c', []).say('a', 'c', alone).found).toHaveLength(1);
    expect(voted().pass(1_000).hear('a', 'c', []).say('a', 'c', alone).found).toEqual([]);
  });

  test('counts the session from its newest frame, or link', () => {
    const heard = voted().pass(500).hear('a', 'b', []).pass(999);
    expect(heard.say('a', 'c', alone).found).toHaveLength(1);
    const linked = voted().pass(500).unlink('a', 'b').link('a', 'b').pass(999);
    expect(linked.say('a', 'c', alone).found).toHaveLength(1);
  });

  test('is content when a committed one was held for as long as it may', () => {
    const it = voted({ maxHoldMs: 100 }).hear('a', 'b', [decided('commit', 1)]);
    expect(it.pass(121).say('a', 'c', alone).found).toEqual([]);
  });

  test('does not compare shared claims, or other names', () => {
    const it = new MadeUp((setup, books) => new VoterOrder(setup, books));
    it.tellVoting('a').link('a', 'b').link('a', 'c');
    it.hear('a', 'b', [prepare(1, { mode: 'shared' }), prepare(2, { names: ['y'] })]);
    it.hear('a', 'c', [prepare(3, { mode: 'shared' })]);
    it.say('a', 'b', vote(1, { of: 1 }), vote(2, { of: 2 })).say('a', 'c', vote(3, { of: 3 }));
    expect(it.found).toEqual([]);
  });

  test('finds another round put ahead of a place', () => {
    const it = voted();
    it.say('a', 'b', vote(1, { of: 1, after: [it.round('c', 2)] }));
    expect(it.found[0]).toMatch(/also after c\/3\/2, where the same place was after nobody/);
  });

  test('lets a newer place come after others', () => {
    const it = voted()
      .hear('a', 'b', [about('yield', 1, 1)])
      .say('a', 'c', alone);
    expect(it.say('a', 'b', vote(1, { of: 3, after: [it.round('c', 2)] })).found).toEqual([]);
  });

  test('keeps the entries of an older incarnation until its session expires', () => {
    const it = voted();
    it.restart('b');
    expect(
      it
        .link('a', 'b')
        .hear('a', 'b', [live(9)])
        .say('a', 'c', alone).found,
    ).toHaveLength(1);
  });
});

describe('VoterOrder, of what was recorded in recovery,', () => {
  /** In recovery a is told of c's round 2 first, which is undecided, and then of b's round 1. */
  function told(committed: boolean): MadeUp {
    const it = new MadeUp((setup, books) => new VoterOrder(setup, books));
    it.link('a', 'b')
      .link('a', 'c')
      .hear('a', 'c', [prepare(2)]);
    return it.hear('a', 'b', [prepare(1, { committed })]);
  }

  function recovered(committed: boolean): MadeUp {
    return told(committed).pass(5).tellVoting('a');
  }

  test('finds a committed one that is not ahead of an undecided one', () => {
    const it = recovered(true).say('a', 'c', vote(2, { of: 1 }));
    expect(it.found[0]).toMatch(/a votes for c\/3\/2 on x \(#1\) and not after b\/2\/1/);
  });

  test('is content when it is', () => {
    const it = recovered(true);
    const second = vote(2, { of: 2, after: [it.round('b', 1)] });
    it.say('a', 'c', second).say('a', 'b', vote(1, { of: 1 }));
    expect(it.found).toEqual([]);
  });

  test('keeps undecided ones in the order of their votes', () => {
    const it = recovered(false).say('a', 'c', vote(2, { of: 1 }));
    expect(it.say('a', 'b', vote(1, { of: 2 })).found).toHaveLength(1);
  });

  test('puts all of them ahead of what comes later', () => {
    const it = recovered(true).hear('a', 'c', [prepare(3)]);
    it.say('a', 'c', vote(3, { of: 3, after: [it.round('c', 2)] }));
    expect(it.found).toHaveLength(1);
  });

  test('goes by the votes where it was committed at the very end of it', () => {
    const it = told(true)
      .tellVoting('a')
      .say('a', 'c', vote(2, { of: 1 }));
    expect(it.found).toEqual([]);
    expect(it.say('a', 'b', vote(1, { of: 2 })).found).toHaveLength(1);
  });
});
