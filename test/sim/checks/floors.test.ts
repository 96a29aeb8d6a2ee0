/**
 * Floors cover what has ended, and what is held ahead.
 */

import { describe, expect, test } from 'vitest';
import type { Message, Mode } from '../../../src/protocol/index.ts';
import { Floors } from '../../../src/sim/checks/floors.ts';
import { MadeUp } from './made-up.ts';
import { decided, live, type PrepareWishes, prepare, vote } from './made-up-messages.ts';

/** The voter a has voted for b's round 1, whose token is 5. */
function voted(wishes: PrepareWishes = {}): MadeUp {
  const it = new MadeUp((setup, books) => new Floors(setup, books));
  it.tellVoting('a').link('a', 'b').link('a', 'c');
  it.hear('a', 'b', [prepare(1, { token: 5, ...wishes })]);
  return it.say('a', 'b', vote(1, { of: 1, token: 5 })).pass(5);
}

/** Round 1 on x and y; it is committed when it shares both. */
function onBoth(x: Mode, y: Mode): Message {
  const resources = [
    { name: 'x', mode: x },
    { name: 'y', mode: y },
  ];
  const committed = y === 'shared';
  return { ...prepare(1, { committed }), resources };
}

/** A moment later it votes for c's round 2, with this floor. */
function then(it: MadeUp, floor: number, wishes: PrepareWishes = {}): readonly string[] {
  it.pass(5).hear('a', 'c', [prepare(2, wishes)]);
  return it.say('a', 'c', vote(2, { of: 2, floor })).found;
}

describe('Floors, of what has ended,', () => {
  test('wants a vote to cover the token of a RELEASE', () => {
    const ended = (): MadeUp => voted().hear('a', 'b', [decided('release', 1, 7)]);
    expect(then(ended(), 7)).toEqual([]);
    expect(then(ended(), 6)[0]).toMatch(
      /a votes for c\/3\/2 on x with floor 6, where one has ended with 7/,
    );
  });

  test('wants nothing of an ABORT', () => {
    expect(then(voted().hear('a', 'b', [decided('abort', 1)]), 0)).toEqual([]);
  });

  test('wants it to cover the registered token of what LIVE does not name', () => {
    expect(then(voted().hear('a', 'b', [live(1)]), 5)).toEqual([]);
    expect(then(voted().hear('a', 'b', [live(1)]), 4)).toHaveLength(1);
  });

  test('wants it to cover what went with an expired session', () => {
    const expired = (): MadeUp => voted().pass(1_000).step('a', { type: 'wake' });
    expect(then(expired(), 5)).toEqual([]);
    expect(then(expired(), 4)).toHaveLength(1);
  });

  test('knows nothing of an entry that may not have been recorded', () => {
    const it = new MadeUp((setup, books) => new Floors(setup, books));
    it.tellVoting('a')
      .link('a', 'b')
      .link('a', 'c')
      .hear('a', 'b', [prepare(1)])
      .pass(5);
    expect(then(it.hear('a', 'b', [live(1)]), 0)).toEqual([]);
  });

  test('lets shared claims not cover each other', () => {
    const shared = { mode: 'shared' } as const;
    const it = voted(shared).hear('a', 'b', [decided('release', 1)]);
    expect(then(it, 0, shared)).toEqual([]);
    it.pass(5)
      .hear('a', 'c', [prepare(3)])
      .say('a', 'c', vote(3, { of: 3, floor: 4 }));
    expect(it.found).toHaveLength(1);
  });

  test('counts what is shared from now on where it was exclusive', () => {
    const from = { mode: 'shared', committed: true, token: 5 } as const;
    const shared = (): MadeUp =>
      voted({ committed: true })
        .pass(5)
        .hear('a', 'b', [prepare(1, from)]);
    expect(then(shared(), 5, { mode: 'shared' })).toEqual([]);
    expect(then(shared(), 4, { mode: 'shared' })[0]).toMatch(/where one has ended with 5/);
  });

  test('counts nothing of what it shared all along', () => {
    const votedAgain = (mode: Mode): readonly string[] => {
      const it = new MadeUp((setup, books) => new Floors(setup, books));
      it.tellVoting('a').link('a', 'b').link('a', 'c');
      it.hear('a', 'c', [prepare(2)]).say('a', 'c', vote(2, { of: 1 }));
      it.hear('a', 'b', [onBoth(mode, 'exclusive')]).say('a', 'b', vote(1, { of: 2 }));
      it.pass(5)
        .hear('a', 'b', [onBoth('shared', 'shared')])
        .pass(5);
      return it.say('a', 'c', vote(2, { of: 1 })).found;
    };
    expect(votedAgain('shared')).toEqual([]);
    expect(votedAgain('exclusive')).toHaveLength(1);
  });

  test('does not judge what leaves in the very moment, nor slow machines', () => {
    const it = voted()
      .hear('a', 'c', [prepare(2)])
      .hear('a', 'b', [decided('release', 1)]);
    expect(it.say('a', 'c', vote(2, { of: 2 })).found).toEqual([]);
    const slow = voted();
    slow.host('a').machine.turnCostUs = 10;
    expect(then(slow.hear('a', 'b', [decided('release', 1)]), 0)).toEqual([]);
  });
});

describe('Floors, of what is held ahead,', () => {
  test('wants a vote to cover its token', () => {
    const held = (): MadeUp => voted().hear('a', 'b', [decided('commit', 1, 6)]);
    expect(then(held(), 6)).toEqual([]);
    expect(then(held(), 5)[0]).toMatch(/with floor 5, after b\/2\/1, which is held with 6/);
  });

  test('wants nothing of what is undecided', () => {
    expect(then(voted(), 0)).toEqual([]);
  });
});
