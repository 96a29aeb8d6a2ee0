/**
 * The errors: their codes, and what their messages say of how a claim stood.
 */

import { describe, expect, test } from 'vitest';
import * as errors from '../../src/peer/errors.ts';
import { errorOf, type FailureContext, isBusy, lostError } from '../../src/peer/failures.ts';
import type { LinkStatus } from '../../src/peer/link-types.ts';
import { acquireRequestOf, tryRequestOf } from '../../src/peer/lock-request.ts';
import { peerId } from '../../src/protocol/ids.ts';
import type { Failure, Standing } from '../../src/protocol/output.ts';

const a = peerId('a');
const b = peerId('b');
const c = peerId('c');

const down: LinkStatus = {
  state: 'down',
  peer: b,
  sinceMs: 70_000,
  address: 'ws://b',
  attempts: 3,
  lastError: 'connect ECONNREFUSED b',
};

const context: FailureContext = {
  request: acquireRequestOf('x', { timeout: 500 }, false),
  quorum: 2,
  isDivided: false,
  links: [down],
  nowMs: 100_000,
  wallMs: 1_700_000_000_000,
};

function standing(...answers: Standing['voters'][number]['answer'][]): Standing {
  const voters = [a, b, c].map((voter, index) => ({ voter, answer: answers[index] ?? 'silent' }));
  const seen = !answers.includes('unasked');
  return { voters, groups: [{ names: ['x'], voters: [a, b, c], seen }], holders: [], ahead: 0 };
}

function messageOf(failure: Failure, changes: Partial<FailureContext> = {}): string {
  return errorOf(failure, { ...context, ...changes }).message;
}

test('every class has a code of its own, and its own name', () => {
  const made = [
    new errors.ConfigError('m', { field: 'f' }),
    new errors.DeadlockError('m', { names: [], cycle: [] }),
    new errors.InternalError('m'),
    new errors.LockLostError('m', { names: [], token: 1, reason: 'lease' }),
    new errors.LockStolenError('m', { names: [], token: 1, reason: 'stolen' }),
    new errors.LockTimeoutError('m', { names: [], timeout: 1, holders: [], ahead: 0, voters: [] }),
    new errors.NoQuorumError('m', { names: [], quorum: 1, group: [], voters: [] }),
    new errors.OverloadedError('m', { names: [], by: 'peer' }),
    new errors.PeerClosedError('m'),
    new errors.ReentrantError('m', { held: 'x' }),
  ];
  const exported = Object.keys(errors).filter((name) => name !== 'LockmeshError');
  expect(made.map((error) => error.constructor.name).sort()).toEqual(exported.sort());
  expect(new Set(made.map(({ code }) => code)).size).toBe(made.length);
  for (const error of made) {
    expect(error).toBeInstanceOf(errors.LockmeshError);
    // As the Web Locks API calls it.
    const isStolen = error instanceof errors.LockStolenError;
    expect(error.name).toBe(isStolen ? 'AbortError' : error.constructor.name);
    expect(error.code).toMatch(/^ERR_[A-Z_]+$/);
  }
});

