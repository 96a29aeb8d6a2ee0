/** Whoever may linger is told that somebody waits behind it, wherever it stands (rule 8.3). */

import { beforeEach, expect, test } from 'vitest';
import {
  incarnation,
  type Message,
  type Mode,
  type Prepare,
  peerId,
  roundNumber,
  stamp,
  timeMs,
} from '../../src/protocol/index.ts';
import { Voter } from '../../src/protocol/voter.ts';
import { nodeOptions } from '../harness/node-options.ts';

const owner = { peer: peerId('b'), incarnation: incarnation(1) };
const other = { peer: peerId('c'), incarnation: incarnation(1) };
const now = timeMs(1);

let said: Message[];
let voter: Voter;

beforeEach(() => {
  said = [];
  voter = new Voter(nodeOptions(), (_, message) => said.push(message));
  for (const from of [owner, other]) voter.openSession(from, timeMs(1_000));
  voter.leaveRecovery(stamp(0), now);
});

/** Round 1 of c is voted for; round 1 of b, which may linger, is held by the votes of others. */
function holdBehindUndecided(mode: Mode = 'exclusive'): void {
  voter.onPrepare(other, prepare(1, { mode }), now);
  voter.onPrepare(owner, prepare(2, { committed: true, lingers: true, mode }), now);
}

test('by one that comes when an undecided one stands ahead of what is held', () => {
  holdBehindUndecided();
  expect(contended()).toEqual([]);
  voter.onPrepare(other, prepare(3), now);
  expect(contended()).toEqual([2]);
});

test('by a writer that comes when an undecided reader stands ahead of a held one', () => {
  holdBehindUndecided('shared');
  voter.onPrepare(other, prepare(3), now);
  expect(contended()).toEqual([2]);
});

test('by one that stood ahead, and gives its vote back', () => {
  holdBehindUndecided();
  const vote = said.find((message) => message.type === 'vote');
  const given = vote?.generation ?? expect.unreachable('it was voted for');
  voter.onYield(other, { type: 'yield', round: roundNumber(1), generation: given }, now);
  expect(contended()).toEqual([2]);
});

test('once, however many come', () => {
  holdBehindUndecided();
  for (const number of [3, 4, 5]) voter.onPrepare(other, prepare(number), now);
  expect(contended()).toEqual([2]);
});

function contended(): number[] {
  return said.flatMap((message) => (message.type === 'contended' ? [message.round] : []));
}

interface Wishes {
  readonly committed?: boolean;
  readonly lingers?: boolean;
  readonly mode?: Mode;
}

function prepare(number: number, wishes: Wishes = {}): Prepare {
  const { committed = false, lingers = false, mode = 'exclusive' } = wishes;
  return {
    type: 'prepare',
    round: roundNumber(number),
    resources: [{ name: 'x', mode }],
    ticket: stamp(number),
    token: stamp(number),
    ...{ committed, lingers, value: null },
    patience: 'wait',
    maxHoldMs: Number.POSITIVE_INFINITY,
  };
}
