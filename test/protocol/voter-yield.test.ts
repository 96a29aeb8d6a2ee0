/** What a YIELD must leave as it was. */

import { expect, test } from 'vitest';
import {
  generation,
  incarnation,
  type Message,
  peerId,
  type Resource,
  roundNumber,
  type Stamp,
  stamp,
  timeMs,
} from '../../src/protocol/index.ts';
import { Voter } from '../../src/protocol/voter.ts';
import { nodeOptions } from '../harness/node-options.ts';

const from = { peer: peerId('b'), incarnation: incarnation(1) };
const now = timeMs(1);

test('an entry that is given back forgets no floor, however few resources are tracked', () => {
  const said: Message[] = [];
  const options = nodeOptions({}, { idleResourcesMax: 1 });
  const voter = new Voter(options, (_, message) => said.push(message));
  voter.openSession(from, timeMs(1_000));
  voter.leaveRecovery(stamp(0), now);
  ask(voter, 1, 'v', stamp(50));
  ask(voter, 2, 'w', stamp(40));
  ask(voter, 3, 'vwx', stamp(60));
  voter.onEnd(from, { type: 'release', round: roundNumber(1), token: stamp(50) }, now);
  voter.onEnd(from, { type: 'release', round: roundNumber(2), token: stamp(40) }, now);
  // Round 4 has the smaller ticket: round 3 is asked to give way on x.
  ask(voter, 4, 'x', stamp(30));
  const inquiry = said.find((message) => message.type === 'inquire');
  expect(inquiry).toMatchObject({ round: 3 });
  const given = inquiry?.generation ?? generation(1);
  voter.onYield(from, { type: 'yield', round: roundNumber(3), generation: given }, now);
  const votes = said.filter((message) => message.type === 'vote' && message.round === 3);
  expect(votes.at(-1)).toMatchObject({ after: ['b/1/4'], floor: 50 });
});

test('an entry that is held keeps its place, though its vote is given back', () => {
  const said: Message[] = [];
  const voter = new Voter(nodeOptions(), (_, message) => said.push(message));
  voter.openSession(from, timeMs(1_000));
  voter.leaveRecovery(stamp(0), now);
  ask(voter, 1, 'x', stamp(50));
  ask(voter, 2, 'x', stamp(60));
  const [first] = said.filter((message) => message.type === 'vote');
  const given = first?.generation ?? generation(0);
  expect(first).toMatchObject({ round: 1, after: [] });
  voter.onCommit(from, { type: 'commit', round: roundNumber(1), token: stamp(50) }, now);
  const before = said.length;
  voter.onYield(from, { type: 'yield', round: roundNumber(1), generation: given }, now);
  expect(said).toHaveLength(before);
  expect(voter.entryOf(from, roundNumber(1))).toMatchObject({ generation: given, said: 'voted' });
});

function ask(...[voter, round, names, ticket]: [Voter, number, string, Stamp]): void {
  const resources = [...names].map((name): Resource => ({ name, mode: 'exclusive' }));
  const terms = {
    committed: false,
    patience: 'wait',
    maxHoldMs: Number.POSITIVE_INFINITY,
    lingers: false,
    value: null,
  } as const;
  const entry = { round: roundNumber(round), resources, ticket, token: ticket, ...terms };
  voter.onPrepare(from, { type: 'prepare', ...entry }, now);
}
