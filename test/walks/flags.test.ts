/** What `npm run walks` may be told. */

import { describe, expect, test } from 'vitest';
import { parseFlags } from './flags.ts';

describe('parseFlags()', () => {
  test('takes 20,000 walks from the first on, unless told otherwise', () => {
    expect(parseFlags([])).toEqual({ count: 20_000, from: 1, workers: 2 });
    expect(parseFlags(['--count', '1', '--from', '77', '--workers', '3'])).toEqual({
      ...{ count: 1, from: 77, workers: 3 },
    });
  });

  test.each([
    [['--count', '0'], '--count must be a whole number from 1, received 0'],
    [['--from', 'x'], '--from must be a whole number from 1, received x'],
    [['--workers', '1.5'], '--workers must be a whole number from 1, received 1.5'],
    [['--fast'], "Unknown option '--fast'"],
    [['more'], "Unexpected argument 'more'"],
  ])('refuses %j', (args, message) => {
    expect(() => parseFlags(args)).toThrow(message);
  });
});
