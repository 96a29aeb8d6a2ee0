/**
 * A lock that stays with its peer goes to the next claim as it should, and is let go in time.
 */

import { describe, expect, test } from 'vitest';
import { roundNumber } from '../../../src/protocol/index.ts';
import { Lingering } from '../../../src/sim/checks/lingering.ts';
import { MadeUp } from './made-up.ts';
import { asked, decided, vote, type Wishes } from './made-up-messages.ts';

const contended = { type: 'contended', round: roundNumber(1) } as const;

/** a has held x with token 100, the first of ten, and has let it go. */
function idle(): MadeUp {
  const it = new MadeUp((setup, books) => new Lingering(setup, books));
  it.tellVoting('a').link('a', 'b').link('a', 'c');
  it.ask('a', 1, { lingerMs: 500 }).hear('a', 'b', [vote(1, { token: 109 })]);
  return it.grant('a', 1, { token: 100, number: 1 }).release('a', 1);
}

/** a asks again, and is granted it in the same step. */
function again(it: MadeUp, token: number, wishes: Wishes = {}): MadeUp {
  return it.step('a', asked(2, wishes), it.granted(2, { token, number: 1 }));
}

describe('Lingering', () => {
  test('is content with the next token, for the same', () => {
    expect(again(idle(), 101).found).toEqual([]);
  });

  test('finds a token that was given before', () => {
    expect(again(idle(), 100).found[0]).toMatch(/the token before was 100/);
  });

  test('finds a token that a quorum has not voted for', () => {
    const it = new MadeUp((setup, books) => new Lingering(setup, books));
    it.tellVoting('a').link('a', 'b');
    it.ask('a', 1, { lingerMs: 500 }).hear('a', 'b', [vote(1, { token: 100 })]);
    it.grant('a', 1, { token: 100, number: 1 }).release('a', 1);
    expect(again(it, 101).found[0]).toMatch(
      /with a token that 1 voters of x have voted for at best/,
    );
  });

  test('finds a grant of something else', () => {
    expect(again(idle(), 101, { mode: 'shared' }).found[0]).toMatch(/for something else/);
  });

  test('finds a grant after somebody else was known to want it', () => {
    const it = idle();
    again(it, 101, { lingerMs: 500 }).hear('a', 'b', [contended]).release('a', 2);
    expect(it.step('a', asked(3, {}), it.granted(3, { token: 102, number: 1 })).found).toEqual([
      expect.stringMatching(/though others are known to want it/),
    ]);
  });

  test('finds an idle lock that is not let go in the turn in which it is asked for', () => {
    const it = idle().hear('a', 'b', [contended]);
    expect(it.step('a', { type: 'flush' }).found[0]).toMatch(/is not let go, though b has asked/);
  });

  test('is content when it is let go', () => {
    const it = idle().hear('a', 'b', [contended]);
    expect(it.say('a', 'b', decided('release', 1, 109)).found).toEqual([]);
    expect(it.step('a', { type: 'flush' }).found).toEqual([]);
  });
});
