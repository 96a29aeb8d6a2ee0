/** What votes amount to: every set of three voters' votes against a naive count. */

import { describe, expect, test } from 'vitest';
import type { Group } from '../../src/protocol/groups.ts';
import {
  claimId,
  generation,
  incarnation,
  peerId,
  roundId,
  roundNumber,
  sessionNumber,
  stamp,
  timeMs,
} from '../../src/protocol/ids.ts';
import {
  type Ballot,
  type CastVote,
  isAnswered,
  isUnconditional,
  type Round,
  refusal,
  renewed,
  tally,
  withoutPending,
} from '../../src/protocol/round.ts';

const token = stamp(100);
const other = roundId(peerId('c'), incarnation(1), roundNumber(1));

/** All that matters of one voter's vote. */
type Case = 'none' | 'waits' | 'other token' | 'lapsed' | 'floor too high' | 'floor equal' | 'good';

const cases: readonly Case[] = [
  'none',
  'waits',
  'other token',
  'lapsed',
  'floor too high',
  'floor equal',
  'good',
];

function vote(changes: Partial<CastVote> = {}): CastVote {
  return {
    incarnation: incarnation(1),
    session: sessionNumber(1),
    generation: generation(1),
    token,
    pending: [],
    floor: stamp(99),
    ...changes,
  };
}

function voteIn(state: Case): CastVote | null {
  switch (state) {
    case 'none':
      return null;
    case 'waits':
      return vote({ pending: [other] });
    case 'other token':
      return vote({ token: stamp(101) });
    case 'lapsed':
      return vote({ session: sessionNumber(2) });
    case 'floor too high':
      return vote({ floor: stamp(101) });
    case 'floor equal':
      return vote({ floor: token });
    case 'good':
      return vote();
  }
}

function ballot(changes: Partial<Ballot> = {}): Ballot {
  return {
    answer: 'voted',
    current: true,
    vote: null,
    yielded: generation(0),
    ahead: 0,
    holders: [],
    ...changes,
  };
}

const all: readonly Group[] = [{ mask: 0b111, seats: [0, 1, 2] }];

function roundWith(ballots: readonly Ballot[], groups: readonly Group[] = all): Round {
  return {
    number: roundNumber(1),
    claim: claimId(1),
    resources: [{ name: 'x', mode: 'exclusive' }],
    electorate: { groups, seats: [...ballots.keys()] },
    watchers: [],
    begun: true,
    ticket: token,
    patience: 'wait',
    maxHoldMs: Number.POSITIVE_INFINITY,
    span: 1,
    given: 0,
    lingerMs: 0,
    value: null,
    contended: false,
    holding: [],
    probes: 0,
    alternatives: [],
    probeAt: timeMs(Number.POSITIVE_INFINITY),
    heed: 'unasked',
    waitUntil: timeMs(Number.POSITIVE_INFINITY),
    token,
    ballots: [...ballots],
    phase: { state: 'undecided', unansweredSince: null },
  };
}

const counts = (_: number, { session }: CastVote): boolean => session === 1;

/** Rules 5.2 and 5.3, read word by word. */
function expected(states: readonly Case[], quorum: number): string {
  const effective = states.filter((state) => state === 'good' || state.startsWith('floor'));
  if (states.filter((state) => state === 'good').length >= quorum) return 'granted';
  return effective.length >= quorum ? 'token-too-low' : 'short';
}

describe('tally()', () => {
  test.each([1, 2, 3])('counts every set of votes for a quorum of %i', (quorum) => {
    for (const a of cases) {
      for (const b of cases) {
        for (const c of cases) {
          const states = [a, b, c];
          const ballots = states.map((state) => ballot({ vote: voteIn(state) }));
          const result = tally(roundWith(ballots), quorum, counts);
          expect(result, states.join(', ')).toBe(expected(states, quorum));
        }
      }
    }
  });
});

describe('withoutPending()', () => {
  const another = roundId(peerId('b'), incarnation(1), roundNumber(9));
  const waiting = vote({ pending: [other, another] });

  test('makes a vote plain once all have ended, with the greatest token for floor', () => {
    const once = withoutPending(waiting, other, stamp(500));
    expect(isUnconditional(once)).toBe(false);
    const twice = withoutPending(once, another, stamp(300));
    expect(isUnconditional(twice)).toBe(true);
    expect(twice.floor).toBe(500);
  });

  test('leaves the floor for one that was never held, and the vote itself alone', () => {
    expect(withoutPending(waiting, other, null).floor).toBe(waiting.floor);
    expect(waiting.pending.length).toBe(2);
  });
});

test('refusal() and isAnswered() count what was said on present links', () => {
  const busy = ballot({ answer: 'busy' });
  const full = ballot({ answer: 'overloaded' });
  const late = ballot({ answer: 'queued', current: false });
  expect(refusal(roundWith([busy, full, late]), 2)).toBe('busy');
  expect(refusal(roundWith([full, full, late]), 2)).toBe('overloaded');
  expect(refusal(roundWith([busy, late, late]), 2)).toBeNull();
  // One that is full will say no more.
  expect(isAnswered(roundWith([busy, full, late]), 1)).toBe(true);
  expect(isAnswered(roundWith([busy, full, late]), 2)).toBe(false);
});

describe('of two groups, of which one voter is in both', () => {
  const two: readonly Group[] = [
    { mask: 0b00111, seats: [0, 1, 2] },
    { mask: 0b11100, seats: [2, 3, 4] },
  ];
  const good = ballot({ vote: vote() });
  const high = ballot({ vote: vote({ floor: token }) });
  const busy = ballot({ answer: 'busy' });
  const none = ballot({ current: false });

  test.each([
    ['a quorum in each', [good, none, good, good, none], 'granted'],
    ['a vote in both is one in each', [none, good, good, none, good], 'granted'],
    ['a quorum in one alone', [good, good, good, none, none], 'short'],
    ['more votes than two quorums, in one', [good, good, none, good, none], 'short'],
    ['too low a token in one', [good, good, none, good, high], 'token-too-low'],
  ])('%s', (_, ballots, result) => {
    expect(tally(roundWith(ballots, two), 2, counts)).toBe(result);
  });

  test('one that refuses is enough', () => {
    expect(refusal(roundWith([busy, none, none, busy, none], two), 2)).toBeNull();
    expect(refusal(roundWith([good, good, good, busy, busy], two), 2)).toBe('busy');
  });

  test('all must answer', () => {
    expect(isAnswered(roundWith([good, good, good, none, none], two), 2)).toBe(false);
    expect(isAnswered(roundWith([good, none, busy, good, none], two), 2)).toBe(true);
  });
});

test('renewed() lets no vote of the same generation wait again for what has ended', () => {
  const cast = vote({ pending: [other], floor: stamp(5) });
  const before = vote({ pending: [], floor: stamp(9) });
  expect(renewed(cast, before)).toEqual(vote({ pending: [], floor: stamp(9) }));
  expect(renewed(cast, vote({ generation: generation(2) }))).toBe(cast);
  expect(renewed(cast, vote({ session: sessionNumber(2) }))).toBe(cast);
  expect(renewed(cast, null)).toBe(cast);
});
