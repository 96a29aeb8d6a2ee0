/**
 * Tokens grow on each resource.
 */

import { describe, expect, test } from 'vitest';
import { Tokens } from '../../../src/sim/checks/tokens.ts';
import { MadeUp } from './made-up.ts';
import type { Wishes } from './made-up-messages.ts';

function madeUp(): MadeUp {
  return new MadeUp((setup, books) => new Tokens(setup, books));
}

/** Claims that are held one after the other, by a and b in turns. */
function inTurns(...claims: readonly (Wishes & { token: number })[]): MadeUp {
  const it = madeUp();
  for (const [index, { token, ...wishes }] of claims.entries()) {
    const name = index % 2 === 0 ? 'a' : 'b';
    const claim = Math.floor(index / 2) + 1;
    it.ask(name, claim, wishes).grant(name, claim, { token }).release(name, claim);
  }
  return it;
}

const shared = { mode: 'shared' } as const;

describe('Tokens', () => {
  test('is content when they grow', () => {
    expect(inTurns({ token: 4 }, { token: 5 }, { token: 9 }).found).toEqual([]);
  });

  test.each([4, 5])('finds %i after 5', (token) => {
    const { found } = inTurns({ token: 5 }, { token });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/tokens of x go back: b's claim 1 .* before it, a's claim 1 .* 5$/);
  });

  test('lets shared claims have any order among themselves', () => {
    const { found } = inTurns({ token: 3 }, { token: 9, ...shared }, { token: 4, ...shared });
    expect(found).toEqual([]);
  });

  test('finds a shared one not above an exclusive one before', () => {
    expect(inTurns({ token: 5 }, { token: 5, ...shared }).found).toHaveLength(1);
  });

  test('finds an exclusive one not above a shared one before', () => {
    const { found } = inTurns({ token: 9, ...shared }, { token: 4, ...shared }, { token: 8 });
    expect(found).toHaveLength(1);
  });

  test('keeps resources apart', () => {
    const { found } = inTurns({ token: 9 }, { token: 4, names: ['y'] });
    expect(found).toEqual([]);
  });

  test('finds them across incarnations', () => {
    const it = madeUp().ask('a', 1).grant('a', 1, { token: 5 });
    it.restart('a');
    expect(it.ask('a', 1).grant('a', 1, { token: 5 }).found).toHaveLength(1);
  });
});
