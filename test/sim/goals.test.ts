/**
 * Goals are witnessed when what they name has happened, and only then.
 */

import { describe, expect, test } from 'vitest';
import { claimId, type Output, peerId, stamp } from '../../src/protocol/index.ts';
import { type Goal, Goals, goalNames } from '../../src/sim/goals.ts';
import { MadeUp } from './checks/made-up.ts';
import { about, decided, live, prepare, vote } from './checks/made-up-messages.ts';

/** What happens, and the goals that it witnesses. */
function witnessed(story: (it: MadeUp) => unknown, members = false): readonly Goal[] {
  let goals: Goals | undefined;
  const it = new MadeUp(
    (setup, books) => {
      goals = new Goals(setup.world, books);
      return goals;
    },
    { members },
  );
  story(it);
  return goals?.witnessed() ?? [];
}

function failed(reason: 'claims-max' | 'busy'): Output {
  const claim = claimId(1);
  if (reason === 'claims-max') return { type: 'failed', claim, failure: { reason } };
  const standing = { voters: [], groups: [], holders: [], ahead: 0 };
  return { type: 'failed', claim, failure: { reason, standing } };
}

test('goalNames are sorted, and each is declared once', () => {
  expect(goalNames).toEqual([...new Set(goalNames)].toSorted());
  expect(goalNames.length).toBeGreaterThanOrEqual(25);
});

