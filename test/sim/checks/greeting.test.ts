/**
 * What is said on a new link, and in what order.
 */

import { describe, expect, test } from 'vitest';
import {
  incarnation,
  type Message,
  type PeerId,
  sessionNumber,
} from '../../../src/protocol/index.ts';
import { Greeting } from '../../../src/sim/checks/greeting.ts';
import { MadeUp } from './made-up.ts';
import { about, live, prepare, vote } from './made-up-messages.ts';

const hello: Message = {
  type: 'hello',
  incarnation: incarnation(1),
  session: sessionNumber(1),
  recovering: false,
};

const settled: Message = { type: 'settled', incarnation: incarnation(2) };

/** a has claims 1 and 2, of which the second is held, and has greeted b, which has greeted it. */
function greeted(): MadeUp {
  const it = new MadeUp((setup, books) => new Greeting(setup, books)).tellQuorum('a');
  it.link('a', 'b').unlink('a', 'b').ask('a', 1);
  it.restart('b');
  it.ask('a', 2, { names: ['y'] }).grant('a', 2);
  return it.link('a', 'b').say('a', 'b', hello);
}

const held = prepare(2, { names: ['y'], committed: true });

describe('Greeting', () => {
  test('is content with LIVE, the committed rounds, the others and SETTLED', () => {
    const it = greeted().say(
      'a',
      'b',
      live(2, 1, 2),
      about('yield', 1, 3),
      held,
      prepare(1),
      settled,
    );
    expect(it.found).toEqual([]);
  });

  test('finds what is said before HELLO, or before the other has said it', () => {
    const it = new MadeUp((setup, books) => new Greeting(setup, books));
    const peer: PeerId = it.core('b').peer;
    it.link('a', 'b').unlink('a', 'b');
    it.restart('b');
    it.step('a', { type: 'link-up', peer, incarnation: it.core('b').incarnation });
    it.say('a', 'b', hello).say('a', 'b', vote(1));
    expect(it.found).toEqual(["At 0 ms: on its link to b, a says vote before the other's HELLO"]);
    it.link('a', 'b').say('a', 'b', vote(1));
    expect(it.found).toHaveLength(2);
    expect(it.found[1]).toMatch(/a says vote before HELLO/);
  });

  test('finds a second HELLO', () => {
    expect(greeted().say('a', 'b', hello).found[0]).toMatch(/says HELLO twice/);
  });

  test('finds what is told before LIVE, if there is anything to tell', () => {
    expect(greeted().say('a', 'b', held, live(2, 1, 2)).found[0]).toMatch(/prepare before LIVE/);
    const it = new MadeUp((setup, books) => new Greeting(setup, books));
    it.link('a', 'b').link('a', 'b').ask('a', 1).say('a', 'b', hello, prepare(1));
    expect(it.found).toEqual([]);
  });

  test('minds no order where two peers meet for the first time', () => {
    const it = new MadeUp((setup, books) => new Greeting(setup, books));
    it.ask('a', 1).link('a', 'b').say('a', 'b', hello, settled, prepare(1), live(1, 1));
    expect(it.found).toEqual([]);
  });

  test('minds only that LIVE is first where the other has not restarted', () => {
    const again = (): MadeUp => {
      const it = new MadeUp((setup, books) => new Greeting(setup, books));
      it.ask('a', 1).link('a', 'b').unlink('a', 'b').link('a', 'b');
      return it.say('a', 'b', hello);
    };
    expect(again().say('a', 'b', live(1, 1), settled, prepare(1)).found).toEqual([]);
    expect(again().say('a', 'b', prepare(1), live(1, 1)).found).toHaveLength(1);
  });

  test('finds an undecided round told before a committed one', () => {
    const it = greeted().say('a', 'b', live(2, 1, 2), prepare(1), held);
    expect(it.found[0]).toMatch(/tells of a's claim 2 on y, .*, after others that are undecided/);
  });

  test('lets rounds that came later be told in any order', () => {
    const it = greeted()
      .ask('a', 3, { names: ['z'] })
      .say('a', 'b', live(2, 1, 2), held, prepare(1));
    it.say('a', 'b', settled, prepare(3, { names: ['z'] })).grant('a', 3);
    expect(it.say('a', 'b', prepare(3, { names: ['z'], committed: true })).found).toEqual([]);
  });

  test('finds SETTLED said before all rounds were told', () => {
    const it = greeted().say('a', 'b', live(2, 1, 2), held, settled, prepare(1));
    expect(it.found).toEqual([
      expect.stringMatching(/SETTLED, and has not told of a's claim 1 on x/),
    ]);
  });

  test('expects nothing of rounds before a quorum has voted', () => {
    const it = new MadeUp((setup, books) => new Greeting(setup, books));
    it.link('a', 'b').unlink('a', 'b').ask('a', 1);
    it.restart('b');
    it.link('a', 'b');
    expect(it.say('a', 'b', hello, live(1, 1), settled).found).toEqual([]);
  });

  test('expects nothing of rounds that have ended meanwhile', () => {
    const it = greeted().release('a', 1).say('a', 'b', live(2, 2), held, settled);
    expect(it.found).toEqual([]);
  });

  test('finds a frame that is taken in after one was lost', () => {
    const it = greeted().hear('a', 'b', []);
    expect(it.found).toEqual([]);
    it.skip('a', 'b').hear('a', 'b', []);
    expect(it.found).toEqual([expect.stringMatching(/has taken frame 4, which is not the next/)]);
  });
});
