/**
 * Who leads in the elections that this peer observes (rule 8.7): what each voter has said last, and
 * what this peer's own claims tell.
 */

import { noStamp } from './clock.ts';
import { Groups } from './groups.ts';
import { later, type PeerId, type Stamp, type TimeMs, timeMs } from './ids.ts';
import type { Leader, Leading, Observe } from './leading.ts';
import type { MeshOptions } from './options.ts';
import type { LeaderChanged, LeaderView } from './output.ts';
import { Table } from './table.ts';

/** What one voter, or this peer as a coordinator, has said last. */
export interface LeaderWord {
  readonly token: Stamp;
  readonly leader: Leading | null;
  /** How long it counts: Infinity while whoever said it is linked. */
  readonly until: TimeMs;
}

/** What is known of an election. */
export interface ObservedElection {
  readonly name: string;
  /** `null` is this peer as a coordinator. */
  readonly words: Map<PeerId | null, LeaderWord>;
  shown: LeaderView | null;
  /** Of the last that was shown: a later one has a greater token. */
  floor: Stamp;
  /** The greatest that is known to have ended. */
  ended: Stamp;
}

/** Plain data: moments are relative to the time of the snapshot. */
export type LeadersSnapshot = readonly (Omit<ObservedElection, 'words'> & {
  readonly words: readonly (readonly [PeerId | null, LeaderWord])[];
})[];

const never: TimeMs = timeMs(Number.POSITIVE_INFINITY);

export class Leaders {
  readonly #leaseMs: number;
  readonly #voters: readonly PeerId[];
  readonly #groups: Groups;
  readonly #post: (to: PeerId, message: Observe) => void;
  readonly #elections = new Table<string, ObservedElection>();
  /** Those whose leader may be another. */
  readonly #changed = new Set<ObservedElection>();
  /** No word ceases to count before this moment. */
  #dueAt: TimeMs = never;

  constructor(
    { leaseMs, replicas, voters }: MeshOptions,
    post: (to: PeerId, message: Observe) => void,
  ) {
    this.#leaseMs = leaseMs;
    this.#voters = voters;
    this.#groups = new Groups(voters, replicas);
    this.#post = post;
  }

  /** How many elections are observed. */
  get size(): number {
    return this.#elections.size;
  }

  /** When a word ceases to count; Infinity when none will. */
  get dueAt(): TimeMs {
    return this.#dueAt;
  }

  observe(name: string, floor: Stamp): void {
    if (this.#elections.has(name)) return;
    this.#elections.set(name, { name, words: new Map(), shown: null, floor, ended: noStamp });
    for (const voter of this.#votersOf(name)) {
      this.#post(voter, { type: 'observe', name, isOn: true });
    }
  }

  unobserve(name: string): void {
    const election = this.#elections.delete(name);
    if (election === undefined) return;
    this.#changed.delete(election);
    for (const voter of this.#votersOf(name)) {
      this.#post(voter, { type: 'observe', name, isOn: false });
    }
  }

  /** A voter has greeted: what it kept for an earlier link it has forgotten. */
  tellAll(voter: PeerId): void {
    for (const name of this.#elections.keys()) {
      if (!this.#votersOf(name).includes(voter)) continue;
      this.#post(voter, { type: 'observe', name, isOn: true });
    }
  }

  /** What it said counts for one more lease: until then it may well be so. */
  onUnlinked(voter: PeerId, now: TimeMs): void {
    const until = later(now, this.#leaseMs);
    for (const { words } of this.#elections.values()) {
      const word = words.get(voter);
      if (word === undefined || word.until !== never) continue;
      words.set(voter, { ...word, until });
      if (until < this.#dueAt) this.#dueAt = until;
    }
  }

  onLeader(voter: PeerId, { name, token, leader }: Leader): void {
    const election = this.#elections.get(name);
    if (election !== undefined) this.#hear(election, voter, { token, leader, until: never });
  }

  /** A claim of this peer leads. */
  lead(name: string, token: Stamp, leader: Leading): void {
    const election = this.#elections.get(name);
    if (election !== undefined) this.#hear(election, null, { token, leader, until: never });
  }

  /** A claim of this peer, which led with that token, does no more. */
  end(name: string, token: Stamp): void {
    const election = this.#elections.get(name);
    if (election !== undefined) this.#hear(election, null, { token, leader: null, until: never });
  }

  /** Time has passed: some words no longer count. */
  advance(now: TimeMs): void {
    if (now < this.#dueAt) return;
    this.#dueAt = never;
    for (const election of this.#elections.values()) {
      for (const [voter, { until }] of election.words) {
        if (until <= now) {
          election.words.delete(voter);
          this.#changed.add(election);
        } else if (until < this.#dueAt) this.#dueAt = until;
      }
    }
  }

  /** What has changed since the last time. */
  take(): readonly LeaderChanged[] {
    if (this.#changed.size === 0) return none;
    const outputs: LeaderChanged[] = [];
    for (const election of this.#changed) {
      const leader = leaderOf(election);
      if (leader?.token === election.shown?.token) continue;
      election.shown = leader;
      if (leader !== null) election.floor = leader.token;
      outputs.push({ type: 'leader', name: election.name, leader });
    }
    this.#changed.clear();
    return outputs;
  }

  snapshot(now: TimeMs): LeadersSnapshot {
    return [...this.#elections.values()].map((election) => ({
      ...election,
      words: [...election.words].map(([voter, word]) => {
        return [voter, { ...word, until: timeMs(word.until - now) }] as const;
      }),
    }));
  }

  restore(snapshot: LeadersSnapshot, now: TimeMs): void {
    for (const { words: saved, ...election } of snapshot) {
      const words = new Map<PeerId | null, LeaderWord>();
      for (const [voter, word] of saved) {
        const until = later(word.until, now);
        words.set(voter, { ...word, until });
        if (until < this.#dueAt) this.#dueAt = until;
      }
      this.#elections.set(election.name, { ...election, words });
    }
  }

  #hear(election: ObservedElection, from: PeerId | null, word: LeaderWord): void {
    election.words.set(from, word);
    if (word.leader === null && word.token > election.ended) election.ended = word.token;
    this.#changed.add(election);
  }

  #votersOf(name: string): readonly PeerId[] {
    const { seats } = this.#groups.groupOf(name);
    return this.#voters.filter((_, seat) => seats.includes(seat));
  }
}

/** Who was granted last, of those that are not known to have ended. */
function leaderOf({ words, floor, ended }: ObservedElection): LeaderView | null {
  let last: LeaderView | null = null;
  for (const { token, leader } of words.values()) {
    if (leader === null || token < floor || token <= ended) continue;
    if (last === null || token > last.token) last = { ...leader, token };
  }
  return last;
}

const none: readonly LeaderChanged[] = Object.freeze([]);
