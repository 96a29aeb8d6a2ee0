/**
 * What is said of elections is refused where it is wrong.
 */

import { expect, test } from 'vitest';
import { encode } from '../../src/peer/codec.ts';
import { parseFrame } from '../../src/peer/frame-codec.ts';

test.each([
  [
    'more values than one',
    [5, 1, ['x'], 1, 1, 0, 0, ['p', 'q']],
    /^prepare: value should be an array of 0 to 1, is an array of 2/,
  ],
  [
    'a value that is too long',
    [20, 'x', 1, ['p', 'v'.repeat(1_025)]],
    /^leader: leader should be text of at most 1024 bytes/,
  ],
  [
    'half a leader',
    [20, 'x', 1, ['p']],
    'leader: leader should be an array of 0 or 2, is an array of 1',
  ],
  [
    'a leader of a strange name',
    [20, 'x', 1, ['a b', '']],
    'leader: leader should be a peer id and a text, is "a b"',
  ],
  ['an election without a name', [19, '', 1], 'observe: name should be a name, is ""'],
  ['neither on nor off', [19, 'x', 2], /^observe: on should be a whole number from 0 to 1/],
])('%s is refused', (_, message, error) => {
  const result = parseFrame(encode([1, 1, 0, 0, [message]]));
  expect(result.ok ? '' : result.error).toMatch(error);
});
