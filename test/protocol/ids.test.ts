/** Ids are told by their characters as the patterns tell them that say what they are. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  incarnation,
  isPeerId,
  isRoundId,
  peerId,
  roundId,
  roundNumber,
} from '../../src/protocol/index.ts';

const peerIdPattern = /^[A-Za-z0-9_.-]{1,64}$/;
const roundIdPattern = /^([A-Za-z0-9_.-]{1,64})\/([0-9a-z]{1,11})\/([0-9a-z]{1,11})$/;

/** Characters within the patterns, next to them, and far away. */
const unit = fc.constantFrom(...'azAZ09_.-//@[`{:,^\u0000\u007f\u0080\u0161\n\ud800é');
const text = fc.string({ unit, maxLength: 70 });
const almost = fc
  .tuple(fc.string({ unit, maxLength: 66 }), fc.stringMatching(/^[0-9a-zA]{0,12}$/), text)
  .chain(([a, b, c]) =>
    fc.constantFrom(`${a}/${b}/${b}`, `${a}/${b}/${c}`, `a/${b}/${b}`, `a/${b}`),
  );
const fit = fc.stringMatching(/^[A-Za-z0-9_.-]{60,66}$/);

test('isPeerId() and isRoundId() take what their patterns match', () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.oneof(text, almost, fit), (each) => {
      expect(isPeerId(each)).toBe(peerIdPattern.test(each));
      expect(isRoundId(each)).toBe(roundIdPattern.test(each));
      if (isPeerId(each) || isRoundId(each)) taken += 1;
    }),
    { numRuns: 10_000 },
  );
  expect(taken).toBeGreaterThan(1_000);
});

test('isRoundId() takes the greatest there are, and no more', () => {
  const most = roundNumber(Number.MAX_SAFE_INTEGER);
  const longest = roundId(peerId('x'.repeat(64)), incarnation(most), most);
  expect([isRoundId(longest), isRoundId(`x${longest}`), isRoundId(`${longest}0`)]).toEqual([
    true,
    false,
    false,
  ]);
});

test('neither takes what is no text', () => {
  for (const value of [undefined, null, 1, ['a'], {}]) {
    expect([isPeerId(value), isRoundId(value)]).toEqual([false, false]);
  }
});
