/** Which claims conflict, which goes first, and what may be a name. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  conflicts,
  isBefore,
  isName,
  nameBytesMax,
  type Priority,
} from '../../src/protocol/claim.ts';
import { type PeerId, peerId, stamp } from '../../src/protocol/ids.ts';
import type { Patience, Resource } from '../../src/protocol/message.ts';

const anyClaim: fc.Arbitrary<Resource[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('x', 'y', 'z'),
    mode: fc.constantFrom<Resource['mode']>('exclusive', 'shared'),
  }),
  { minLength: 1, selector: ({ name }) => name },
);

const anyPriority: fc.Arbitrary<Priority> = fc.record({
  ticket: fc.nat(3).map((value) => stamp(value)),
  peer: fc.constantFrom('a', 'b', 'c').map((id) => peerId(id)),
  patience: fc.constantFrom('wait', 'try', 'steal'),
});

const shared = (name: string): Resource => ({ name, mode: 'shared' });
const exclusive = (name: string): Resource => ({ name, mode: 'exclusive' });

describe('conflicts()', () => {
  test.each([
    ['two writers', [exclusive('x')], [exclusive('x')], true],
    ['a writer and a reader', [exclusive('x')], [shared('x')], true],
    ['two readers', [shared('x')], [shared('x')], false],
    ['different names', [exclusive('x')], [exclusive('y')], false],
    ['one name of several', [shared('x'), exclusive('y')], [shared('x'), shared('y')], true],
    ['several shared ones', [shared('x'), shared('y')], [shared('x'), shared('y')], false],
  ])('%s', (_, a, b, expected) => {
    expect(conflicts(a, b)).toBe(expected);
  });

  test('is mutual', () => {
    fc.assert(
      fc.property(anyClaim, anyClaim, (a, b) => {
        expect(conflicts(a, b)).toBe(conflicts(b, a));
      }),
    );
  });
});

describe('isBefore()', () => {
  test('orders any two that differ, one way only, and any three without a circle', () => {
    fc.assert(
      fc.property(anyPriority, anyPriority, anyPriority, (a, b, c) => {
        const isSteal = (it: Priority): boolean => it.patience === 'steal';
        const same = a.ticket === b.ticket && a.peer === b.peer && isSteal(a) === isSteal(b);
        expect(Number(isBefore(a, b)) + Number(isBefore(b, a))).toBe(same ? 0 : 1);
        if (isBefore(a, b) && isBefore(b, c)) expect(isBefore(a, c)).toBe(true);
      }),
    );
  });

  test('takes what steals, then the smaller ticket, and of equal ones the smaller id', () => {
    const [a, b] = [peerId('a'), peerId('b')];
    const of = (peer: PeerId, ticket: number, patience: Patience = 'wait'): Priority => {
      return { ticket: stamp(ticket), peer, patience };
    };
    expect(isBefore(of(b, 1), of(a, 2))).toBe(true);
    expect(isBefore(of(a, 1), of(b, 1))).toBe(true);
    expect(isBefore(of(b, 2, 'steal'), of(a, 1))).toBe(true);
    expect(isBefore(of(a, 1, 'try'), of(b, 2, 'steal'))).toBe(false);
    expect(isBefore(of(a, 1, 'steal'), of(b, 2, 'steal'))).toBe(true);
  });
});

describe('isName()', () => {
  test('counts bytes of UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2 * nameBytesMax }), (text) => {
        const bytes = Buffer.byteLength(text);
        expect(isName(text)).toBe(text.isWellFormed() && bytes >= 1 && bytes <= nameBytesMax);
      }),
    );
  });

  test.each([
    ['empty', '', false],
    ['a lone surrogate', 'a\ud800', false],
    ['the longest', 'x'.repeat(1_024), true],
    ['one byte more', 'x'.repeat(1_025), false],
    ['the longest of two bytes', 'ü'.repeat(512), true],
    ['one of those more', 'ü'.repeat(513), false],
    ['no string', 5, false],
  ])('%s', (_, value, expected) => {
    expect(isName(value)).toBe(expected);
  });
});
