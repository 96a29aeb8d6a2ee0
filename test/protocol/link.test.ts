/** What a turn of several inputs leaves to be sent on a link. */

import { expect, test } from 'vitest';
import {
  generation,
  incarnation,
  leaseTimeMs,
  type Message,
  peerId,
  roundNumber,
  stamp,
  timeMs,
} from '../../src/protocol/index.ts';
import { Link } from '../../src/protocol/link.ts';

const round = roundNumber(1);
const token = stamp(5);
const commit: Message = { type: 'commit', round, token };
const release: Message = { type: 'release', round, token };
const resources = [{ name: 'x', mode: 'exclusive' as const }];
const prepare: Message = {
  ...{ type: 'prepare', round, resources, ticket: token, token, committed: true },
  ...{ patience: 'wait', maxHoldMs: 100, lingers: true, value: null },
};

function vote(of: number, after: Extract<Message, { type: 'vote' }>['after']): Message {
  return { type: 'vote', round, generation: generation(of), token, after, floor: stamp(1) };
}

/** What leaves when these are queued in one turn. */
function left(...messages: readonly Message[]): readonly Message[] {
  const link = new Link(peerId('b'), incarnation(1), timeMs(0));
  for (const message of messages) link.queue(message);
  const head = { stamp: leaseTimeMs(1), echo: leaseTimeMs(0), clock: token };
  return link.takeFrames(head, timeMs(0)).flatMap((frame) => frame.messages);
}

test('a RELEASE takes the place of the COMMIT that has not left yet', () => {
  const other: Message = { type: 'abort', round: roundNumber(2) };
  expect(left(commit, other, release)).toEqual([release, other]);
});

test('a RELEASE comes after what was prepared again meanwhile: else that would live on', () => {
  expect(left(commit, prepare, release)).toEqual([commit, prepare, release]);
});

test('a newer VOTE takes the place of an older one of the same generation', () => {
  const older = vote(1, ['a/1/1' as never]);
  expect(left(older, release, vote(1, []))).toEqual([vote(1, []), release]);
  expect(left(older, vote(2, []))).toEqual([older, vote(2, [])]);
});
