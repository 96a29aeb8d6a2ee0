/** However many wait for one key, each event looks at few of them: counted, not timed. */

import { describe, expect, test } from 'vitest';
import {
  generation,
  incarnation,
  type Message,
  peerId,
  type Resource,
  type RoundNumber,
  roundNumber,
  stamp,
  timeMs,
} from '../../src/protocol/index.ts';
import { Voter } from '../../src/protocol/voter.ts';
import { watchLooks } from '../harness/looks.ts';
import { nodeOptions } from '../harness/node-options.ts';

const from = { peer: peerId('b'), incarnation: incarnation(1) };
const now = timeMs(1);

/** A voter with a queue on one key, whose entries count how often they are looked at. */
class Crowd {
  readonly said: Message[] = [];
  looks = 0;
  readonly #voter: Voter;
  #last = 0;

  constructor() {
    const options = nodeOptions({}, { waitersMax: 20_000 });
    this.#voter = new Voter(options, (_, message) => this.said.push(message));
    this.#voter.openSession(from, timeMs(1_000));
    this.#voter.leaveRecovery(stamp(0), now);
  }

  /** @param lateMs by how much its ticket is older than its turn */
  join(mode: Resource['mode'] = 'exclusive', lateMs: number = 0): RoundNumber {
    this.#last += 1;
    const round = roundNumber(this.#last);
    const ticket = stamp(1_000 + 10 * (this.#last - lateMs));
    this.#voter.onPrepare(
      from,
      {
        type: 'prepare',
        round,
        resources: [{ name: 'x', mode }],
        ticket,
        token: ticket,
        committed: false,
        patience: 'wait',
        maxHoldMs: Number.POSITIVE_INFINITY,
        lingers: false,
        value: null,
      },
      now,
    );
    const entry = this.#voter.entryOf(from, round);
    if (entry !== undefined) {
      watchLooks(entry, () => {
        this.looks += 1;
      });
    }
    return round;
  }

  commit(round: RoundNumber): void {
    this.#voter.onCommit(from, { type: 'commit', round, token: stamp(1_000 + 10 * round) }, now);
  }

  release(round: RoundNumber): void {
    this.#voter.onEnd(from, { type: 'release', round, token: stamp(1_000 + 10 * round) }, now);
  }

  abort(round: RoundNumber): void {
    this.#voter.onEnd(from, { type: 'abort', round }, now);
  }

  giveBack(round: RoundNumber): void {
    const given = this.#voter.entryOf(from, round)?.generation ?? generation(0);
    this.#voter.onYield(from, { type: 'yield', round, generation: given }, now);
  }

  /** Gives back whatever is asked for, the last asked first, until nothing is. */
  giveAllBack(): void {
    let answered = 0;
    while (answered < this.said.length) {
      const asked = this.said.slice(answered).reverse();
      answered = this.said.length;
      for (const message of asked) {
        if (message.type !== 'inquire') continue;
        this.#voter.onYield(from, { ...message, type: 'yield' }, now);
      }
    }
  }

  /** The newest rounds, and so the first by ticket where each comes with a smaller one. */
  newest(count: number): string[] {
    const rounds = Array.from({ length: count }, (_, index) => this.#last - index);
    return rounds.map((round) => `b/1/${round.toString(36)}`);
  }

  /** How often entries are looked at while something happens. */
  looksOf(run: () => void): number {
    const before = this.looks;
    run();
    return this.looks - before;
  }
}

function crowdOf(waiters: number, mode: Resource['mode'] = 'exclusive'): Crowd {
  const crowd = new Crowd();
  for (let waiter = 0; waiter < waiters; waiter += 1) crowd.join(mode);
  return crowd;
}

/** Twenty grants from the front, each with a newcomer at the end. */
function turns(crowd: Crowd): void {
  for (let round = 1; round <= 20; round += 1) {
    crowd.commit(roundNumber(round));
    crowd.release(roundNumber(round));
    crowd.join();
  }
}

describe('With 10,000 waiters', () => {
  test('a grant costs hardly more looks than with 10', () => {
    const few = crowdOf(10);
    const many = crowdOf(10_000);
    const looks = many.looksOf(() => turns(many));
    // A newcomer far behind names holders, which are looked for among the first.
    expect(looks).toBeLessThan(few.looksOf(() => turns(few)) + 20 * 48);
    expect(few.looks).toBeGreaterThan(20);
    const votes = many.said.filter((message) => message.type === 'vote' && message.round === 20);
    expect(votes.at(-1)).toMatchObject({ after: [] });
  });

  test('giving up in the middle costs few looks', () => {
    const crowd = crowdOf(10_000);
    const looks = crowd.looksOf(() => {
      for (let round = 5_000; round < 5_020; round += 1) crowd.abort(roundNumber(round));
    });
    expect(looks).toBeLessThan(20 * 40);
  });

  test('those who come late cost few looks, and pass who has no vote without asking', () => {
    const crowd = crowdOf(10_000);
    const looks = crowd.looksOf(() => {
      for (let late = 0; late < 100; late += 1) crowd.join('exclusive', 5_000);
    });
    // The first is looked for, the others stand near it.
    expect(looks).toBeLessThan(7 * 5_000 + 100 * 200);
    expect(crowd.said.filter((message) => message.type === 'inquire')).toEqual([]);
    const back = crowd.looksOf(() => crowd.join('exclusive'));
    expect(back).toBeLessThan(100);
  });

  test('of the first come only those with votes are asked to give way, whatever comes', () => {
    const crowd = new Crowd();
    const looks = crowd.looksOf(() => {
      // Each has the smallest ticket so far.
      for (let turn = 0; turn < 10_000; turn += 1) crowd.join('exclusive', 2 * turn);
      crowd.giveAllBack();
    });
    expect(looks).toBeLessThan(10_000 * 100);
    const asked = crowd.said.filter((message) => message.type === 'inquire');
    expect(asked.length).toBe(9);
    expect(crowd.said.length).toBeLessThan(10_000 + 300);
    const votes = crowd.said.filter(({ type }) => type === 'vote');
    expect(votes.at(-1)).toMatchObject({ after: crowd.newest(8) });
    expect(votes.length).toBeLessThan(9 * 9);
  });

  test('the first that comes late has each of those with votes asked once', () => {
    const crowd = crowdOf(100);
    crowd.join('exclusive', 1_000);
    crowd.giveAllBack();
    const asked = crowd.said.filter(({ type }) => type === 'inquire');
    expect(asked).toHaveLength(9);
    turns(crowd);
    expect(crowd.said.filter(({ type }) => type === 'inquire')).toHaveLength(9);
  });

  test('readers that end one by one cost few looks each, with a writer behind them', () => {
    const crowd = crowdOf(10_000, 'shared');
    crowd.join();
    const looks = crowd.looksOf(() => {
      for (let round = 1; round <= 100; round += 1) {
        crowd.commit(roundNumber(round));
        crowd.release(roundNumber(round));
      }
    });
    expect(looks).toBeLessThan(100 * 60);
  });
});
