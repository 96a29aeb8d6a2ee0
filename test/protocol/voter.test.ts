/** The voter against a naive reading of its rules: any sequence of messages, the same votes. */

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Abort,
  generation,
  incarnation,
  type Message,
  peerId,
  type Release,
  type Resource,
  type RoundNumber,
  roundId,
  roundNumber,
  type Stamp,
  stamp,
  timeMs,
  type Vote,
} from '../../src/protocol/index.ts';
import { Voter } from '../../src/protocol/voter.ts';
import { type NaiveEntry, type NaiveVote, NaiveVoter } from '../harness/naive-voter.ts';
import { nodeOptions } from '../harness/node-options.ts';
import { asPrepare } from '../harness/prepare.ts';

const peers = ['b', 'c', 'd'].map((id) => ({ peer: peerId(id), incarnation: incarnation(1) }));
const now = timeMs(1);

/** A step picks an entry by its place, counted around. */
const pick = { place: fc.nat(1_000) };

const anyResources: fc.Arbitrary<Resource[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('x', 'y', 'z'),
    mode: fc.constantFrom<Resource['mode']>('exclusive', 'exclusive', 'shared'),
  }),
  { minLength: 1, selector: ({ name }) => name },
);

const exclusive = anyResources.map((some) => some.map(({ name }) => exclusively(name)));
const wait = fc.constant('wait' as const);
const steal = fc.constant('steal' as const);
const terms = {
  type: fc.constant('prepare' as const),
  peer: fc.nat(2),
  ticket: fc.integer({ min: 1, max: 1_000 }),
};
const prepare = fc.oneof(
  { weight: 3, arbitrary: fc.record({ ...terms, resources: anyResources, patience: wait }) },
  { weight: 1, arbitrary: fc.record({ ...terms, resources: exclusive, patience: steal }) },
);

const anyStep = fc.oneof(
  { weight: 4, arbitrary: prepare },
  fc.record({ type: fc.constant('raise' as const), ...pick, by: fc.integer({ min: 0, max: 500 }) }),
  fc.record({ type: fc.constant('commit' as const), ...pick }),
  fc.record({ type: fc.constant('share' as const), ...pick }),
  fc.record({ type: fc.constant('yield' as const), ...pick }),
  fc.record({ type: fc.constant('late yield' as const), ...pick }),
  fc.record({ type: fc.constant('end' as const), ...pick }),
  fc.record({ type: fc.constant('live' as const), peer: fc.nat(2), keeps: fc.array(fc.boolean()) }),
  fc.record({ type: fc.constant('expire' as const), peer: fc.nat(2) }),
);

type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

/** Both voters, fed with the same steps. */
class Pair {
  readonly voter: Voter;
  readonly naive: NaiveVoter;
  /** The last thing said of each round. */
  readonly said = new Map<string, Message>();
  readonly inquiries: string[] = [];
  revocations = 0;
  /** Rounds that their owners have ended, with the token if held: all peers hear of it. */
  readonly #heard = new Map<string, number>();
  #rounds = 0;

