/**
 * How the rounds of one peer stand in each other's way, however many there are: against the naive
 * way, which is to look at all of them.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excludes, isExclusive } from '../../src/protocol/claim.ts';
import { claimId, leaseTimeMs, roundNumber, stamp, timeMs } from '../../src/protocol/ids.ts';
import type { Mode, Patience, Resource } from '../../src/protocol/message.ts';
import { isCommitted, type Phase, type Round } from '../../src/protocol/round.ts';
import { RoundsByName } from '../../src/protocol/rounds-by-name.ts';

const phases: Readonly<Record<'undecided' | 'held' | 'lingering', Phase>> = {
  undecided: { state: 'undecided', unansweredSince: null },
  held: { state: 'held', maxHoldUntil: leaseTimeMs(Number.POSITIVE_INFINITY) },
  lingering: { state: 'lingering', until: timeMs(Number.POSITIVE_INFINITY) },
};

function roundOf(number: number, resources: readonly Resource[], patience: Patience): Round {
  return {
    ...{ number: roundNumber(number), claim: claimId(number), resources, patience },
    ...{ electorate: { groups: [], seats: [] }, watchers: [], begun: true },
    ...{ ticket: stamp(number), token: stamp(number), span: 1, given: 0 },
    ...{
      maxHoldMs: Number.POSITIVE_INFINITY,
      lingerMs: 0,
      value: null,
      contended: false,
      holding: [],
      probes: 0,
      alternatives: [],
      probeAt: timeMs(Number.POSITIVE_INFINITY),
      heed: 'unasked',
      ballots: [],
    },
    ...{ waitUntil: timeMs(Number.POSITIVE_INFINITY), phase: phases.undecided },
  };
}

function conflict(one: Round, resources: readonly Resource[]): boolean {
  return one.resources.some((own) => {
    return resources.some((other) => own.name === other.name && excludes(own, other));
  });
}

/** Looks at all, in the order asked. */
class Naive {
  readonly rounds: Round[] = [];

  hasOlderUndecided(round: Round): boolean {
    return this.rounds.some((other) => {
      const isOlder = other.number < round.number && other.phase.state === 'undecided';
      const isPassed = round.patience === 'steal' && other.patience !== 'steal';
      return isOlder && !isPassed && conflict(other, round.resources);
    });
  }

  committedAgainst(resources: readonly Resource[]): Round[] {
    return this.rounds.filter((round) => isCommitted(round) && conflict(round, resources));
  }

  /** Those that nobody else keeps waiting may be next, and others do no harm. */
  mustBeNext(decided: Round): Round[] {
    return this.rounds.filter((other) => {
      const waits = other.phase.state === 'undecided' && other.number > decided.number;
      return waits && conflict(other, decided.resources) && !this.hasOlderUndecided(other);
    });
  }
}

const mode = fc.constantFrom<Mode[]>('shared', 'shared', 'shared', 'exclusive');
const resources = fc
  .array(fc.record({ name: fc.constantFrom('x', 'x', 'x', 'y'), mode }), { minLength: 1 })
  .map((some) => some.filter(({ name }, at) => some.findIndex((r) => r.name === name) === at));
const act = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      resources,
      patience: fc.constantFrom(...Array<Patience>(9).fill('wait'), 'steal'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('grant', 'linger', 'resume', 'end', 'share'),
      at: fc.nat(1_000),
    }),
  },
);

/** Takes one of the rounds in some state, or of all. */
function pick(rounds: readonly Round[], at: number, state?: Phase['state']): Round | undefined {
  const some = rounds.filter(({ phase }) => state === undefined || phase.state === state);
  return some[at % Math.max(1, some.length)];
}

test('what is stolen on one name makes nobody look at all that wait on another', () => {
  const byName = new RoundsByName();
  const x: readonly Resource[] = [{ name: 'x', mode: 'exclusive' }];
  const thief = roundOf(1, [{ name: 'y', mode: 'exclusive' }], 'steal');
  byName.add(thief);
  for (let number = 2; number < 20; number += 1) byName.add(roundOf(number, x, 'wait'));
  expect(byName.nextAfter(roundOf(1, x, 'wait'))).toHaveLength(1);
  const other = roundOf(20, x, 'steal');
  byName.add(other);
  expect(byName.nextAfter(roundOf(1, x, 'wait'))).toHaveLength(19);
  byName.remove(other);
  expect(byName.nextAfter(roundOf(1, x, 'wait'))).toHaveLength(1);
});

test('they stand as in the naive way, whatever comes and goes', () => {
  let most = 0;
  const acts = fc.array(act, { minLength: 50, maxLength: 400, size: 'max' });
  const property = fc.property(acts, (all) => {
    const naive = new Naive();
    const byName = new RoundsByName();
    for (const [index, each] of all.entries()) {
      if (each.do === 'ask') {
        const against = byName.committedAgainst(each.resources);
        expect(new Set(against)).toEqual(new Set(naive.committedAgainst(each.resources)));
        const round = roundOf(index + 1, each.resources, each.patience);
        naive.rounds.push(round);
        byName.add(round);
      } else change(naive, byName, each);
      for (const round of naive.rounds.slice(-3)) {
        expect(byName.hasOlderUndecided(round)).toBe(naive.hasOlderUndecided(round));
      }
      most = Math.max(most, naive.rounds.length);
    }
  });
  fc.assert(property, { numRuns: 40, seed: 6 });
  expect(most).toBeGreaterThan(100);
});

function change(naive: Naive, byName: RoundsByName, act: { do: string; at: number }): void {
  const { rounds } = naive;
  if (act.do === 'grant') {
    const round = pick(rounds, act.at, 'undecided');
    // As the coordinator has it: nobody passes one that was asked for before and conflicts.
    const isFree = round !== undefined && naive.committedAgainst(round.resources).length === 0;
    if (!isFree || naive.hasOlderUndecided(round)) return;
    round.phase = phases.held;
    const next = new Set(byName.nextAfter(round));
    expect(naive.mustBeNext(round).filter((each) => !next.has(each))).toEqual([]);
    return;
  }
  if (act.do === 'linger') {
    const round = pick(rounds, act.at, 'held');
    if (round === undefined || round.patience === 'steal') return;
    round.phase = phases.lingering;
    byName.linger(round);
    expect(byName.lingeringFor(round.resources)?.phase.state).toBe('lingering');
    return;
  }
  if (act.do === 'share') {
    const round = pick(rounds, act.at, 'held');
    if (round !== undefined) byName.share(round);
    expect(round?.resources.some(isExclusive) ?? false).toBe(false);
    return;
  }
  if (act.do === 'resume') {
    const round = pick(rounds, act.at, 'lingering');
    if (round === undefined) return;
    round.phase = phases.held;
    byName.resume(round);
    return;
  }
  const round = pick(rounds, act.at);
  if (round === undefined) return;
  rounds.splice(rounds.indexOf(round), 1);
  const names = new Set(round.resources.map(({ name }) => name));
  const hasOthers = rounds.some((other) => other.resources.some(({ name }) => names.has(name)));
  expect(byName.remove(round)).toBe(hasOthers);
}