describe('Goals', () => {
  test('witness nothing where nothing happens', () => {
    expect(witnessed((it) => it.step('a', { type: 'wake' }))).toEqual([]);
  });

  test('tell a grant from one while another waited, and from one after a wait', () => {
    const alone = witnessed((it) => it.tellVoting('a').ask('a', 1).grant('a', 1));
    expect(alone).toContain('a claim was granted');
    expect(alone).not.toContain('a claim was granted while another waited');
    const both = witnessed((it) => {
      it.ask('a', 1).ask('b', 1).grant('a', 1).ask('c', 1).release('a', 1).grant('c', 1);
    });
    expect(both).toContain('a claim was granted while another waited');
    expect(both).toContain('a claim was granted after it had waited for a holder');
  });

  test('see who is granted: a member, a voter in recovery', () => {
    const member = witnessed((it) => it.ask('m', 1).grant('m', 1), true);
    expect(member).toContain('a claim was granted to a peer that does not vote');
    const voter = witnessed((it) => it.ask('a', 1).grant('a', 1));
    expect(voter).toContain('a claim was granted to a peer whose voter was in recovery');
  });

  test('see what is granted: several names, a shared one held by two', () => {
    const shared = { mode: 'shared', names: ['x', 'y'] } as const;
    const once = witnessed((it) => it.ask('a', 1, shared).grant('a', 1));
    expect(once).toContain('a claim of several names was granted');
    expect(once).not.toContain('a shared claim was held by two at once');
    const twice = witnessed((it) =>
      it.ask('a', 1, shared).ask('b', 1, shared).grant('a', 1).grant('b', 1),
    );
    expect(twice).toContain('a shared claim was held by two at once');
  });

  test('see why a claim ends', () => {
    expect(witnessed((it) => it.ask('a', 1).grant('a', 1).lose('a', 1))).toContain(
      'a claim was lost by its lease',
    );
    expect(witnessed((it) => it.ask('a', 1).grant('a', 1).lose('a', 1, 'max-hold'))).toContain(
      'a claim was lost by its longest hold',
    );
    expect(witnessed((it) => it.ask('a', 1).grant('a', 1).lose('a', 1, 'stolen'))).toContain(
      'a claim was lost to one that steals',
    );
    expect(witnessed((it) => it.ask('a', 1).release('a', 1))).toContain(
      'a claim was given up by its caller',
    );
    expect(witnessed((it) => it.ask('a', 1).step('a', { type: 'wake' }, failed('busy')))).toContain(
      'a try found it taken',
    );
    expect(
      witnessed((it) => it.ask('a', 1).step('a', { type: 'wake' }, failed('claims-max'))),
    ).toEqual([]);
  });

  test('see who leads, and who is seen to', () => {
    const value = 'here';
    const lost = witnessed((it) => it.ask('a', 1, { value }).grant('a', 1).lose('a', 1));
    expect(lost).toContain('a peer was elected');
    expect(lost).toContain('a leader lost its lock');
    const leader = { peer: peerId('a'), value, token: stamp(1) };
    const see = (name: string, seen: typeof leader | null): readonly Goal[] => {
      const output: Output = { type: 'leader', name: 'x', leader: seen };
      return witnessed((it) => it.step(name, { type: 'wake' }, output));
    };
    expect(see('a', leader)).toEqual([]);
    expect(see('b', leader)).toEqual(['another peer was seen to lead']);
    expect(see('b', null)).toEqual(['nobody was seen to lead any more']);
  });

  test('see a holder that went on after its lease, and its successor before that', () => {
    const goals = witnessed((it) => {
      it.ask('a', 1).ask('b', 1).grant('a', 1, { validForMs: 0 });
      it.host('a').machine.pause();
      it.books.onTurn();
      it.grant('b', 1).lose('a', 1);
    });
    expect(goals).toContain('a claim was granted while a holder that had lost it stood still');
    expect(goals).toContain('a holder went on after its lease and found it lost');
  });

  test('see what voters and coordinators say', () => {
    const goals = witnessed((it) => {
      it.tellVoting('a')
        .link('a', 'b')
        .ask('a', 1)
        .hear('a', 'b', [vote(1)]);
      it.say('a', 'b', about('yield', 1, 1), prepare(1, { token: 9 }));
      it.hear('a', 'b', [prepare(4), vote(1, { of: 2 })]).grant('a', 1);
      it.hear('a', 'b', [about('inquire', 1, 2), vote(1, { of: 2 }), live(4)]);
      it.say('a', 'b', vote(5, { after: [it.round('b', 4)] }));
    });
    expect(goals).toEqual([
      'a claim was granted',
      'a held claim gained a vote',
      'a question came too late to be answered',
      'a token was raised',
      'a vote waited for another round',
      'a vote was given back',
      'a voter left recovery after a lease',
      'an entry was ended by not being named',
    ]);
  });

  test('see restarts: votes forgotten, older entries, held claims told', () => {
    const goals = witnessed((it) => {
      it.tellVoting('a')
        .link('a', 'b')
        .hear('a', 'b', [prepare(1)])
        .say('a', 'b', vote(1));
      it.restart('b');
      it.link('a', 'b').kill('a');
      it.restart('a');
    });
    expect(goals).toContain('a voter forgot votes');
    expect(goals).toContain('a voter kept entries of an older incarnation');
    const told = witnessed((it) => {
      it.link('a', 'b').hear('a', 'b', [prepare(1, { committed: true })]);
    });
    expect(told).toContain('a voter was asked while it was in recovery');
    expect(told).toContain('a held claim was told to a voter in recovery');
    expect(witnessed((it) => it.link('a', 'b').hear('a', 'b', [decided('abort', 1)]))).toEqual([]);
  });

  test('count, and take what only effects show', () => {
    let goals: Goals | undefined;
    const it = new MadeUp((setup, books) => {
      goals = new Goals(setup.world, books);
      return goals;
    });
    it.tellVoting('a')
      .link('a', 'b')
      .hear('a', 'b', [prepare(1)]);
    it.pass(1_000).step('a', { type: 'wake' }).ask('a', 1).grant('a', 1);
    expect(goals?.countOf('a session expired with entries in it')).toBe(1);
    expect(goals?.countOf('a claim was granted')).toBe(1);
    expect(goals?.countOf('a claim timed out')).toBe(0);
    expect(it.world.effects.all()).toEqual({ 'leases expired': 1 });
  });
});