  constructor(lookAhead: number) {
    const options = nodeOptions({ allowSteal: true }, { lookAhead });
    this.naive = new NaiveVoter(lookAhead);
    this.voter = new Voter(options, (to, message) => this.#note(to.peer, message));
    for (const from of peers) this.voter.openSession(from, timeMs(1_000));
    this.voter.leaveRecovery(stamp(0), now);
  }

  take(step: Step): void {
    if (step.type === 'prepare') return this.#prepare(step);
    if (step.type === 'live') return this.#live(step.peer, step.keeps);
    if (step.type === 'expire') return this.#expire(step.peer);
    const { entries } = this.naive;
    const entry = entries[step.place % Math.max(1, entries.length)];
    if (entry === undefined) return;
    this.#takeFor(entry, step);
  }

  #prepare({ peer, resources, ticket, patience }: Extract<Step, { type: 'prepare' }>): void {
    const from = senderAt(peer);
    this.#rounds += 1;
    const round = roundNumber(this.#rounds);
    const id = roundId(from.peer, from.incarnation, round);
    const stamps = { ticket: stamp(ticket), token: stamp(ticket) };
    const entry = { id, peer: from.peer, round, resources, patience, ...stamps };
    this.voter.onPrepare(from, asPrepare({ ...entry, committed: false }), now);
    this.naive.prepare(entry);
  }

  #takeFor(entry: NaiveEntry, step: Extract<Step, { place: number }>): void {
    const from = { peer: entry.peer, incarnation: incarnation(1) };
    const kept = [...this.voter.entries()].find(({ id }) => id === entry.id);
    switch (step.type) {
      case 'raise':
        entry.token = stamp(entry.token + step.by);
        this.naive.told(entry);
        return this.voter.onPrepare(from, asPrepare(entry), now);
      case 'commit':
        this.naive.commit(entry);
        return this.voter.onCommit(
          from,
          { type: 'commit', round: entry.round, token: entry.token },
          now,
        );
      case 'share': {
        if (!entry.committed) return;
        this.naive.told(entry);
        this.naive.share(entry);
        return this.voter.onPrepare(from, asPrepare(entry), now);
      }
      case 'yield':
        // Only the undecided yield.
        if (entry.committed || kept?.generation === 0 || kept === undefined) return;
        this.naive.yield(entry);
        return this.voter.onYield(
          from,
          { type: 'yield', round: entry.round, generation: kept.generation },
          now,
        );
      case 'late yield':
        return this.voter.onYield(
          from,
          { type: 'yield', round: entry.round, generation: generation(1_000_000) },
          now,
        );
      case 'end': {
        const token = entry.committed ? entry.token : null;
        this.naive.end(entry, token);
        this.#heard.set(entry.id, token ?? 0);
        const { round } = entry;
        const message = token === null ? abort(round) : release(round, token);
        return this.voter.onEnd(from, message, now);
      }
    }
  }

  #live(peer: number, keeps: readonly boolean[]): void {
    const from = senderAt(peer);
    const own = this.naive.entries.filter((entry) => entry.peer === from.peer);
    const kept = own.filter((_, index) => keeps[index] === true);
    for (const entry of own) if (!kept.includes(entry)) this.naive.end(entry, entry.token);
    const rounds = kept.map(({ round }) => round);
    const range = { first: roundNumber(1), last: roundNumber(Math.max(1, this.#rounds)) };
    this.voter.onLive(from, { type: 'live', ...range, rounds }, now);
  }

  /** All of one peer's entries go at once, as if nothing had been heard of it for a lease. */
  #expire(peer: number): void {
    const from = senderAt(peer);
    for (const entry of this.naive.entries.filter((each) => each.peer === from.peer)) {
      this.naive.end(entry, entry.token);
    }
    this.voter.openSession(from, now);
    expect(this.voter.expire(now).map((sender) => sender.peer)).toEqual([from.peer]);
    this.voter.openSession(from, timeMs(1_000));
  }

  #note(to: string, message: Message): void {
    if (message.type === 'revoke') this.revocations += 1;
    if (message.type !== 'vote' && message.type !== 'queued' && message.type !== 'inquire') return;
    const id = `${to}/1/${message.round.toString(36)}`;
    if (message.type === 'inquire') this.inquiries.push(`${id} ${message.generation}`);
    else this.said.set(id, message);
  }

