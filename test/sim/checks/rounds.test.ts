/**
 * Rounds are granted by the votes of a quorum, and not aborted then.
 */

import { describe, expect, test } from 'vitest';
import { claimId } from '../../../src/protocol/ids.ts';
import { Rounds } from '../../../src/sim/checks/rounds.ts';
import { MadeUp } from './made-up.ts';
import { about, decided, vote } from './made-up-messages.ts';

/** a has asked for x, in round 1, and is linked with b and c, which vote as it does itself. */
function asked(): MadeUp {
  const it = new MadeUp((setup, books) => new Rounds(setup, books));
  return it.tellVoting('a').link('a', 'b').link('a', 'c').ask('a', 1);
}

describe('Rounds', () => {
  test('is content with its own vote and that of another', () => {
    expect(
      asked()
        .hear('a', 'b', [vote(1)])
        .grant('a', 1).found,
    ).toEqual([]);
  });

  test('is content when the vote comes in the very step', () => {
    const it = asked();
    const outputs = [it.granted(1)];
    expect(it.hear('a', 'b', [vote(1)], { outputs }).found).toEqual([]);
  });

  test('finds a grant without votes', () => {
    const { found } = asked().grant('a', 1);
    expect(found[0]).toMatch(/a's claim 1 .* has 0 votes of others and its own at best, where 2/);
  });

  test('does not count its own vote while its voter is in recovery', () => {
    const it = new MadeUp((setup, books) => new Rounds(setup, books));
    it.link('a', 'b')
      .link('a', 'c')
      .ask('a', 1)
      .hear('a', 'b', [vote(1)])
      .grant('a', 1);
    expect(it.found[0]).toMatch(/has 1 votes of others and none of its own/);
  });

  test('does not count its own vote when it is no voter', () => {
    const it = new MadeUp((setup, books) => new Rounds(setup, books), { members: true });
    it.link('m', 'a')
      .link('m', 'b')
      .ask('m', 1)
      .hear('m', 'a', [vote(1)]);
    expect(it.grant('m', 1).found).toHaveLength(1);
  });

  test('does not count a vote for another token', () => {
    const it = asked()
      .hear('a', 'b', [vote(1, { token: 1 })])
      .grant('a', 1, { token: 2 });
    expect(it.found).toHaveLength(1);
  });

  test('does not count a vote whose floor the token does not pass', () => {
    const it = asked().hear('a', 'b', [vote(1, { token: 5, floor: 5 })]);
    expect(it.grant('a', 1, { token: 5 }).found).toHaveLength(1);
  });

  test('does not count a vote that was asked back', () => {
    const it = asked().hear('a', 'b', [vote(1, { of: 3 }), about('inquire', 1, 3)]);
    expect(it.grant('a', 1).found).toHaveLength(1);
  });

  test('counts a vote that was asked back after it had decided', () => {
    const it = asked();
    const outputs = [it.granted(1)];
    const messages = [vote(1, { of: 3 }), about('inquire', 1, 3)];
    expect(it.hear('a', 'b', messages, { outputs }).found).toEqual([]);
  });

  test('counts a newer vote than the one that was asked back', () => {
    const it = asked().hear('a', 'b', [about('inquire', 1, 3), vote(1, { of: 4 })]);
    expect(it.grant('a', 1).found).toEqual([]);
  });

  test('forgets votes of an older incarnation once its voter has greeted anew', () => {
    const it = asked()
      .hear('a', 'b', [vote(1)])
      .unlink('a', 'b');
    it.restart('b');
    expect(it.link('a', 'b').grant('a', 1).found).toHaveLength(1);
  });

  test('forgets votes of an older session', () => {
    const it = asked()
      .hear('a', 'b', [vote(1)])
      .unlink('a', 'b')
      .link('a', 'b', { session: 2 });
    expect(it.grant('a', 1).found).toHaveLength(1);
  });

  test('keeps votes of a session that goes on', () => {
    const it = asked()
      .hear('a', 'b', [vote(1)])
      .unlink('a', 'b')
      .link('a', 'b');
    expect(it.grant('a', 1).found).toEqual([]);
  });

  test('forgets votes whose lease is over', () => {
    const it = asked()
      .hear('a', 'b', [vote(1)])
      .pass(930);
    expect(it.grant('a', 1).found).toHaveLength(1);
  });

  test('takes nothing from a frame that has closed its link', () => {
    const it = asked();
    const { peer } = it.core('b');
    const outputs = [{ type: 'unlink', peer, reason: 'sequence' } as const];
    expect(it.hear('a', 'b', [vote(1)], { outputs }).grant('a', 1).found).toHaveLength(1);
  });
});

describe('Rounds, of a vote after another round,', () => {
  test('does not count it before that has ended', () => {
    const it = asked();
    it.hear('a', 'b', [vote(1, { token: 9, after: [it.round('c', 4)] })]);
    expect(it.grant('a', 1, { token: 9 }).found).toHaveLength(1);
  });

  test.each(['abort', 'release'] as const)('counts it after its %s', (type) => {
    const it = asked();
    it.hear('a', 'b', [vote(1, { token: 9, after: [it.round('c', 4)] })]);
    expect(it.hear('a', 'c', [decided(type, 4)]).grant('a', 1, { token: 9 }).found).toEqual([]);
  });

  test('counts it when the ending was heard first', () => {
    const it = asked().hear('a', 'c', [decided('release', 4)]);
    it.hear('a', 'b', [vote(1, { token: 9, after: [it.round('c', 4)] })]);
    expect(it.grant('a', 1, { token: 9 }).found).toEqual([]);
  });

  test('wants a token above that of what was held', () => {
    const it = asked();
    it.hear('a', 'b', [vote(1, { token: 4, after: [it.round('c', 4)] })]);
    expect(
      it.hear('a', 'c', [decided('release', 4)]).grant('a', 1, { token: 4 }).found,
    ).toHaveLength(1);
  });

  test('counts it after an own round that ends in the same step', () => {
    const it = asked().ask('a', 2);
    it.hear('a', 'b', [vote(2, { after: [it.round('a', 1)] })]);
    const failed = {
      type: 'failed',
      claim: claimId(1),
      failure: { reason: 'claims-max' },
    } as const;
    expect(it.step('a', { type: 'wake' }, failed, it.granted(2)).found).toEqual([]);
  });

  test('counts the newer vote that no longer names it', () => {
    const it = asked();
    it.hear('a', 'b', [vote(1, { after: [it.round('c', 4)] }), vote(1)]);
    expect(it.grant('a', 1).found).toEqual([]);
  });

  test('keeps what an earlier vote of the same generation no longer waited for', () => {
    const it = asked();
    it.hear('a', 'b', [vote(1), vote(1, { after: [it.round('c', 4)] })]);
    expect(it.grant('a', 1).found).toEqual([]);
  });
});

describe('Rounds, of fates,', () => {
  test('finds a round that is aborted after its grant', () => {
    const it = asked()
      .hear('a', 'b', [vote(1)])
      .grant('a', 1)
      .say('a', 'b', decided('abort', 1));
    expect(it.found[0]).toMatch(/round 1 of a was granted, and is now aborted/);
  });

  test('finds a round that is committed after its ABORT', () => {
    const it = asked().release('a', 1).say('a', 'b', decided('abort', 1));
    expect(it.say('a', 'b', decided('commit', 1)).found[0]).toMatch(
      /was aborted, and is now granted/,
    );
  });

  test('finds a COMMIT for a claim that waits', () => {
    expect(asked().say('a', 'b', decided('commit', 1)).found[0]).toMatch(/has not been granted/);
  });

  test('is content with COMMIT and RELEASE of a claim let go when it was granted', () => {
    const it = asked()
      .hear('a', 'b', [vote(1)])
      .release('a', 1);
    expect(it.say('a', 'b', decided('commit', 1), decided('release', 1)).found).toEqual([]);
  });
});
