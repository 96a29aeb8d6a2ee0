/** What a voter has no room for. */

import { expect, test } from 'vitest';
import {
  incarnation,
  type Message,
  peerId,
  type Resource,
  roundNumber,
  stamp,
  timeMs,
} from '../../src/protocol/index.ts';
import { Voter } from '../../src/protocol/voter.ts';
import { nodeOptions } from '../harness/node-options.ts';
import { asPrepare } from '../harness/prepare.ts';

const from = { peer: peerId('b'), incarnation: incarnation(1) };
const now = timeMs(1);

test('refuses what it has no room for, but never a round that is held', () => {
  const said: Message[] = [];
  const options = nodeOptions({}, { entriesMax: 2 });
  const voter = new Voter(options, (_, message) => said.push(message));
  voter.openSession(from, timeMs(1_000));
  voter.leaveRecovery(stamp(0), now);
  for (const round of [1, 2, 3, 4]) {
    const stamps = { ticket: stamp(round), token: stamp(round) };
    const resources: Resource[] = [{ name: `${round}`, mode: 'exclusive' }];
    const entry = { round: roundNumber(round), resources, ...stamps };
    voter.onPrepare(from, asPrepare({ ...entry, committed: round === 4 }), now);
  }
  expect(said.map(({ type }) => type)).toEqual(['vote', 'vote', 'refuse', 'vote']);
  expect(said[2]).toMatchObject({ reason: 'overloaded' });
});

test('has room for one that steals, however many wait, but not in all', () => {
  const said: Message[] = [];
  const options = nodeOptions({ allowSteal: true }, { waitersMax: 2, entriesMax: 3 });
  const voter = new Voter(options, (_, message) => said.push(message));
  voter.openSession(from, timeMs(1_000));
  voter.leaveRecovery(stamp(0), now);
  for (const [index, patience] of (['wait', 'wait', 'wait', 'steal', 'steal'] as const).entries()) {
    const stamps = { ticket: stamp(index + 1), token: stamp(index + 1) };
    const resources: Resource[] = [{ name: 'x', mode: 'exclusive' }];
    const entry = { round: roundNumber(index + 1), resources, patience, ...stamps };
    voter.onPrepare(from, asPrepare({ ...entry, committed: false }), now);
  }
  const refused = said.filter(({ type }) => type === 'refuse');
  expect(refused.map((message) => 'round' in message && message.round)).toEqual([3, 5]);
});
