/**
 * Coverage tells which messages came to whom, from whom, in what situation.
 */

import { describe, expect, test } from 'vitest';
import { Coverage, definedTuples, impossibleTuples } from '../../src/sim/coverage.ts';
import { MadeUp } from './checks/made-up.ts';
import { prepare, vote } from './checks/made-up-messages.ts';

function tuplesOf(story: (it: MadeUp) => unknown, members = false): readonly string[] {
  let coverage: Coverage | undefined;
  const it = new MadeUp(
    (_setup, books) => {
      coverage = new Coverage(books);
      return coverage;
    },
    { members },
  );
  story(it);
  return coverage?.tuples() ?? [];
}

describe('Coverage', () => {
  test('sees the receiver vote or not, and its claims wait or be held', () => {
    expect(
      tuplesOf((it) => {
        it.link('a', 'b')
          .tellVoting('a')
          .hear('a', 'b', [prepare(1)]);
        it.ask('a', 1)
          .hear('a', 'b', [vote(1)])
          .grant('a', 1)
          .hear('a', 'b', [vote(1)]);
        it.ask('a', 2).hear('a', 'b', [vote(2)]);
      }),
    ).toEqual([
      'recovering, idle ← hello from voting',
      'voting, idle ← prepare from voting',
      'voting, waits ← vote from voting',
      'voting, holds ← vote from voting',
      'voting, holds and waits ← vote from voting',
    ]);
  });

  test('sees the sender vote or not, as it has said', () => {
    expect(
      tuplesOf((it) => {
        it.link('a', 'b', { recovering: true }).hear('a', 'b', [prepare(1)]);
        it.hear('a', 'b', [{ type: 'recovered' }])
          .link('a', 'm')
          .link('m', 'a');
      }, true),
    ).toEqual([
      'member, idle ← hello from voting',
      'recovering, idle ← hello from member',
      'recovering, idle ← hello from recovering',
      'recovering, idle ← recovered from voting',
      'recovering, idle ← prepare from recovering',
    ]);
  });

  test('declares each tuple once: as defined, or as impossible with a reason', () => {
    const impossible = impossibleTuples.map(({ tuple }) => tuple);
    const all = [...definedTuples, ...impossible];
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(3 * 4 * 22 * 3);
    expect(impossibleTuples.every(({ reason }) => reason.length > 10)).toBe(true);
    expect(impossible).toContain('member, idle ← prepare from voting');
    expect(definedTuples).toContain('voting, holds ← inquire from recovering');
  });
});
