/** Where the mesh lets nobody steal, a voter lets nobody. */

import { expect, test } from 'vitest';
import {
  incarnation,
  type Message,
  peerId,
  roundNumber,
  stamp,
  timeMs,
} from '../../src/protocol/index.ts';
import { Voter } from '../../src/protocol/voter.ts';
import { nodeOptions } from '../harness/node-options.ts';
import { asPrepare } from '../harness/prepare.ts';

const from = { peer: peerId('b'), incarnation: incarnation(1) };
const resources = [{ name: 'x', mode: 'exclusive' }] as const;

test.each([
  [true, ['vote', 'revoke', 'vote']],
  [false, ['vote', 'vote']],
])('the holder is told of one that steals only if that is allowed: %s', (allowSteal, expected) => {
  const said: Message[] = [];
  const voter = new Voter(nodeOptions({ allowSteal }), (_, message) => said.push(message));
  voter.openSession(from, timeMs(1_000));
  voter.leaveRecovery(stamp(0), timeMs(1));
  for (const [index, patience] of (['wait', 'steal'] as const).entries()) {
    const entry = { round: roundNumber(index + 1), resources, patience, committed: index === 0 };
    const stamps = { ticket: stamp(index + 1), token: stamp(index + 1) };
    voter.onPrepare(from, asPrepare({ ...entry, ...stamps }), timeMs(1));
  }
  expect(said.map(({ type }) => type)).toEqual(expected);
});
