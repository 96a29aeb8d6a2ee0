/**
 * Whoever asks for suspects finds every round that is lost by then, and none is lost before the
 * moment that is told: against a look at each round, over random lives of some hundred.
 */

import { describe, expect, test } from 'vitest';
import {
  claimId,
  generation,
  incarnation,
  type LeaseTimeMs,
  leaseTimeMs,
  roundNumber,
  sessionNumber,
  stamp,
  timeMs,
} from '../../src/protocol/ids.ts';
import { Losses } from '../../src/protocol/losses.ts';
import type { Ballot, Round } from '../../src/protocol/round.ts';
import { Random } from '../harness/random.ts';

const seats = [0, 1, 2];

/** Who may be asked: all in one group, or two groups of two. */
const electorates = [
  [seats],
  [
    [0, 1],
    [1, 2],
  ],
  [
    [0, 1],
    [0, 2],
  ],
].map((groups) => ({
  groups: groups.map((of) => ({ mask: of.reduce((mask, seat) => mask + 2 ** seat, 0), seats: of })),
  seats,
}));

class Lives {
  readonly #random: Random;
  readonly #rounds: Round[] = [];
  /** Until when the votes of each session count; the last of each seat is the present one. */
  readonly #limits: number[][] = seats.map(() => [20]);
  readonly #losses: Losses;
  #last = 0;
  #lossAt = 0;
  now = 0;
  /** How many were with their like, and not looked at. */
  spared = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.#losses = new Losses({
      roundsAfter: (number) => this.#rounds.filter((each) => each.number > number).reverse(),
      validUntil: (round) => this.validUntil(round),
    });
  }

  /** The second latest limit of the group where that is soonest, or the end of its longest hold. */
  validUntil({ ballots, electorate, phase }: Round): LeaseTimeMs {
    const untils = electorate.groups.map((group) => {
      const limits = group.seats.flatMap((seat) => {
        const { vote = null } = ballots[seat] ?? {};
        if (vote === null || vote.pending.length > 0) return [];
        return [this.#limits[seat]?.[vote.session] ?? 0];
      });
      return limits.sort((one, other) => other - one)[1] ?? Number.NEGATIVE_INFINITY;
    });
    if (phase.state === 'held') untils.push(phase.maxHoldUntil);
    return leaseTimeMs(Math.min(...untils));
  }

  step(): void {
    const at = this.#random.below(10);
    if (at < 3) this.#ask();
    else if (at < 6) this.#grant();
    else if (at === 6) this.#vote();
    else if (at === 7) this.#end(this.#any());
    else if (at === 8) this.#renew();
    else this.#pass();
  }

  #any(isIt: (round: Round) => boolean = () => true): Round | undefined {
    const among = this.#rounds.filter(isIt);
    return among[this.#random.below(Math.max(1, among.length))];
  }

  #electorate(): Round['electorate'] {
    const drawn = electorates[this.#random.below(electorates.length)];
    if (drawn === undefined) throw new Error('there is one of each number');
    return drawn;
  }

  #ask(): void {
    this.#last += 1;
    this.#rounds.push({
      number: roundNumber(this.#last),
      claim: claimId(this.#last),
      resources: [],
      electorate: this.#electorate(),
      watchers: [],
      begun: true,
      ticket: stamp(1),
      patience: 'wait',
      maxHoldMs: Number.POSITIVE_INFINITY,
      waitUntil: timeMs(Number.POSITIVE_INFINITY),
      token: stamp(1),
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
      ballots: [],
      phase: { state: 'undecided', unansweredSince: null },
    });
  }

  /** By two votes of the present sessions, if these count. */
  #grant(): void {
    const round = this.#any(({ phase }) => phase.state === 'undecided');
    if (round === undefined) return;
    const without = this.#random.below(4);
    for (const seat of seats) if (seat !== without) round.ballots[seat] = this.#ballotAt(seat);
    const isBounded = this.#random.below(4) === 0;
    const bound = isBounded ? this.now + 1 + this.#random.below(30) : Number.POSITIVE_INFINITY;
    round.phase = { state: 'held', maxHoldUntil: leaseTimeMs(bound) };
    const until = this.validUntil(round);
    if (until <= this.now) this.#end(round);
    else this.#lossAt = Math.min(this.#lossAt, until);
  }

  /** A vote is another than before: of the present session, or of none that counts. */
  #vote(): void {
    const round = this.#any(({ phase }) => phase.state === 'held');
    if (round === undefined) return;
    const seat = this.#random.below(seats.length);
    round.ballots[seat] = this.#random.below(3) === 0 ? undefined : this.#ballotAt(seat);
    this.#losses.reconsider(round);
    const until = this.validUntil(round);
    if (until <= this.now) this.#end(round);
    else this.#lossAt = Math.min(this.#lossAt, until);
  }

  /** One session goes on, or another begins. */
  #renew(): void {
    const limits = this.#limits[this.#random.below(seats.length)] ?? [];
    const limit = this.now + 10 + this.#random.below(20);
    if (this.#random.below(5) === 0) limits.push(limit);
    else limits[limits.length - 1] = Math.max(limit, limits.at(-1) ?? 0);
  }

  #pass(): void {
    this.now += this.#random.below(8);
    const isLost = (round: Round): boolean =>
      round.phase.state === 'held' && this.validUntil(round) <= this.now;
    const lost = this.#rounds.filter(isLost);
    if (this.now < this.#lossAt) {
      expect(lost).toEqual([]);
      return;
    }
    const suspects = this.#losses.suspects(leaseTimeMs(this.now));
    expect(suspects.filter(isLost)).toEqual(lost);
    this.spared += this.#rounds.filter(({ phase }) => phase.state === 'held').length;
    this.spared -= suspects.length;
    for (const round of lost) this.#end(round);
    this.#lossAt = this.#losses.settle();
    for (const round of this.#rounds) {
      if (round.phase.state !== 'held') continue;
      expect(this.validUntil(round)).toBeGreaterThanOrEqual(this.#lossAt);
    }
  }

  #end(round: Round | undefined): void {
    if (round === undefined) return;
    this.#rounds.splice(this.#rounds.indexOf(round), 1);
    this.#losses.remove(round);
    round.phase = { state: 'over' };
  }

  #ballotAt(seat: number): Ballot {
    const session = sessionNumber((this.#limits[seat]?.length ?? 1) - 1);
    const vote = {
      incarnation: incarnation(1),
      session,
      generation: generation(1),
      token: stamp(1),
      pending: [],
      floor: stamp(0),
    };
    const yielded = generation(0);
    return { answer: 'voted', current: true, vote, yielded, ahead: 0, holders: [] };
  }
}

describe('losses', () => {
  test('are found by those that are suspects, and by no look too late', () => {
    let spared = 0;
    for (let seed = 1; seed <= 200; seed += 1) {
      const lives = new Lives(seed);
      for (let step = 0; step < 400; step += 1) lives.step();
      spared += lives.spared;
    }
    expect(spared).toBeGreaterThan(1_000);
  });
});