describe('errorOf()', () => {
  test('says who holds, for how long, and how many wait ahead', () => {
    const held = {
      ...standing('behind', 'behind', 'behind'),
      holders: [{ peer: c, heldForMs: 12_345 }],
      ahead: 3,
    };
    const error = errorOf({ reason: 'timeout', standing: held }, context);
    expect(error.message).toBe(
      'Cannot acquire "x": not granted within 500 ms, held by c for 12 s, 2 waiting ahead',
    );
    expect(error).toMatchObject({ holders: [{ peer: 'c', since: 1_699_999_987_655 }], ahead: 3 });
  });

  test('names a few of many holders', () => {
    const holders = ['p', 'q', 'r', 's'].map((id) => ({ peer: peerId(id), heldForMs: null }));
    const message = messageOf({
      reason: 'timeout',
      standing: { ...standing('behind', 'behind'), holders, ahead: 4 },
    });
    expect(message).toContain('held by p, q, r and 1 more');
  });

  test('says which voters cannot be reached when time ran out for want of them', () => {
    const message = messageOf({ reason: 'timeout', standing: standing('yes', 'unlinked') });
    expect(message).toBe(
      'Cannot acquire "x": not granted within 500 ms, ' +
        'a: yes; b: unreachable for 30 s, connect ECONNREFUSED b; c: silent',
    );
  });

  test('says what each voter answered when there is no quorum', () => {
    const error = errorOf({ reason: 'no-quorum', standing: standing('yes', 'unlinked') }, context);
    expect(error).toBeInstanceOf(errors.NoQuorumError);
    expect(error.message).toContain('1 of 3 voters answered, 2 must (a: yes; b: unreachable');
    expect(error).toMatchObject({
      quorum: 2,
      voters: [
        { voter: 'a', answer: 'yes' },
        { voter: 'b', answer: 'unreachable', reason: down.lastError, since: 1_699_999_970_000 },
        { voter: 'c', answer: 'silent' },
      ],
    });
  });

  test('names the group that has no quorum, where not all voters decide on all', () => {
    const answers = standing('yes', 'unlinked', 'silent');
    const groups = [
      { names: ['x'], voters: [a], seen: true },
      { names: ['y', 'z'], voters: [b, c], seen: true },
    ];
    const failure: Failure = { reason: 'no-quorum', standing: { ...answers, groups } };
    const error = errorOf(failure, { ...context, quorum: 1, isDivided: true });
    expect(error.message).toBe(
      'Cannot acquire "x": 0 of 2 voters of "y" and "z" answered, 1 must ' +
        '(b: unreachable for 30 s, connect ECONNREFUSED b; c: silent)',
    );
    expect(error).toMatchObject({ group: ['b', 'c'], voters: [{ voter: 'b' }, { voter: 'c' }] });
  });

  test('names those within reach where no quorum has voted yet, and calls none silent', () => {
    const request = tryRequestOf('x', undefined);
    const early: Failure = {
      reason: 'timeout',
      standing: standing('unasked', 'unlinked', 'unasked'),
    };
    const error = errorOf(early, { ...context, request });
    expect(error.message).toBe(
      'Cannot acquire "x": no quorum of voters has voted since this peer began, 2 of 3 are ' +
        'within reach, 2 must vote (a: within reach; b: unreachable for 30 s, ' +
        'connect ECONNREFUSED b; c: within reach)',
    );
    expect(isBusy(early, 2)).toBe(false);
    const voters = [{ answer: 'unasked' }, { answer: 'unreachable' }, { answer: 'unasked' }];
    expect(error).toMatchObject({ code: 'ERR_NO_QUORUM', voters });
  });

  test('names the group in which no quorum has voted yet, and not one that only waits', () => {
    const groups = [
      { names: ['x'], voters: [a], seen: true },
      { names: ['y'], voters: [b, c], seen: false },
    ];
    const early = { ...standing('unasked', 'unlinked', 'unasked'), groups };
    const error = errorOf(
      { reason: 'no-quorum', standing: early },
      { ...context, isDivided: true },
    );
    expect(error.message).toBe(
      'Cannot acquire "x": no quorum of voters of "y" has voted since this peer began, 1 of 2 ' +
        'are within reach, 2 must vote (b: unreachable for 30 s, connect ECONNREFUSED b; ' +
        'c: within reach)',
    );
    expect(error).toMatchObject({ group: ['b', 'c'] });
  });

  test('says so where a quorum votes, and an older claim of this peer waits for its own', () => {
    const groups = [{ names: ['x'], voters: [a, b, c], seen: true }];
    const waits = { ...standing('unasked', 'unasked', 'unasked'), groups };
    expect(isBusy({ reason: 'timeout', standing: waits }, 2)).toBe(true);
    expect(messageOf({ reason: 'timeout', standing: waits })).toBe(
      'Cannot acquire "x": not granted within 500 ms, behind an older claim of this peer that ' +
        'waits for its first quorum of voters',
    );
  });

  test('of a try tells a lock that is taken from a mesh out of order', () => {
    const request = tryRequestOf('x', undefined);
    const silent: Failure = { reason: 'timeout', standing: standing('yes', 'unlinked') };
    expect(isBusy(silent, 2)).toBe(false);
    expect(errorOf(silent, { ...context, request })).toBeInstanceOf(errors.NoQuorumError);
    const behind: Failure = { reason: 'timeout', standing: standing('yes', 'behind') };
    expect(isBusy(behind, 2)).toBe(true);
    expect(messageOf(behind, { request })).toBe('Cannot acquire "x": not granted at once');
  });

  test('says whose limit it was', () => {
    const here = errorOf({ reason: 'claims-max' }, context);
    expect(here).toMatchObject({ code: 'ERR_OVERLOADED', by: 'peer' });
    const there = errorOf({ reason: 'overloaded', standing: standing() }, context);
    expect(there).toMatchObject({ code: 'ERR_OVERLOADED', by: 'voters' });
  });

  test('shortens long lists and long names', () => {
    const request = acquireRequestOf(['x'.repeat(100), 'y', 'z', 'w'], undefined, false);
    const message = messageOf({ reason: 'claims-max' }, { request });
    expect(message).toContain(`"${'x'.repeat(60)}"…, "y" and 2 more`);
  });
});

test('lostError() says why, and carries what the holder may want to write down', () => {
  const cause = new Error('why');
  const error = lostError({ names: ['x', 'y'], token: 7 }, 'failed', cause);
  expect(error).toMatchObject({ names: ['x', 'y'], token: 7, reason: 'failed', cause });
  expect(error.message).toMatch(/^Lost "x" and "y": /);
});
