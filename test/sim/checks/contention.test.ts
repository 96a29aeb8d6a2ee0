/**
 * The owner of what may linger is told that somebody stands behind it.
 */

import { describe, expect, test } from 'vitest';
import { type Message, roundNumber, stamp } from '../../../src/protocol/index.ts';
import { Contention } from '../../../src/sim/checks/contention.ts';
import { MadeUp } from './made-up.ts';
import { decided, type PrepareWishes, prepare, vote } from './made-up-messages.ts';

const contended: Message = { type: 'contended', round: roundNumber(1) };

const said = { round: roundNumber(1), ahead: 1, holders: [], floor: stamp(0) };
const queued: Message = { type: 'queued', ...said };

/** Round 1 of b is held, and may linger; round 1 of c has been asked about. */
function wanted(wishes: PrepareWishes = {}): MadeUp {
  const it = new MadeUp((setup, books) => new Contention(setup, books));
  it.tellVoting('a').link('a', 'b').link('a', 'c');
  it.hear('a', 'b', [prepare(1, { lingers: true, committed: true })]).say('a', 'b', vote(1));
  return it.hear('a', 'c', [prepare(1, wishes)]);
}

const untold = [expect.stringMatching(/a does not tell b that its round 1 on x, which may linger/)];

describe('Contention', () => {
  test('is content when the owner is told in the turn in which the other is answered', () => {
    expect(wanted().say('a', 'b', contended).say('a', 'c', queued).found).toEqual([]);
  });

  test('finds that the owner is not told', () => {
    expect(wanted().say('a', 'c', queued).found).toEqual(untold);
  });

  test('finds that it is not, where the other was voted for from behind it', () => {
    const it = wanted().say('a', 'c', vote(1, { of: 2, after: [] }));
    expect(it.found).toEqual(untold);
  });

  test('finds it also when the other was there first, and waited', () => {
    const it = new MadeUp((setup, books) => new Contention(setup, books));
    it.tellVoting('a').link('a', 'b').link('a', 'c');
    it.hear('a', 'b', [prepare(1, { lingers: true })]).say('a', 'b', vote(1));
    it.hear('a', 'c', [prepare(1)]).say('a', 'c', queued);
    expect(it.found).toEqual([]);
    expect(it.hear('a', 'b', [decided('commit', 1)]).say('a', 'b').found).toEqual(untold);
  });

  test('wants one that is prepared again told again', () => {
    const it = wanted().say('a', 'b', contended).say('a', 'c', queued);
    it.unlink('a', 'b').link('a', 'b');
    it.hear('a', 'b', [prepare(1, { lingers: true, committed: true })]);
    expect(it.say('a', 'b').found).toEqual(untold);
  });

  test('asks nothing for those that share, nor of an owner that is not linked', () => {
    const it = new MadeUp((setup, books) => new Contention(setup, books));
    it.tellVoting('a').link('a', 'b').link('a', 'c');
    const mode = 'shared';
    it.hear('a', 'b', [prepare(1, { lingers: true, committed: true, mode })]);
    it.say('a', 'b', vote(1)).hear('a', 'c', [prepare(1, { mode })]);
    expect(it.say('a', 'c', vote(1, { of: 2 })).found).toEqual([]);
    expect(wanted().unlink('a', 'b').say('a', 'c', queued).found).toEqual([]);
  });

  test('asks nothing for what does not linger', () => {
    const it = wanted();
    it.hear('a', 'b', [prepare(1, { lingers: false, committed: true })]);
    expect(it.say('a', 'c', queued).found).toEqual([]);
  });
});
