/**
 * What is lost as stolen was stolen, and at once.
 */

import { describe, expect, test } from 'vitest';
import { roundNumber, stamp } from '../../../src/protocol/index.ts';
import { Stealing } from '../../../src/sim/checks/stealing.ts';
import { MadeUp } from './made-up.ts';

const revoke = { type: 'revoke', round: roundNumber(1), token: stamp(200) } as const;

/** a holds x. */
function held(): MadeUp {
  const it = new MadeUp((setup, books) => new Stealing(setup, books));
  it.tellVoting('a').link('a', 'b').link('b', 'a');
  return it.ask('a', 1).grant('a', 1, { token: 100, number: 1 });
}

describe('Stealing', () => {
  test('is content where somebody steals', () => {
    expect(held().ask('b', 1, { patience: 'steal' }).lose('a', 1, 'stolen').found).toEqual([]);
  });

  test('finds what is lost as stolen where nobody steals', () => {
    expect(held().ask('b', 1).lose('a', 1, 'stolen').found[0]).toMatch(/nobody steals/);
    const elsewhere = held().ask('b', 1, { names: ['y'], patience: 'steal' });
    expect(elsewhere.lose('a', 1, 'stolen').found[0]).toMatch(/nobody steals/);
  });

  test('finds what is stolen by one that was over before it was granted', () => {
    const it = new MadeUp((setup, books) => new Stealing(setup, books));
    it.tellVoting('a').ask('a', 1).ask('b', 1, { patience: 'steal' });
    it.grant('b', 1, { token: 99, number: 1 }).release('b', 1);
    it.grant('a', 1, { token: 100, number: 1 });
    expect(it.lose('a', 1, 'stolen').found[0]).toMatch(/nobody steals/);
  });

  test('finds what is held on, though its owner has heard that it is stolen', () => {
    expect(held().hear('a', 'b', [revoke]).found[0]).toMatch(/is stolen, and held on/);
    expect(held().hear('a', 'b', [{ ...revoke, token: stamp(100) }]).found).toEqual([]);
  });
});
