/**
 * A claim is valid no longer than its votes count.
 */

import { describe, expect, test } from 'vitest';
import { Leases } from '../../../src/sim/checks/leases.ts';
import { MadeUp } from './made-up.ts';
import { decided, vote, type Wishes } from './made-up-messages.ts';

/** How long a vote counts after an echo, of a lease of 1,000 ms: less 1 %, 20 ms and 50 ms. */
const countMs = 920;

function linked(names: readonly string[] = ['a', 'b', 'c']): MadeUp {
  const it = new MadeUp((setup, books) => new Leases(setup, books), { names });
  it.tellVoting('a');
  for (const name of names.slice(1)) it.link('a', name);
  return it;
}

/** a holds x by its own vote and that of b, as it believes for so long. */
function held(validForMs: number, wishes: Wishes = {}): MadeUp {
  const it = linked()
    .ask('a', 1, wishes)
    .hear('a', 'b', [vote(1)]);
  return it.grant('a', 1, { validForMs });
}

describe('Leases', () => {
  test('is content with a claim that lasts as long as the vote', () => {
    expect(held(countMs).hear('a', 'b', []).found).toEqual([]);
  });

  test('finds a claim that lasts longer', () => {
    const { found } = held(countMs + 1).hear('a', 'b', []);
    expect(found[0]).toMatch(/is valid for 921 ms more, and should be for 920 at most/);
  });

  test('counts from the moment that is echoed, not from its hearing', () => {
    const it = held(countMs).pass(100);
    expect(it.hear('a', 'c', [], { echoedMsAgo: 0 }).found).toHaveLength(1);
    it.core('a').validity.clear();
    const late = held(countMs - 100)
      .pass(100)
      .hear('a', 'b', [], { echoedMsAgo: 100 });
    expect(late.found).toEqual([]);
  });

  test('is not moved by the echo of a voter that has not voted', () => {
    const it = held(countMs).pass(100).hear('a', 'c', []);
    expect(it.found[0]).toMatch(/should be for 820 at most/);
  });

  test('is moved by a vote that was gained after the grant', () => {
    const it = held(countMs - 100).pass(100);
    it.core('a').validity.forEach((_, claim, all) => void all.set(claim, countMs));
    expect(it.hear('a', 'c', [vote(1, { token: 0 })]).found).toEqual([]);
  });

  test('is not moved by echoes in a session of which the vote is not', () => {
    const it = held(countMs).pass(100).unlink('a', 'b').link('a', 'b', { session: 2 });
    expect(it.found[0]).toMatch(/should be for 820 at most/);
  });

  test('counts no vote that waits for another round', () => {
    const it = held(countMs - 10);
    it.hear('a', 'c', [vote(1, { after: [it.round('b', 7)] })]).pass(10);
    expect(it.hear('a', 'c', []).found).toEqual([]);
    it.core('a').validity.forEach((_, claim, all) => void all.set(claim, countMs));
    expect(it.hear('a', 'c', []).found).toHaveLength(1);
    expect(it.hear('a', 'b', [decided('abort', 7)]).found).toHaveLength(1);
  });

  test('wants N - q + 1 votes: of five voters, its own and two others', () => {
    const it = linked(['a', 'b', 'c', 'd', 'e']).ask('a', 1);
    it.hear('a', 'b', [vote(1)])
      .hear('a', 'c', [vote(1)])
      .pass(50)
      .hear('a', 'b', []);
    it.grant('a', 1, { validForMs: countMs - 50 }).hear('a', 'b', []);
    expect(it.found).toEqual([]);
    it.core('a').validity.forEach((_, claim, all) => void all.set(claim, countMs - 49));
    expect(it.hear('a', 'b', []).found).toHaveLength(1);
  });

  test('ends with the longest hold', () => {
    const it = held(300, { maxHoldMs: 300 }).pass(100).hear('a', 'b', []);
    expect(it.found[0]).toMatch(/should be for 200 at most/);
  });
});
