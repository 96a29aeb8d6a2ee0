/**
 * The owner of what is held is told that it is stolen.
 */

import { describe, expect, test } from 'vitest';
import { type Message, roundNumber, stamp } from '../../../src/protocol/index.ts';
import { Revoking } from '../../../src/sim/checks/revoking.ts';
import { MadeUp } from './made-up.ts';
import { prepare, vote } from './made-up-messages.ts';

const revoke: Message = { type: 'revoke', round: roundNumber(1), token: stamp(9) };

const said = { round: roundNumber(1), ahead: 1, holders: [], floor: stamp(0) };
const queued: Message = { type: 'queued', ...said };

/** Round 1 of b is held; round 1 of c steals it. */
function stolen(): MadeUp {
  const it = new MadeUp((setup, books) => new Revoking(setup, books));
  it.tellVoting('a').link('a', 'b').link('a', 'c');
  it.hear('a', 'b', [prepare(1, { committed: true })]).say('a', 'b', vote(1));
  return it.hear('a', 'c', [prepare(1, { patience: 'steal', token: stamp(200) })]);
}

const untold = [expect.stringMatching(/a does not tell b that b.* on x is stolen by c/)];

describe('Revoking', () => {
  test('is content when the owner is told in the turn in which the other is answered', () => {
    expect(stolen().say('a', 'b', revoke).say('a', 'c', queued).found).toEqual([]);
  });

  test('finds that the owner is not told', () => {
    expect(stolen().say('a', 'c', queued).found).toEqual(untold);
  });

  test('wants it told again when it is prepared again', () => {
    const it = stolen().say('a', 'b', revoke).say('a', 'c', queued);
    it.unlink('a', 'b')
      .link('a', 'b')
      .hear('a', 'b', [prepare(1, { committed: true })]);
    expect(it.say('a', 'b').found).toEqual(untold);
  });

  test('asks nothing of an owner that is not linked, nor for one that waits', () => {
    expect(stolen().unlink('a', 'b').say('a', 'c', queued).found).toEqual([]);
    const it = new MadeUp((setup, books) => new Revoking(setup, books));
    it.tellVoting('a').link('a', 'b').link('a', 'c');
    it.hear('a', 'b', [prepare(1, { committed: true })]).hear('a', 'c', [prepare(1)]);
    expect(it.say('a', 'c', queued).found).toEqual([]);
  });
});
