/**
 * Every PREPARE is answered.
 */

import { describe, expect, test } from 'vitest';
import { type Message, roundNumber, stamp } from '../../../src/protocol/index.ts';
import { Replies } from '../../../src/sim/checks/replies.ts';
import { MadeUp } from './made-up.ts';
import { decided, prepare, vote } from './made-up-messages.ts';

function asked(): MadeUp {
  const it = new MadeUp((setup, books) => new Replies(setup, books));
  return it
    .link('a', 'b')
    .link('a', 'c')
    .hear('a', 'b', [prepare(1)]);
}

const round = roundNumber(1);

const answers: readonly Message[] = [
  vote(1),
  { type: 'queued', round, ahead: 1, holders: [], floor: stamp(0) },
  { type: 'refuse', round, reason: 'busy', holders: [] },
];

describe('Replies', () => {
  test.each(answers)('is content with $type', (answer) => {
    expect(asked().say('a', 'b', decided('abort', 7), answer).say('a', 'b').found).toEqual([]);
  });

  test('finds another frame that leaves without an answer', () => {
    const [found] = asked().say('a', 'b', decided('abort', 7)).found;
    expect(found).toMatch(/a gives b no answer about its round 1/);
  });

  test('finds an empty frame that does', () => {
    expect(asked().say('a', 'b').found).toHaveLength(1);
  });

  test('wants one that is repeated on a new link answered again', () => {
    const it = asked().say('a', 'b', vote(1)).unlink('a', 'b').link('a', 'b');
    it.hear('a', 'b', [prepare(1)]);
    expect(it.found).toEqual([]);
    expect(it.say('a', 'b').found).toHaveLength(1);
  });

  test('wants no other answer to one that is repeated on the same link', () => {
    const it = asked()
      .say('a', 'b', vote(1))
      .hear('a', 'b', [prepare(1)]);
    expect(it.say('a', 'b').found).toEqual([]);
  });

  test('looks at each link by itself, and at no link that is gone', () => {
    const it = asked().say('a', 'c', vote(1));
    expect(it.found).toEqual([]);
    expect(it.unlink('a', 'b').link('a', 'b').say('a', 'b').found).toEqual([]);
  });
});
