/**
 * What `npm run parity` may be told.
 */

import { expect, test } from 'vitest';
import { BadFlag, parseFlags } from './flags.ts';
import { scenarios } from './scenarios.ts';

test('parseFlags() takes all scenarios, or those that are named', () => {
  expect(parseFlags([], scenarios)).toEqual({ scenarios, json: false });
  const order = parseFlags(['--only', 'try', '--json', '--only', 'drain'], scenarios);
  expect(order.scenarios.map(({ name }) => name)).toEqual(['try', 'drain']);
  expect(order.json).toBe(true);
});

test.each(['--only', '--only nothing', '--fast', 'try'])('parseFlags() refuses %s', (line) => {
  expect(() => parseFlags(line.split(' '), scenarios)).toThrow(BadFlag);
});

test('scenarios have names of their own', () => {
  const names = scenarios.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(20);
});
