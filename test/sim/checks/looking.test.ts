/**
 * What one who looks is told, is what those who answered in time have said.
 */

import { describe, expect, test } from 'vitest';
import {
  lookNumber,
  type Message,
  type Output,
  peerId,
  roundNumber,
  type Sight,
  stamp,
} from '../../../src/protocol/index.ts';
import { Looking } from '../../../src/sim/checks/looking.ts';
import { MadeUp } from './made-up.ts';
import { prepare } from './made-up-messages.ts';

const look = lookNumber(1);

const standing = { ahead: 1, holders: [], floor: stamp(0) };

/** a looks, and b says after so many times its patience that c holds x. */
function answered(patience: number, told: readonly Sight[], unanswered: string[]): MadeUp {
  const it = new MadeUp((setup, books) => new Looking(setup, books));
  it.tellVoting('a').link('a', 'b').link('a', 'c');
  it.step('a', { type: 'look', look, name: 'x' });
  const { prepareTimeoutMs = 0 } = it.books.present.get(it.host('a'))?.mesh ?? {};
  const view = (sights: readonly Sight[]): Message => {
    return { type: 'view', look, sights, isLast: true, isCut: false };
  };
  it.hear('a', 'c', [view([])]);
  const ids = unanswered.map((id) => peerId(id));
  const output: Output = { type: 'looked', look, sights: told, unanswered: ids, isCut: false };
  return it
    .pass(patience * prepareTimeoutMs)
    .hear('a', 'b', [view([held(it)])], { outputs: [output] });
}

function held(it: MadeUp): Sight {
  const resources = [{ name: 'x', mode: 'exclusive' }] as const;
  const of = { peer: peerId('c'), incarnation: it.core('c').incarnation, round: roundNumber(1) };
  const tokens = { ticket: stamp(1), token: stamp(1) };
  return { ...of, ...tokens, resources, heldForMs: 5, isStealing: false };
}

describe('Looking', () => {
  const it = new MadeUp((setup, books) => new Looking(setup, books));

  test('is content with what was said in time, and finds what is left out', () => {
    expect(answered(0.5, [held(it)], []).found).toEqual([]);
    expect(answered(0.5, [], []).found[0]).toMatch(/is not told of c.*, held for 5/);
  });

  test('takes what comes in the step in which the time is up either way', () => {
    expect(answered(1, [], ['b']).found).toEqual([]);
    expect(answered(1, [held(it)], []).found).toEqual([]);
  });

  test('finds what a voter hides, but for a try that it may have refused unheard', () => {
    const asked = (patience: 'wait' | 'try', isLinked: boolean): MadeUp => {
      const all = new MadeUp((setup, books) => new Looking(setup, books));
      all.tellVoting('a').link('a', 'b').link('a', 'c');
      const queued: Message = { type: 'queued', round: roundNumber(1), ...standing };
      all.hear('a', 'b', [prepare(1, { patience })]).say('a', 'b', queued);
      if (!isLinked) all.unlink('a', 'b');
      all.hear('a', 'c', [{ type: 'look', look, name: 'x' }]);
      return all.say('a', 'c', { type: 'view', look, sights: [], isLast: true, isCut: false });
    };
    expect(asked('wait', false).found[0]).toMatch(/hides b/);
    expect(asked('try', true).found[0]).toMatch(/hides b/);
    expect(asked('try', false).found).toEqual([]);
  });
});