  /**
   * A vote names those ahead, in any order, since those that do not conflict have none; and besides
   * only whose owners have said that they ended.
   */
  #checkWaits({ after }: Vote, answer: NaiveVote): void {
    if (answer.after.length === 0) assert.deepEqual(after, []);
    assert.deepEqual(after.filter((id) => !this.#heard.has(id)).sort(), [...answer.after].sort());
  }

  /** Whether the owners know what they should; plainly asserted, since it is asked so often. */
  check(): void {
    assert.equal(this.voter.size, this.naive.entries.length);
    for (const entry of this.naive.entries) {
      const answer = this.naive.answerTo(entry);
      const said = this.said.get(entry.id);
      assert.equal(said?.type, answer.type);
      if (said?.type !== 'vote' || answer.type !== 'vote') continue;
      assert.equal(said.token, entry.token);
      this.#checkWaits(said, answer);
      // What it need not have been told, it reckons itself: the tokens of those that it waited for.
      const heard = said.after.map((id) => this.#heard.get(id) ?? 0);
      assert.ok(Math.max(said.floor, ...heard) >= answer.floorEnded);
      if (answer.floorMin >= entry.token) assert.ok(said.floor >= answer.floorMin);
      assert.ok(said.floor <= answer.floorMax, `${said.floor} <= ${answer.floorMax}`);
    }
    const kept = new Map([...this.voter.entries()].map((entry) => [entry.id, entry]));
    for (const entry of this.naive.entries) {
      const { id, inquired } = entry;
      assert.equal(kept.get(id)?.inquired, inquired, id);
      if (this.naive.isStolen(entry)) assert.ok(kept.get(id)?.revoked, id);
    }
  }
}

describe('Voter', () => {
  test('votes as a naive reading of the rules would', () => {
    let votes = 0;
    let queued = 0;
    let inquiries = 0;
    let revocations = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(anyStep, { minLength: 30, maxLength: 80 }),
        (n, steps) => {
          const pair = new Pair(n);
          for (const step of steps) {
            pair.take(step);
            pair.check();
          }
          for (const { type } of pair.said.values()) type === 'vote' ? votes++ : queued++;
          inquiries += pair.inquiries.length;
          revocations += pair.revocations;
        },
      ),
      { numRuns: 100 },
    );
    expect(votes).toBeGreaterThan(200);
    expect(queued).toBeGreaterThan(20);
    expect(inquiries).toBeGreaterThan(20);
    expect(revocations).toBeGreaterThan(20);
  });

  test('says nothing twice: only what has changed is said again', () => {
    const pair = new Pair(8);
    const said: Message[] = [];
    const voter = new Voter(nodeOptions(), (_, message) => said.push(message));
    const [from = senderAt(0)] = peers;
    voter.openSession(from, timeMs(1_000));
    voter.leaveRecovery(stamp(0), now);
    for (const round of [1, 2]) {
      const entry = { round: roundNumber(round), ticket: stamp(round), token: stamp(round) };
      const resources: Resource[] = [{ name: `${round}`, mode: 'exclusive' }];
      voter.onPrepare(from, asPrepare({ ...entry, resources, committed: false }), now);
    }
    voter.onCommit(from, { type: 'commit', round: roundNumber(1), token: stamp(1) }, now);
    voter.onEnd(from, { type: 'release', round: roundNumber(1), token: stamp(1) }, now);
    expect(said.map(({ type }) => type)).toEqual(['vote', 'vote']);
    expect(pair.said.size).toBe(0);
  });

  test('casts no vote while it is in recovery', () => {
    fc.assert(
      fc.property(fc.array(prepare, { maxLength: 20 }), (steps) => {
        const said: Message[] = [];
        const voter = new Voter(nodeOptions(), (_, message) => said.push(message));
        for (const from of peers) voter.openSession(from, timeMs(1_000));
        for (const [index, { peer, resources, ticket }] of steps.entries()) {
          const stamps = { ticket: stamp(ticket), token: stamp(ticket) };
          const entry = { round: roundNumber(index + 1), resources, ...stamps };
          const committed = index % 3 === 0;
          voter.onPrepare(senderAt(peer), asPrepare({ ...entry, committed }), now);
        }
        expect(said.filter(({ type }) => type !== 'queued')).toEqual([]);
        expect(said).toHaveLength(steps.length);
      }),
    );
  });
});

function exclusively(name: string): Resource {
  return { name, mode: 'exclusive' };
}

function senderAt(index: number): (typeof peers)[number] {
  return peers[index] ?? { peer: peerId('none'), incarnation: incarnation(1) };
}

function abort(round: RoundNumber): Abort {
  return { type: 'abort', round };
}

function release(round: RoundNumber, token: Stamp): Release {
  return { type: 'release', round, token };
}
