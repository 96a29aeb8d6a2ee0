/**
 * A table next to a `Map`: the same whatever comes and goes.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Table } from '../../src/protocol/table.ts';

const anyNumber = fc.oneof(fc.nat(40), fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 32 + 3, 2 ** 53 - 1));
const anyText = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.nat(60).map((at) => `order:${at}`),
);

const anySteps = <Key extends number | string>(key: fc.Arbitrary<Key>) =>
  fc.array(
    fc.oneof(
      {
        weight: 60,
        arbitrary: fc.record({ type: fc.constant('set' as const), key, value: fc.nat() }),
      },
      { weight: 40, arbitrary: fc.record({ type: fc.constant('delete' as const), key }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('clear' as const), key }) },
    ),
    { maxLength: 200, size: 'max' },
  );

function checkAgainstMap<Key extends number | string>(key: fc.Arbitrary<Key>): void {
  let most = 0;
  fc.assert(
    fc.property(anySteps(key), (steps) => {
      const table = new Table<Key, number>();
      const map = new Map<Key, number>();
      for (const step of steps) {
        if (step.type === 'set') {
          table.set(step.key, step.value);
          map.set(step.key, step.value);
        } else if (step.type === 'delete') {
          expect(table.delete(step.key)).toBe(map.get(step.key));
          map.delete(step.key);
        } else {
          table.clear();
          map.clear();
        }
        most = Math.max(most, map.size);
        expect(table.get(step.key)).toBe(map.get(step.key));
        expect(table.has(step.key)).toBe(map.has(step.key));
        expect(table.size).toBe(map.size);
        expect(table.firstKey()).toBe(map.keys().next().value);
      }
      expect([...table]).toEqual([...map]);
      expect([...table.keys()]).toEqual([...map.keys()]);
      expect([...table.values()]).toEqual([...map.values()]);
      for (const [each, value] of map) expect(table.get(each)).toBe(value);
    }),
  );
  // It had to grow.
  expect(most).toBeGreaterThan(16);
}

describe('Table', () => {
  test('is a Map of numbers, in the order of insertion', () => {
    checkAgainstMap(anyNumber);
  });

  test('is a Map of texts, in the order of insertion', () => {
    checkAgainstMap(anyText);
  });
});
