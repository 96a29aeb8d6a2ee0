/**
 * A restarted voter waits before it votes.
 */

import { describe, expect, test } from 'vitest';
import { type Incarnation, incarnation, type Message } from '../../../src/protocol/index.ts';
import { RecoveryWait } from '../../../src/sim/checks/recovery-wait.ts';
import { MadeUp } from './made-up.ts';
import { prepare, vote } from './made-up-messages.ts';

function started(members = false): MadeUp {
  const it = new MadeUp((setup, books) => new RecoveryWait(setup, books), { members });
  return it.link('a', 'b').link('a', 'c');
}

/** The same, where a core has been before. */
function restarted(): MadeUp {
  const it = started();
  it.restart('a');
  return it.link('a', 'b').link('a', 'c');
}

function settled(of: Incarnation): Message {
  return { type: 'settled', incarnation: of };
}

describe('RecoveryWait', () => {
  test('is content when all others have settled', () => {
    const it = started();
    const word = settled(it.core('a').incarnation);
    it.hear('a', 'b', [word]).hear('a', 'c', [word]).tellVoting('a');
    expect(it.found).toEqual([]);
  });

  test('finds an end of it when one has not', () => {
    const it = started();
    it.hear('a', 'b', [settled(it.core('a').incarnation)])
      .pass(10)
      .tellVoting('a');
    expect(it.found[0]).toMatch(
      /a leaves recovery 10 ms after its start, of 1000: no SETTLED of c/,
    );
  });

  test('counts no SETTLED for another incarnation', () => {
    const it = started();
    const [older, own] = [settled(incarnation(77)), settled(it.core('a').incarnation)];
    expect(it.hear('a', 'b', [older]).hear('a', 'c', [own]).tellVoting('a').found).toHaveLength(1);
  });

  test('is content after a lease, and not before', () => {
    expect(started().pass(1_000).tellVoting('a').found).toEqual([]);
    expect(started().pass(999).tellVoting('a').found).toHaveLength(1);
  });

  test('finds an end before a lease, where there are members, though all voters settled', () => {
    const it = started(true);
    const word = settled(it.core('a').incarnation);
    it.hear('a', 'b', [word]).hear('a', 'c', [word]).tellVoting('a');
    expect(it.found[0]).toMatch(/members may count its votes/);
  });

  test('finds a vote in recovery', () => {
    const it = started()
      .hear('a', 'b', [prepare(1)])
      .say('a', 'b', vote(1));
    expect(it.found[0]).toMatch(/a votes for round 1 of b, and is in recovery/);
  });

  test('finds a floor below what its clock showed when it ended', () => {
    const it = restarted()
      .hear('a', 'b', [prepare(1)], { clock: 50 })
      .pass(1_000)
      .tellVoting('a');
    it.hear('a', 'b', [], { clock: 90 });
    expect(it.say('a', 'b', vote(1, { floor: 50 })).found).toEqual([]);
    expect(it.say('a', 'b', vote(1, { floor: 49 })).found[0]).toMatch(
      /floor 49, and left .* at 50/,
    );
  });

  test('minds no floor of a voter that has never voted before', () => {
    const it = started()
      .hear('a', 'b', [prepare(1)], { clock: 50 })
      .pass(1_000)
      .tellVoting('a');
    expect(it.say('a', 'b', vote(1)).found).toEqual([]);
  });

  test('is content with a vote after it', () => {
    const it = started()
      .hear('a', 'b', [prepare(1)])
      .pass(1_000)
      .tellVoting('a');
    expect(it.say('a', 'b', vote(1)).found).toEqual([]);
  });
});
