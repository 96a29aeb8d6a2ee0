/** What `npm run scale` obeys, and what it refuses. */

import { describe, expect, test } from 'vitest';
import { parseFlags } from './flags.ts';

describe('parseFlags()', () => {
  test('runs everything, unless told otherwise', () => {
    expect(parseFlags([])).toEqual({ worlds: ['simulated', 'real'], only: '', little: false });
    const args = ['--world', 'real', '--only', 'members', '--little'];
    expect(parseFlags(args)).toEqual({ worlds: ['real'], only: 'members', little: true });
  });

  test.each([
    [['--world', 'mine'], '--world must be simulated or real, received mine'],
    [['--size', '3'], "Unknown option '--size'"],
  ])('refuses %j', (args, message) => {
    expect(() => parseFlags(args)).toThrow(message);
  });
});
